"""A sandbox starts again on its own state, whatever was done on it, and has kept it."""

from dataclasses import dataclass, field

import asyncpg
import pytest
import pytest_asyncio

from sandbox.country import Country, Options
from services.mesh import databases
from tests.architecture.project import SERVICES, callers
from tests.mesh.acts import ACTS, SEEDED
from tests.mesh.asking import DISABLED, consult, outcome, question, until_it_answers
from tests.support.collector import collecting
from tests.support.scratch import scratch
from tests.support.waiting import until

READING = (
    *("Attach", "Check", "Compare", "Consult", "DryRun", "Explain", "Get", "List", "Locate"),
    *("Preview", "Replay", "Resolve", "Search", "Stream", "Verify", "Watch", "What"),
)
"""The verbs with which the RPCs begin that change nothing."""
MOVING = {
    # Where the process is with its work, and what it read last.
    "audit": {"log_state", "span", "ground"},
    "identification": {"replacement"},
    "directory": {"organization", "revision", "followed"},
    # Where a source listens is registered at every start anew; acts are recorded after.
    "registry": {"head", "act"},
    "rights": {"followed"},
    "buffer": {"followed"},
    # A content goes once nobody waits for it; who attaches is told every few seconds.
    "routing": {"event_content", "attachment"},
}
"""What moves on by itself, by database."""
CROSSED = {"routing", "directory", "identification", "access", "audit"}
"""The services through which a consultation goes."""
_TABLES = """
select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
"""


async def test_every_public_rpc_that_changes_something_is_among_the_acts():
    public = {
        rpc
        for service in SERVICES
        for rpc, who in callers(service).items()
        if who & {"gateway", "operator", "committee"}
        if not rpc.rpartition("/")[2].startswith(READING)
    }

    assert public - {"cbss.audit.v1.AuditService/RecordExchanges"} == set(ACTS)


@pytest.fixture(scope="module")
def options():
    with scratch("again") as folder:
        yield Options(state=folder / "state", free_ports=True)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def kept(options):
    """A sandbox on which every act was done, stopped: what its databases held then."""
    async with Country.up(options) as country:
        await until_it_answers(country)
        for act in ACTS.values():
            await act(country)
        await until(lambda: followed(country))
        return await held(country)


@dataclass
class Again:
    """What a sandbox held, said and traced that was started again."""

    told: list = field(default_factory=list)
    held: dict = field(default_factory=dict)
    replaced: object = None
    found: object = None
    spans: list = field(default_factory=list)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def again(kept, options):
    """The sandbox started again, with its traces on, and stopped."""
    seen = Again()
    async with collecting() as collector:
        tracing = Options(
            options.state, free_ports=True, tell=seen.told.append, traces=collector.address
        )
        async with Country.up(tracing) as country:
            await until_it_answers(country)
            seen.held = await held(country)
            seen.replaced = await consult(country, question(SEEDED))
            seen.found = await consult(country)
        # Who stops sends what it has not sent yet.
        seen.spans = list(collector.spans())
    return seen


@pytest.mark.mesh
async def test_after_every_act_it_starts_again_serves_and_has_kept_them(kept, again):
    lost = {
        one: len(rows - again.held[one]) for one, rows in kept.items() if rows - again.held[one]
    }
    assert lost == {}
    assert outcome(again.replaced) == "NO_RESULT MSG00006"
    assert not [line for line in again.told if "reads otherwise" in line]


@pytest.mark.mesh
async def test_every_call_is_one_trace_through_all_services_at_the_collector(again):
    traces = {}
    for span in again.spans:
        traces.setdefault(span.trace, []).append(span)
    consulting = [
        spans for spans in traces.values() if any(one.name.endswith("/Consult") for one in spans)
    ]

    assert outcome(again.found) == "DATA_FOUND MSG00000"
    whole = [spans for spans in consulting if {one.service for one in spans} >= CROSSED]
    assert whole
    for spans in whole:
        known = {one.span for one in spans}
        # The first is its own beginning, or the client's; everybody else was called from within.
        assert len([one for one in spans if one.parent not in known]) == 1


@pytest.mark.mesh
async def test_no_trace_says_whom_a_call_was_about(again):
    assert again.spans
    assert not [one.name for one in again.spans for ssin in (DISABLED, SEEDED) if ssin in one.text]


async def followed(country):
    """Whether all who keep something of persons have followed every replacement of a number."""
    last = await value(country, "identification", "select max(sequence) from replacement")
    return all(
        [
            await value(country, name, "select sequence from followed") >= last
            for name in ("directory", "rights", "buffer")
        ]
    )


async def value(country, service, statement):
    connection = await asyncpg.connect((country.state.secrets / f"{service}-owner.dsn").read_text())
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def held(country):
    """The rows of every table, as texts, by database and table."""
    found = {}
    for name in databases():
        dsn = (country.state.secrets / f"{name}-owner.dsn").read_text()
        connection = await asyncpg.connect(dsn)
        try:
            for (table,) in await connection.fetch(_TABLES):
                if table not in MOVING.get(name, ()):
                    rows = await connection.fetch(f'select t::text as row from "{table}" t')
                    found[name, table] = {row["row"] for row in rows}
        finally:
            await connection.close()
    return found
