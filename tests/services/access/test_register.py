"""One suite for the register in memory and the one in PostgreSQL: steps, pages, the past."""

from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from services.access.errors import (
    AccessionOverlaps,
    DeliberationMoved,
    LegalContextOwned,
    OfficesMixed,
    RequestReused,
    VersionAltered,
)
from services.access.model import (
    Accession,
    ActVersion,
    Office,
    ProposedAccession,
    Request,
    Standing,
)
from services.access.rules.snapshots import compile_snapshot
from services.access.store import document
from services.access.store.postgres import PostgresStore
from services.access.store.register import PostgresRegister
from services.access.store.sample import PostgresSample
from services.concepts.period import Period
from services.kit.postgres import pool
from tests.support.deliberations import (
    TODAY,
    WELFARE,
    FakeStore,
    deliberation,
    general,
)

FIRST = ActVersion("IVC/KSZG/98/001", 1)


class Both:
    """The store of the owner, and the register and the sample of the service."""

    def __init__(self, store, register, sample):
        self.store, self.register, self.sample = store, register, sample


@asynccontextmanager
async def in_postgres(postgres):
    database = await postgres.migrated("access")
    async with (
        pool(database.owner_dsn, name="access-load") as owner,
        pool(database.dsn, name="access") as service,
    ):
        yield Both(PostgresStore(owner), PostgresRegister(service), PostgresSample(service))


@pytest.fixture(params=["fake", "postgres"])
async def held(request):
    if request.param == "fake":
        fake = FakeStore()
        yield Both(fake, fake, fake)
        return
    async with in_postgres(request.getfixturevalue("postgres")) as both:
        yield both


def asking(operator="one", digest="d", request_id=None):
    return Request(request_id or uuid4(), digest, operator, "rpc")


def deciding(member="member"):
    return Request(uuid4(), "d", member, "rpc", Office.COMMITTEE)


def proposal(**changed):
    return deliberation(**{"status": "PROPOSED", **changed})


async def test_a_proposal_stands_there_with_who_made_it(held):
    text = replace(proposal(), moved_by="one")
    await held.register.propose(asking(), text)

    (found,) = await held.register.of_number(FIRST.number)

    assert (found, found.moved_by) == (text, "one")
    assert [move.standing for move in found.moves] == [Standing.PROPOSED]
    assert not found.enacted


async def test_a_step_moves_it_from_where_it_was_seen(held):
    await held.register.propose(asking(), proposal())
    await held.register.move(asking("two"), FIRST, Standing.PROPOSED, Standing.IN_FORCE, TODAY)

    (found,) = await held.register.of_number(FIRST.number)
    assert (found.standing, found.enacted, found.moved_by) == (Standing.IN_FORCE, True, "two")
    with pytest.raises(DeliberationMoved):
        await held.register.move(asking("two"), FIRST, Standing.PROPOSED, Standing.WITHDRAWN, TODAY)


async def test_a_request_is_taken_once(held):
    await held.register.propose(asking(), proposal())
    again = asking("two")
    for _ in range(2):
        await held.register.move(again, FIRST, Standing.PROPOSED, Standing.IN_FORCE, TODAY)

    assert await held.register.taken(again)
    assert not await held.register.taken(asking())
    with pytest.raises(RequestReused):
        await held.register.taken(replace(again, content_digest="other"))
    (found,) = await held.register.of_number(FIRST.number)
    assert len(found.moves) == 2


async def test_a_step_that_fails_is_not_taken(held):
    await held.register.propose(asking(), proposal())
    late = asking()
    with pytest.raises(DeliberationMoved):
        await held.register.move(late, FIRST, Standing.IN_FORCE, Standing.SUSPENDED, TODAY)

    assert not await held.register.taken(late)


async def test_one_proposal_to_a_number_at_a_time(held):
    await held.register.propose(asking(), proposal())

    with pytest.raises(DeliberationMoved):
        await held.register.propose(asking(), proposal(version=2, valid_from="2026-04-01"))


async def test_a_proposal_cannot_alter_a_text_or_take_a_legal_context(held):
    await held.register.propose(asking(), proposal())

    with pytest.raises(VersionAltered):
        await held.register.propose(asking(), proposal(retention_days=7))
    with pytest.raises(LegalContextOwned):
        await held.register.propose(asking(), proposal(number="IVC/KSZG/98/002"))


