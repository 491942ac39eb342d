"""A citizen makes the extract of all that is kept about him, through the gateway."""

import asyncio
import json
import sys
from pathlib import Path

import grpc
import pytest
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc

from sandbox.client import Institution
from tests.mesh.asking import question
from tests.support.waiting import until

SSIN = "71713000318"


async def extracted(mesh, out):
    """What `cbss citizen extract` writes, once the log of a mesh just started has signed."""
    card = mesh.vault.citizen(SSIN)
    options = {
        "certificate": card.certificate,
        "key": card.private_key,
        "out": out,
        "language": "fr",
        "state": mesh.state.folder,
    }
    command = Path(sys.executable).with_name("cbss")
    told = [f"--{name}={value}" for name, value in options.items()]

    async def is_written():
        process = await asyncio.create_subprocess_exec(command, "citizen", "extract", *told)
        return await process.wait() == 0

    await until(is_written, patience=2)
    return out / "extract.json", out / "extract-fr.html"


async def test_a_citizen_makes_the_extract_of_all_that_is_kept_about_him(mesh, tmp_path):
    async with Institution.of(mesh.institution("pcsw-ghent")) as institution:
        ticket = (await institution.consult(question())).information_cbss.ticket_cbss

    plain, page = await extracted(mesh, tmp_path / "out")

    told = json.loads(plain.read_text())
    assert told["ssin"] == SSIN
    centres = [one for one in told["files"] if one["cbeNumber"] == institution.cbe_number]
    assert centres
    assert all(one["quality"]["nl"] and one["period"] for one in centres)
    assert "BIM_HOLDER" in {one["factType"] for one in told["facts"]}
    assert all(one["fact"]["de"] and one["supplierName"]["fr"] for one in told["facts"])
    assert ticket in {one["ticketCbss"] for one in told["consultations"]}
    html = page.read_text()
    assert "Qui tient un dossier à votre sujet" in html
    assert institution.cbe_number in html


async def test_each_reading_is_on_the_trail_without_the_card(mesh, trail):
    async with mesh.citizen(SSIN).channel() as channel:
        files, facts = rpc.DirectoryServiceStub(channel), buffer_rpc.BufferServiceStub(channel)
        first = await files.ListMyFiles(pb.ListMyFilesRequest(page_size=1), timeout=5)
        second = await facts.ListMyFacts(buffer_pb.ListMyFactsRequest(page_size=1), timeout=5)

    for ticket, method in (
        (first.ticket_cbss, "ListMyFiles"),
        (second.ticket_cbss, "ListMyFacts"),
    ):
        [record] = await trail.of_ticket(ticket)
        assert record.rpc.endswith(method)
        assert record.client_certificate_sha256 == ""


async def test_an_institution_is_no_citizen(mesh):
    async with mesh.institution("pcsw-ghent").channel() as channel:
        for call, request in (
            (rpc.DirectoryServiceStub(channel).ListMyFiles, pb.ListMyFilesRequest()),
            (buffer_rpc.BufferServiceStub(channel).ListMyFacts, buffer_pb.ListMyFactsRequest()),
        ):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await call(request, timeout=5)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
