"""What access does costs by what it is given, not by all that is there; and never on the loop."""

import hashlib
import json
import threading

import asyncpg
import pytest
from cbss.access.v1 import deliberation_service_pb2 as pb

from services.access.model import Holdings
from services.access.rules.snapshots import compile_snapshot
from services.access.store import document, lines
from services.access.store.postgres import SQL, PostgresStore
from services.access.store.register import PostgresRegister
from services.access.store.sample import PostgresSample
from services.kit.postgres import pool
from tests.support.administering import asked, draft, proposing
from tests.support.deliberations import TODAY, deliberation

DAY = TODAY


@pytest.fixture
async def database(postgres):
    return await postgres.migrated("access")


def questions(first, number):
    return {f"question {at}".encode(): 1 for at in range(first, first + number)}


async def rows_read(connection, given):
    """How many rows the statement reads of the sample for what it is given."""
    digests = sorted(hashlib.sha256(one).digest() for one in given)
    arguments = (DAY, digests, digests, [1] * len(digests), 10_000)
    text = await connection.fetchval(
        f"explain (analyze, format json) {SQL.count_asked}", *arguments
    )
    pending, read = [json.loads(text)[0]["Plan"]], 0
    while pending:
        node = pending.pop()
        pending += node.get("Plans", ())
        if node.get("Relation Name") == "asked" and "Scan" in node["Node Type"]:
            read += (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node[
                "Actual Loops"
            ]
    return read


@pytest.mark.parametrize("first", [0, 1_000_000], ids=["known", "new"])
async def test_questions_are_counted_without_counting_the_day_for_each(database, first):
    connection = await asyncpg.connect(database.dsn)
    async with pool(database.dsn, name="access") as connections:
        await PostgresSample(connections).count(DAY, questions(0, 10_000))
    owner = await asyncpg.connect(database.owner_dsn)
    await owner.execute("analyze asked")

    read = await rows_read(connection, questions(first, 1000))

    # The day once for the room that is left, and what was given once by its key or beside the day.
    assert 0 < read <= 2 * 10_000 + 1000
    await connection.close()
    await owner.close()


async def test_twenty_thousand_questions_of_a_day_fill_it_and_no_more(database):
    async with pool(database.dsn, name="access") as connections:
        sample = PostgresSample(connections)
        for first in (0, 5_000, 0):
            await sample.count(DAY, questions(first, 20_000))
        found = await sample.most_asked(30_000)

    assert len(found) == 10_000
    assert max(times for _, _, times in found) == 3


class Apart:
    """Notes whether work was done beside the loop."""

    def __init__(self, monkeypatch, place, name):
        self.threads = set()
        work = getattr(place, name)

        def noted(*arguments, **named):
            self.threads.add(threading.current_thread() is threading.main_thread())
            return work(*arguments, **named)

        monkeypatch.setattr(place, name, noted)

    @property
    def beside(self):
        return self.threads == {False}


async def test_a_written_form_is_read_beside_the_loop(one, monkeypatch):
    reading = Apart(monkeypatch, lines, "plain")

    await one.ProposeDeliberation(proposing())
    await one.CompareDeliberation(pb.CompareDeliberationRequest(document=draft()))
    await one.DryRunDeliberation(pb.DryRunDeliberationRequest(document=draft()))

    assert reading.beside


async def test_texts_of_the_store_are_read_beside_the_loop(database, monkeypatch):
    async with (
        pool(database.owner_dsn, name="load", most=1) as owner,
        pool(database.dsn, name="access") as service,
    ):
        await PostgresStore(owner).enact([deliberation()])
        reading = Apart(monkeypatch, document, "read")
        register = PostgresRegister(service)
        number = deliberation().number
        reading.threads.clear()

        assert await register.of_number(number)
        assert (await register.holdings_at(await PostgresStore(service).revision())).deliberations
        assert (await PostgresStore(service).holdings()).deliberations

    assert reading.beside


class Past:
    """A history of sets, which counts how often one is restored."""

    def __init__(self, sets):
        self.texts = [(deliberation(retention_days=at + 1),) for at in range(sets)]
        self.restored = []

    async def holdings_at(self, revision):
        self.restored.append(revision)
        return Holdings(self.texts[revision - 1], revision)

    def versions(self):
        return [compile_snapshot(texts, at).version for at, texts in enumerate(self.texts, 1)]


async def test_a_replay_restores_each_set_once_however_decisions_are_mixed(serving, one):
    past = Past(8)
    object.__setattr__(serving.examinations, "history", past)
    day = asked().period.begin_date
    decisions = [
        pb.LoggedDecision(question=asked(), day=day, snapshot_version=version)
        for _ in range(20)
        for version in past.versions()
    ]

    answer = await one.ReplayDecisions(pb.ReplayDecisionsRequest(decisions=decisions))

    assert len(answer.outcomes) == 160
    assert pb.REPLAY_OUTCOME_SET_UNKNOWN not in {outcome.outcome for outcome in answer.outcomes}
    assert sorted(past.restored) == list(range(1, 9))


async def test_what_is_really_asked_is_read_beside_the_loop_when_a_draft_is_tried(
    serving, one, store, monkeypatch
):
    await store.count(DAY, {asked().SerializeToString(): 1})
    reading = Apart(monkeypatch, type(serving.examinations.form), "question")

    await one.DryRunDeliberation(pb.DryRunDeliberationRequest(document=draft()))

    assert reading.beside
