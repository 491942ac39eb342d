"""Batches from the first item to the last result: checked, recorded and counted as a consultation
is, and whoever dies in between, each item has one effect."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from cbss.common.v1 import status_pb2
from cbss.routing.v1 import batch_pb2

from services.concepts.decision import Denied
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.subject import SubjectKind
from services.kit.errors import PeerUnavailable
from services.routing.batches import rules, wire
from services.routing.batches.model import BatchState, Chunk
from tests.services.routing import examples as ex
from tests.services.routing.batches.examples import Country, Killed, person

PERSONS = [person(number) for number in range(1, 8)]


def codes(results):
    return [one.status.code for one in results]


async def test_results_stand_in_the_order_of_the_items_with_an_outcome_each(country):
    replaced, gone, nobodys = person(20), person(21), person(22)
    country.mesh.became = {
        replaced: ResolvedSsin(SsinState.REPLACED, replaced_by=ex.SUCCESSOR),
        gone: ResolvedSsin(SsinState.CANCELED),
    }
    country.mesh.unknown = frozenset({nobodys})
    taken = await country.submit(PERSONS[0], "no number", replaced, gone, nobodys, PERSONS[0])
    await country.work()

    results = await country.results(taken.batch.batch_id)

    assert taken.status.code.code == "CBSS00001"
    assert codes(results) == [
        *("MSG00000", "MSG00011", "MSG00006", "MSG00005", "MSG00012", "MSG00000")
    ]
    assert [one.position for one in results] == [*range(6)]
    assert [one.reference for one in results] == [f"r-{place}" for place in range(6)]
    assert results[1].ssin.ssin == "no number"
    assert results[2].ssin.replaced_by == ex.SUCCESSOR.digits
    assert len(results[0].results) == 2
    batch = await country.readings.get(country.call(), taken.batch.batch_id)
    assert batch.state is BatchState.DONE
    assert sum(batch.counts.values()) == batch.done_count == 6


async def test_the_trail_has_a_head_and_a_line_for_each_person(country):
    taken = await country.submit(*PERSONS, "no number")
    await country.work()

    lines = country.audit.lines()

    assert country.audit.heads() == [("INTENT", 8, ""), ("OUTCOME", 8, "")]
    # Who is no person has no line.
    assert sorted(one.subject_ssin for one in lines) == PERSONS
    assert {one.ticket_cbss for one in lines} == {str(taken.batch.batch_id)}
    assert all(one.deliberation_number == "IVC/KSZG/99/002" for one in lines)
    assert all(len(one.sources) == 2 for one in lines)


async def test_enterprises_are_asked_about_in_batches_too(country):
    about = replace(ex.contract, subject_kind=SubjectKind.ENTERPRISE)
    country.mesh.catalogue = replace(ex.catalogue, contracts={ex.NAME: about})
    told = [
        wire.decode_item(batch_pb2.BatchItem(cbe_number=ex.FIRST.digits), 0),
        wire.decode_item(batch_pb2.BatchItem(cbe_number="no number"), 1),
        wire.decode_item(batch_pb2.BatchItem(ssin=PERSONS[0]), 2),
    ]
    taken = await country.submit(told=told)
    await country.work()

    results = await country.results(taken.batch.batch_id)

    assert codes(results) == ["MSG00000", "MSG00008", "MSG00008"]
    assert results[0].cbe_number == ex.FIRST.digits
    assert results[1].cbe_number == "no number"
    assert not results[0].HasField("ssin")
    assert [one.subject_cbe_number for one in country.audit.lines()][:1] == [ex.FIRST.digits]


async def test_access_is_asked_by_every_chunk_again(country):
    taken = await country.submit(*PERSONS)
    await country.works.step()
    country.mesh.verdict = Denied("DELIBERATION_SUSPENDED", None, "v2")
    await country.work()
    country.mesh.verdict = ex.granted

    results = await country.results(taken.batch.batch_id)

    assert codes(results) == ["MSG00000"] * 3 + ["MSG00013"] * 4


@pytest.mark.parametrize(
    "step",
    [
        "asking",
        "before the answers are kept",
        "after the answers are kept",
        "before it is finished",
        "after it is finished",
    ],
)
async def test_whoever_dies_each_item_has_one_effect(country, step):
    country.mesh.verdict = replace(ex.granted, hourly_quota=100)
    taken = await country.submit(*PERSONS, PERSONS[0])
    country.mesh.dies = step
    await country.work()

    results = await country.results(taken.batch.batch_id)

    assert codes(results) == ["MSG00000"] * 8
    lines = [one.subject_ssin for one in country.audit.lines()]
    assert sorted(lines) == sorted([*PERSONS, PERSONS[0]])
    assert sum(country.quota.counted.values()) == 8
    batch = await country.readings.get(country.call(), taken.batch.batch_id)
    assert (batch.state, batch.done_count) == (BatchState.DONE, 8)
    assert country.audit.heads()[-1] == ("OUTCOME", 8, "")


async def test_what_the_trail_says_and_what_is_read_are_of_one_answer(country):
    taken = await country.submit(PERSONS[0])
    country.mesh.dies = "after the answers are kept"
    with pytest.raises(Killed):
        await country.works.step()
    country.mesh.answer = "MSG00100"
    await country.expire_leases()
    await country.work()

    (result,) = await country.results(taken.batch.batch_id)

    assert result.status.code == "MSG00000"
    assert [one.status_code for one in country.audit.lines()] == ["MSG00000"]


async def test_nothing_can_be_read_before_the_trail_has_it(country):
    taken = await country.submit(*PERSONS[:3])
    country.audit.fault = PeerUnavailable()
    await country.works.step()

    assert await country.results(taken.batch.batch_id) == []
    assert not country.mesh.asked
    country.audit.fault = None
    await country.work()
    assert len(await country.results(taken.batch.batch_id)) == 3


async def test_an_item_that_kills_whoever_works_on_it_is_given_up_alone(country):
    taken = await country.submit(*PERSONS)
    country.mesh.verdict = replace(ex.granted, hourly_quota=100)
    country.mesh.deadly = PERSONS[4]
    await country.work()

    results = await country.results(taken.batch.batch_id)

    assert codes(results) == ["MSG00000"] * 4 + ["CBSS20002"] + ["MSG00000"] * 2
    assert sorted(one.subject_ssin for one in country.audit.lines()) == PERSONS
    batch = await country.readings.get(country.call(), taken.batch.batch_id)
    assert batch.state is BatchState.DONE
    # However often it was tried and divided, each that was asked about counted once.
    assert [place for _, place in sorted(country.quota.counted)] == [0, 1, 2, 3, 5, 6]


async def test_a_peer_that_is_away_costs_no_item(country):
    taken = await country.submit(*PERSONS)
    country.mesh.away = PeerUnavailable()
    for _ in range(20):
        await country.works.step()
    country.mesh.away = None
    await country.work()

    assert codes(await country.results(taken.batch.batch_id)) == ["MSG00000"] * 7


async def test_a_source_that_comes_back_soon_is_asked_again(country):
    taken = await country.submit(PERSONS[0])
    country.mesh.troubles = 3
    await country.work()

    assert codes(await country.results(taken.batch.batch_id)) == ["MSG00000"]


async def test_a_source_that_stays_away_is_told_in_the_end(country):
    taken = await country.submit(*PERSONS)
    country.mesh.troubles = 10_000
    await country.work()

    results = await country.results(taken.batch.batch_id)

    assert {one.status.value for one in results} == {status_pb2.STATUS_VALUE_INCOMPLETE_DATA}
    assert {one.results[0].status.code for one in results} == {"CBSS20001"}
    assert sorted(one.subject_ssin for one in country.audit.lines()) == PERSONS
    assert set(country.mesh.asked.values()) == {2 * 2 * rules.MOST_ATTEMPTS}


async def test_only_those_wait_for_a_source_whom_it_does_not_answer(country):
    taken = await country.submit(*PERSONS[:3])
    country.mesh.silent_about = PERSONS[1]
    await country.work()

    results = await country.results(taken.batch.batch_id)

    assert codes(results) == ["MSG00000", "HAN20200", "MSG00000"]
    assert country.mesh.asked[PERSONS[1]] > 2 * rules.MOST_ATTEMPTS
    assert max(country.mesh.asked[PERSONS[at]] for at in (0, 2)) <= 6
    assert [one.subject_ssin for one in country.audit.lines()].count(PERSONS[0]) == 1


def test_a_chunk_rests_longer_each_time_that_its_sources_are_away():
    chunk = Chunk(ex.exchange.ticket, 0, 1, 0, (), 0)
    rests = [
        rules.rest(replace(chunk, attempt=attempt), timedelta(seconds=1)).total_seconds()
        for attempt in range(1, rules.MOST_ATTEMPTS)
    ]

    assert rests == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert not rules.is_last(replace(chunk, attempt=11))
    assert rules.is_last(replace(chunk, attempt=12))


async def test_who_lost_his_lease_changes_nothing(country):
    taken = await country.submit(PERSONS[0])
    old = await country.bench.take(timedelta(0))
    new = await country.bench.take(timedelta(seconds=30))

    assert new.attempt > old.attempt
    assert not await country.bench.renew(old, timedelta(seconds=30))
    assert not await country.bench.release(old, timedelta(0))
    assert await country.bench.finish(old) is None
    assert await country.bench.renew(new, timedelta(seconds=30))
    assert await country.bench.take(timedelta(0)) is None
    assert taken.batch.done_count == 0


async def test_a_volume_that_is_spent_waits_for_the_next_hour(country):
    country.mesh.verdict = replace(ex.granted, hourly_quota=3)
    country.quota.within = False
    taken = await country.submit(*PERSONS)
    for _ in range(3):
        await country.works.step()

    assert not await country.works.step()
    assert not country.mesh.asked
    country.quota.within = True
    await country.expire_leases()
    await country.work()
    assert codes(await country.results(taken.batch.batch_id)) == ["MSG00000"] * 7


async def test_a_quota_that_became_smaller_than_what_is_asked_together_divides_it(country):
    taken = await country.submit(*PERSONS)
    country.mesh.verdict = replace(ex.granted, hourly_quota=2)
    await country.work()

    assert codes(await country.results(taken.batch.batch_id)) == ["MSG00000"] * 7
    assert sum(country.quota.counted.values()) == 7


def withdraw(country):
    """Let the key of the customer be known no more."""
    known = country.mesh.catalogue.organizations
    centre = replace(ex.centre, public_keys=frozenset())
    country.mesh.catalogue = replace(ex.catalogue, organizations={**known, ex.CENTRE: centre})


async def test_a_batch_whose_key_was_withdrawn_stops(country):
    taken = await country.submit(*PERSONS)
    await country.works.step()
    withdraw(country)
    await country.work()
    country.mesh.catalogue = ex.catalogue

    batch = await country.readings.get(country.call(), taken.batch.batch_id)

    assert (batch.state, batch.done_count) == (BatchState.STOPPED, 3)
    assert country.audit.heads()[-1][2] == "ORGANIZATION_UNKNOWN"


async def test_of_a_batch_that_stops_whoever_was_asked_about_is_on_the_trail(country):
    taken = await country.submit(*PERSONS)
    for step in ("after the answers are kept", "asking"):
        country.mesh.dies = step
        with pytest.raises(Killed):
            await country.works.step()
    withdraw(country)
    await country.expire_leases()
    await country.work()
    country.mesh.catalogue = ex.catalogue

    batch = await country.readings.get(country.call(), taken.batch.batch_id)

    assert (batch.state, batch.done_count) == (BatchState.STOPPED, 3)
    lines = {one.subject_ssin: one.status_code for one in country.audit.lines()}
    assert lines == dict.fromkeys(PERSONS[:3], "MSG00000") | dict.fromkeys(
        PERSONS[3:6], "CBSS20002"
    )


async def test_several_workers_share_a_batch_and_do_nothing_twice(connections):
    country = Country(connections, chunk=2)
    texts = [person(number) for number in range(60)]
    taken = await country.submit(*texts)

    async def lane():
        while await country.works.step():
            pass

    await asyncio.gather(*(lane() for _ in range(4)))
    await country.work()

    assert [one.ssin.ssin for one in await country.results(taken.batch.batch_id)] == texts
    assert set(country.mesh.asked.values()) == {2}
    assert sorted(one.subject_ssin for one in country.audit.lines()) == sorted(texts)