async def test_pages_show_what_was_enacted_and_proposals_to_those_who_may(held):
    await held.store.enact([deliberation(), proposal(version=2, valid_from="2026-04-01")])
    other = deliberation(number="IVC/KSZG/98/002", legal_contexts=["PCSW:OTHER"])
    await held.store.enact([other])

    async def page(after, most, context="", proposals=False):
        found = await held.register.page(after, most, legal_context=context, proposals=proposals)
        return [(one.number[-3:], one.version) for one in found]

    start = ActVersion("", 0)
    assert await page(start, 9) == [("001", 1), ("002", 1)]
    assert await page(start, 2, proposals=True) == [("001", 1), ("001", 2)]
    assert await page(FIRST, 9, proposals=True) == [("001", 2), ("002", 1)]
    assert await page(start, 9, "PCSW:OTHER") == [("002", 1)]
    assert await page(start, 9, "PCSW:NOBODY") == []


async def test_accessions_are_added_and_given_an_end(held):
    act = document.read(general())
    await held.store.enact([act])
    whole = Accession(WELFARE, Period(TODAY), "by-law")
    ended = replace(whole, period=Period(TODAY, TODAY))
    number = act.number
    await acceded(held, number, whole)
    await held.register.end_accession(asking(), number, ended)

    assert (await held.register.of_number(number))[0].accessions == (ended,)
    await acceded(held, number, whole)
    assert (await held.register.of_number(number))[0].accessions == (whole,)
    later = replace(whole, period=Period(TODAY.replace(year=2027)))
    with pytest.raises(AccessionOverlaps):
        await acceded(held, number, later)


async def acceded(held, number, accession):
    await held.register.propose_accession(asking(), number, accession)
    proposed = ProposedAccession(accession, "one")
    await held.register.enact_accession(deciding(), number, proposed)


async def test_only_the_accession_that_was_seen_is_enacted(held):
    act = document.read(general())
    await held.store.enact([act])
    seen = Accession(WELFARE, Period(TODAY, TODAY), "by-law")
    await held.register.propose_accession(asking(), act.number, seen)
    revision = await held.store.revision()
    changed = replace(seen, period=Period(TODAY))
    await held.register.propose_accession(asking("other"), act.number, changed)

    with pytest.raises(DeliberationMoved):
        await held.register.enact_accession(deciding(), act.number, ProposedAccession(seen, "one"))
    (text,) = await held.register.of_number(act.number)
    assert text.proposed_accessions == (ProposedAccession(changed, "other"),)
    assert (text.accessions, await held.store.revision()) == ((), revision)


async def test_a_person_acts_in_one_office(held):
    assert await held.register.office_of("one") is None
    await held.register.propose(asking(), proposal())
    mixed = replace(deciding(), operator="one")

    with pytest.raises(OfficesMixed):
        await held.register.move(mixed, FIRST, Standing.PROPOSED, Standing.IN_FORCE, TODAY)

    assert await held.register.office_of("one") is Office.BANK
    (text,) = await held.register.of_number(FIRST.number)
    assert text.standing is Standing.PROPOSED


async def test_every_set_that_ever_was_can_be_restored(held):
    act = document.read(general())
    seen = []

    async def note():
        now = await held.store.holdings()
        seen.append((now.revision, compile_snapshot(now.deliberations, now.revision).version))

    await note()
    await held.store.enact([act])
    await note()
    await acceded(held, act.number, Accession(WELFARE, Period(TODAY), "by-law"))
    await note()
    key = ActVersion(act.number, 1)
    await held.register.move(asking(), key, Standing.IN_FORCE, Standing.SUSPENDED, TODAY)
    await note()
    await held.register.move(asking(), key, Standing.SUSPENDED, Standing.WITHDRAWN, TODAY)
    await note()

    assert len({version.partition("-")[2] for _, version in seen}) == 5
    for revision, version in seen:
        past = await held.register.holdings_at(revision)
        assert compile_snapshot(past.deliberations, revision).version == version


async def test_counts_what_was_asked_and_forgets_it(held):
    earlier = TODAY.replace(day=1)
    await held.sample.count(TODAY, {b"a": 2, b"b": 1})
    await held.sample.count(TODAY, {b"a": 3})
    await held.sample.count(earlier, {b"a": 4})

    assert await held.sample.most_asked(2) == [(TODAY, b"a", 5), (earlier, b"a", 4)]
    await held.sample.purge(TODAY)
    assert await held.sample.most_asked(9) == [(TODAY, b"a", 5), (TODAY, b"b", 1)]


async def test_a_day_that_is_full_takes_no_new_questions_and_counts_those_it_has(held):
    held.sample.most_a_day = 2
    await held.sample.count(TODAY, {b"a": 5})
    await held.sample.count(TODAY, {b"b": 3, b"c": 1, b"d": 1})
    await held.sample.count(TODAY, {b"a": 1, b"e": 9})

    found = await held.sample.most_asked(9)
    assert len(found) == 2
    assert found[0] == (TODAY, b"a", 6)
