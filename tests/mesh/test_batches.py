"""A welfare centre asks about many persons at once, through the edge; whoever is killed meanwhile,
every item has one effect."""

import asyncio
import json
import os
from contextlib import asynccontextmanager, suppress
from random import Random
from uuid import uuid4

import grpc
import pytest
from cbss.common.v1 import information_pb2, organization_pb2
from cbss.data.v1 import handicap_pb2
from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import batch_service_pb2 as pb
from cbss.routing.v1 import batch_service_pb2_grpc as rpc

from sandbox.organizations import organizations
from tests.mesh.asking import (
    DISABLED,
    MOTHER,
    NOBODY,
    consult,
    outcome,
    question,
    reason,
    until_it_answers,
)
from tests.support.commanding import cbss_beside
from tests.support.trail import Trail
from tests.support.waiting import until

PURPOSE = "SANDBOX:REFERENCE_MESSAGES"
PATIENCE = float(os.environ.get("CBSS_KILLS_PATIENCE", "300"))
"""Seconds; on a slow machine processes take long to start again."""
SOME = 2000
ITEMS = int(os.environ.get("CBSS_KILLS_ITEMS", SOME))
"""How many items the batch has during which everybody is killed; more in a campaign."""
SEED = int(os.environ.get("CBSS_KILLS_SEED", "14"))
"""In which order they are killed."""
KILLED = [
    *("batches-worker", "batches", "directory", "identification", "access", "audit", "sequencer"),
    *("dgph", "valkey", "postgres"),
]
UNDER_WAY = (batch_pb2.BATCH_STATE_WAITING, batch_pb2.BATCH_STATE_RUNNING)


def information(ticket=None, who="pcsw-ghent"):
    customer = organization_pb2.Organization(cbe_number=organizations()[who].cbe_number)
    return information_pb2.InformationCustomer(
        ticket=ticket or str(uuid4()), customer_identification=customer
    )


@asynccontextmanager
async def batches(mesh, who="pcsw-ghent"):
    """The service of batches as an institution calls it."""
    async with mesh.institution(who).channel() as channel:
        yield rpc.BatchServiceStub(channel)


async def submit(mesh, *ssins, ticket=None, purpose=PURPOSE, contract="HANDICAP", criteria=None):
    header = batch_pb2.BatchHeader(
        information_customer=information(ticket), legal_context=purpose, data_contract=contract
    )
    if criteria is not None:
        header.criteria.Pack(criteria)

    async def parts():
        yield pb.SubmitBatchRequest(header=header)
        for start in range(0, len(ssins), 1000):
            items = [batch_pb2.BatchItem(ssin=one) for one in ssins[start : start + 1000]]
            yield pb.SubmitBatchRequest(items=pb.BatchItems(items=items))

    async with batches(mesh) as stub:
        return await stub.SubmitBatch(parts(), timeout=PATIENCE)


async def get(mesh, key):
    async with batches(mesh) as stub:
        request = pb.GetBatchRequest(information_customer=information(), batch_id=key)
        return (await stub.GetBatch(request, timeout=30)).batch


async def until_done(mesh, key):
    """Wait until a batch is done, whoever is away meanwhile."""

    async def done():
        try:
            return (await get(mesh, key)).state == batch_pb2.BATCH_STATE_DONE
        except grpc.aio.AioRpcError:
            return False

    await until(done, patience=PATIENCE)


async def given_up(mesh):
    """A batch that its customer gave up before anybody worked on it."""
    await mesh.stop("batches-worker")
    try:
        taken = await submit(mesh, DISABLED)
        async with batches(mesh) as stub:
            request = pb.CancelBatchRequest(
                information_customer=information(), batch_id=taken.batch.batch_id
            )
            return (await stub.CancelBatch(request, timeout=30)).batch
    finally:
        await mesh.start("batches-worker")


async def results_of(mesh, key):
    """All results, page by page."""
    found, token = [], ""
    async with batches(mesh) as stub:
        while True:
            request = pb.ListBatchResultsRequest(
                information_customer=information(), batch_id=key, page_size=300, page_token=token
            )
            page = await stub.ListBatchResults(request, timeout=30)
            found += page.results
            token = page.next_page_token
            if not token:
                return found


async def lines_of(trail, key):
    """How it ended for each person, as the trail says: the status codes."""
    return [one.status_code for one in await trail.of_ticket(key) if one.stage == 7]


async def heads_of(trail, key):
    """The records that head the batch: stage and count."""
    records = await trail.of_ticket(key)
    return [(one.stage, one.subjects_count) for one in records if one.stage != 7]


async def test_a_batch_is_answered_in_order_and_the_trail_has_every_person(mesh, trail):
    taken = await submit(mesh, DISABLED, "no number", NOBODY, MOTHER, DISABLED)
    key = taken.batch.batch_id
    await until_done(mesh, key)
    results = await results_of(mesh, key)
    async with batches(mesh) as stub:
        stream = stub.StreamBatchResults(
            pb.StreamBatchResultsRequest(information_customer=information(), batch_id=key)
        )
        streamed = [one async for message in stream for one in message.results]

    assert outcome(taken) == "RESPONSE_IN_BATCH CBSS00001"
    assert [one.position for one in results] == [*range(5)]
    assert [one.status.code for one in results][:3] == ["MSG00000", "MSG00011", "MSG00005"]
    assert results[4].status.code == "MSG00000"
    file = handicap_pb2.HandicapFile()
    assert any(one.data.Unpack(file) for one in results[0].results)
    assert streamed == results
    assert await heads_of(trail, key) == [(1, 5), (2, 5)]
    assert len(await lines_of(trail, key)) == 4


