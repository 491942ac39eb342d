"""A welfare centre asks by files with vouchers, in their sequence, and gets a file with its voucher
back; through the edge, and by the command."""

import hashlib
import json
from uuid import uuid4

import grpc
import pytest
from cbss.routing.v1 import batch_file_service_pb2 as pb
from cbss.routing.v1 import batch_file_service_pb2_grpc as rpc
from cbss.routing.v1 import batch_pb2, voucher_pb2
from google.protobuf import json_format

from cli.files import write
from tests.mesh.asking import DISABLED, MOTHER, NOBODY, reason
from tests.mesh.test_batches import PATIENCE, PURPOSE, information, until_done
from tests.support.commanding import cbss_beside
from tests.support.scratch import scratch

CONTRACT = "HANDICAP"
ANNOUNCED, VALIDATED, PROCESSED, REJECTED = (
    getattr(voucher_pb2, f"BATCH_FILE_STATE_{name}")
    for name in ("ANNOUNCED", "VALIDATED", "PROCESSED", "REJECTED")
)


def made(number, *ssins, purpose=PURPOSE):
    """A file and its voucher, as the command writes them."""
    header = batch_pb2.BatchHeader(
        information_customer=information(), legal_context=purpose, data_contract=CONTRACT
    )
    items = [batch_pb2.BatchItem(ssin=one) for one in ssins]
    with scratch("file") as folder:
        out = folder / "questions.bin"
        write(out, header, [items], number)
        return out.read_bytes(), (folder / "questions.bin.voucher.json").read_text()


def voucher_of(text):
    return json_format.Parse(text, voucher_pb2.Voucher())


async def get(mesh, number):
    async with mesh.institution("pcsw-ghent").channel() as channel:
        request = pb.GetBatchFileRequest(
            information_customer=information(), data_contract=CONTRACT, sequence_number=number
        )
        return (await rpc.BatchFileServiceStub(channel).GetBatchFile(request, timeout=30)).file


async def next_number(mesh):
    """The first number that has no file."""
    number = 1
    while True:
        try:
            await get(mesh, number)
        except grpc.aio.AioRpcError as refused:
            assert reason(refused) == "FILE_UNKNOWN"
            return number
        number += 1


async def hand_over(mesh, file, voucher, *, content=True):
    """What became of a file."""

    async def parts():
        announced = pb.BatchFileAnnouncement(
            information_customer=information(), voucher=voucher_of(voucher)
        )
        yield pb.SubmitBatchFileRequest(announcement=announced)
        for at in range(0, len(file) if content else 0, 100):
            yield pb.SubmitBatchFileRequest(content=file[at : at + 100])

    async with mesh.institution("pcsw-ghent").channel() as channel:
        stub = rpc.BatchFileServiceStub(channel)
        return (await stub.SubmitBatchFile(parts(), timeout=PATIENCE)).file


async def submit_next(mesh, *ssins):
    """The next file, handed over."""
    return await hand_over(mesh, *made(await next_number(mesh), *ssins))


async def result_file(mesh, key):
    async with mesh.institution("pcsw-ghent").channel() as channel:
        request = pb.StreamResultFileRequest(information_customer=information(), batch_id=key)
        parts = [one async for one in rpc.BatchFileServiceStub(channel).StreamResultFile(request)]
    return b"".join(one.content for one in parts[:-1]), parts[-1].voucher


async def test_a_file_is_announced_taken_processed_and_answered_by_a_file(mesh, trail):
    number = await next_number(mesh)
    file, voucher = made(number, DISABLED, "no number", NOBODY, MOTHER)
    announced = await hand_over(mesh, file, voucher, content=False)
    taken = await hand_over(mesh, file, voucher)
    key = taken.batch.batch_id
    await until_done(mesh, key)
    content, whole = await result_file(mesh, key)

    assert (announced.state, taken.state) == (ANNOUNCED, VALIDATED)
    assert (await get(mesh, number)).state == PROCESSED
    assert (await hand_over(mesh, file, voucher)).batch.batch_id == key
    assert (whole.item_count, whole.byte_count) == (4, len(content))
    assert whole.sha256 == hashlib.sha256(content).hexdigest()
    records = await trail.of_ticket(key)
    assert sorted(one.stage for one in records) == [1, 2, 7, 7, 7]


async def test_what_is_wrong_with_a_file_is_told_and_nothing_of_it_taken(mesh):
    number = await next_number(mesh)
    file, voucher = made(number, DISABLED, MOTHER)
    later, its_voucher = made(number + 2, DISABLED)
    other, other_voucher = made(number, MOTHER)

    with pytest.raises(grpc.aio.AioRpcError) as gap:
        await hand_over(mesh, later, its_voucher)
    rejected = await hand_over(mesh, file[:-5], voucher)
    again = await hand_over(mesh, file, voucher)
    with pytest.raises(grpc.aio.AioRpcError) as reused:
        await hand_over(mesh, other, other_voucher)
    refused = await hand_over(
        mesh, *made(number + 1, DISABLED, purpose="PCSW:LIVING_WAGE_MEANS_TEST")
    )
    taken = await hand_over(mesh, later, its_voucher)

    assert (reason(gap.value), reason(reused.value)) == ("SEQUENCE_GAP", "SEQUENCE_REUSED")
    assert rejected.state == again.state == REJECTED
    assert (rejected.field, rejected.status.code) == ("voucher.byte_count", "MSG00008")
    assert not rejected.HasField("batch")
    assert refused.status.code == "MSG00013"
    assert taken.state == VALIDATED
    await until_done(mesh, taken.batch.batch_id)


async def test_the_command_writes_hands_over_and_fetches_files(mesh, tmp_path):
    number = await next_number(mesh)
    numbers, out = tmp_path / "numbers.csv", tmp_path / "questions.bin"
    numbers.write_text(f"{DISABLED},first\nno number,second\n")
    asked = ("--legal-context", PURPOSE, "--data-contract", CONTRACT)
    profile = ("--profile", mesh.state.profile)
    answers, voucher = tmp_path / "answers.bin", tmp_path / "answers.voucher.json"

    wrote = await cbss_beside(
        *("batch", "write", "pcsw-ghent", numbers, out, "--sequence", number),
        *("--ticket", str(uuid4()), *asked, *profile),
    )
    beside = tmp_path / "questions.bin.voucher.json"
    done = await cbss_beside(
        *("batch", "submit", "pcsw-ghent", out, "--voucher", beside, "--wait", "--json", *profile)
    )
    key = json.loads(done.stdout)["batch"]["batch_id"]
    shown = await cbss_beside(
        *("batch", "file", "pcsw-ghent", number, "--data-contract", CONTRACT, *profile)
    )
    fetched = await cbss_beside(
        *("batch", "results", "pcsw-ghent", key, "--out", answers, "--voucher", voucher, *profile)
    )

    assert [one.exit_code for one in (wrote, done, shown, fetched)] == [0, 0, 0, 0]
    assert "processed" in shown.output
    told = json.loads(voucher.read_text())
    assert told["sha256"] == hashlib.sha256(answers.read_bytes()).hexdigest()
    assert told["item_count"] == 2