async def test_what_no_deliberation_allows_in_batches_is_refused(mesh, trail):
    refused = await submit(mesh, DISABLED, purpose="PCSW:LIVING_WAGE_MEANS_TEST")

    assert outcome(refused) == "NO_RESULT MSG00013"
    assert not refused.HasField("batch")
    assert await trail.stages(refused.information_cbss.ticket_cbss) == ["REFUSAL"]


async def test_a_ticket_is_of_one_batch(mesh):
    ticket = str(uuid4())
    first = await submit(mesh, DISABLED, ticket=ticket)
    again = await submit(mesh, DISABLED, ticket=ticket)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await submit(mesh, DISABLED, MOTHER, ticket=ticket)

    assert again.repeated_batch
    assert again.batch.batch_id == first.batch.batch_id
    assert reason(refused.value) == "TICKET_REUSED"


async def test_a_batch_is_given_up_and_nobody_elses(mesh):
    canceled = await given_up(mesh)
    async with batches(mesh, "pcsw-liege") as stub:
        request = pb.GetBatchRequest(
            information_customer=information(who="pcsw-liege"), batch_id=canceled.batch_id
        )
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.GetBatch(request, timeout=30)

    assert canceled.state == batch_pb2.BATCH_STATE_CANCELED
    assert reason(refused.value) == "BATCH_UNKNOWN"


async def test_a_consultation_is_answered_in_a_batch_where_that_is_wanted(mesh):
    asked = question(context=PURPOSE, results_action="RESULTS_ACTION_BATCH_ONLY")
    refused = await consult(mesh, question(results_action="RESULTS_ACTION_BATCH_ONLY"))
    # The database of batches is opened for the first.
    answer = await consult(mesh, asked, timeout=20)
    await until_done(mesh, answer.batch_id)
    (result,) = await results_of(mesh, answer.batch_id)

    assert (outcome(refused), refused.batch_id) == ("NO_RESULT MSG00013", "")
    assert (outcome(answer), len(answer.results)) == ("RESPONSE_IN_BATCH CBSS00001", 0)
    assert (result.ssin.ssin, result.status.code) == (DISABLED, "MSG00000")


async def test_the_command_hands_over_waits_and_writes_results(mesh, tmp_path):
    file, out = tmp_path / "numbers.csv", tmp_path / "results.jsonl"
    file.write_text(f"{DISABLED},first\nno number,second\n{MOTHER}\n")
    asked = ("--legal-context", PURPOSE, "--data-contract", "HANDICAP")
    profile = ("--profile", mesh.state.profile)

    done = await cbss_beside(
        *("batch", "submit", "pcsw-ghent", file, *asked, "--wait", "--json", *profile)
    )
    key = json.loads(done.stdout)["batch_id"]
    shown = await cbss_beside("batch", "status", "pcsw-ghent", key, *profile)
    read = await cbss_beside("batch", "results", "pcsw-ghent", key, "--out", out, *profile)
    canceled = await cbss_beside("batch", "cancel", "pcsw-ghent", key, *profile)

    assert [one.exit_code for one in (done, shown, read, canceled)] == [0, 0, 0, 0]
    assert "done: 3 of 3" in shown.output
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["reference"] for one in lines] == ["first", "second", ""]
    assert [one["status"]["code"] for one in lines][:2] == ["MSG00000", "MSG00011"]


async def test_what_the_command_may_not_ask_it_says(mesh, tmp_path):
    file = tmp_path / "numbers.csv"
    file.write_text(f"{DISABLED}\n")
    refused = await cbss_beside(
        *("batch", "submit", "pcsw-ghent", file, "--profile", mesh.state.profile),
        *("--legal-context", "PCSW:LIVING_WAGE_MEANS_TEST", "--data-contract", "HANDICAP"),
    )

    assert refused.exit_code == 1
    assert "MSG00013" in refused.stderr


async def killed_all_in_turn(mesh, random):
    """Everybody whom a batch goes through was killed once, in some order."""
    for name in random.sample(KILLED, len(KILLED)):
        await mesh.stop(name, kill=True)
        await mesh.start(name)
        await asyncio.sleep(random.uniform(0.1, 1.0))


async def test_whoever_is_killed_each_item_has_one_effect(mesh):
    random = Random(SEED)
    ssins = [DISABLED, NOBODY, "no number", MOTHER] * (ITEMS // 4)
    taken = await submit(mesh, *ssins)
    key = taken.batch.batch_id
    await killed_all_in_turn(mesh, random)
    while ITEMS > SOME and (await until_told(mesh, key)).state in UNDER_WAY:
        await killed_all_in_turn(mesh, random)
    await until_done(mesh, key)
    results = await results_of(mesh, key)

    assert [one.position for one in results] == [*range(ITEMS)]
    assert {one.status.code for one in results[0::4]} <= {"MSG00000"}
    assert {one.status.code for one in results[1::4]} == {"MSG00005"}
    assert {one.status.code for one in results[2::4]} == {"MSG00011"}
    async with Trail.of(mesh) as trail:
        assert len(await lines_of(trail, key)) == ITEMS // 4 * 3
        assert await heads_of(trail, key) == [(1, ITEMS), (2, ITEMS)]
    await until_it_answers(mesh)


async def until_told(mesh, key):
    """How far a batch is, once somebody says so."""
    found = []

    async def told():
        with suppress(grpc.aio.AioRpcError):
            found.append(await get(mesh, key))
        return bool(found)

    await until(told, patience=PATIENCE)
    return found[-1]
