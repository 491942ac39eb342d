"""A directory over a store in memory, behind mutual TLS, and who calls it."""

import hashlib
from contextlib import asynccontextmanager
from datetime import timedelta
from urllib.parse import quote

import grpc
import pytest
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.rpc import error_details_pb2, status_pb2

from sandbox.authority import Authority as Citizenry
from services.admission.usecases import Admission, Operators
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.delays import delays
from services.concepts.failures import FieldViolation
from services.directory.callers import CALLERS
from services.directory.errors import ContractExists, ContractRefused
from services.directory.servicer import DirectoryServicer
from services.directory.usecases import (
    CatalogueKeeper,
    CatalogueMembers,
    Citizens,
    Contracting,
    Directory,
    Registrar,
    Subscribers,
    Verifier,
)
from services.kit.forwarded import HEADER
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.server import Service
from tests.services.directory.examples import (
    CENTRE,
    NATIONAL_REGISTER,
    NETWORK,
    NOW,
    PERSON,
    TODAY,
    contract,
    organization,
    registration,
    source,
)
from tests.services.directory.fakes import Clock, FakePeers, FakeStore
from tests.support.certificates import Authority
from tests.support.server import served, vouching

CITIZENS = Citizenry.founded("test citizens authority")
INSTITUTIONS = Authority("test institutions authority")
CENTRE_PROGRAM = INSTITUTIONS.program(f"NTRBE-{CENTRE.digits}")
KEY = hashlib.sha256(
    CENTRE_PROGRAM.certificate.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
).hexdigest()


class Registry:
    """The registry, which takes every contract but one whose messages it does not find."""

    def __init__(self, store, catalogues):
        self._store, self._catalogues = store, catalogues

    async def register(self, call, contract):
        if contract.name in self._catalogues.current().offers:
            raise ContractExists
        if contract.result_type == "x.Y":
            raise ContractRefused(violations=[FieldViolation("result_type", "is no message")])
        await self._store.store_contracts([contract])
        await self._catalogues.refresh()


@pytest.fixture
async def directory(tmp_path, authority):
    """The service over a store in memory, its catalogue read once."""

    @asynccontextmanager
    async def made():
        store, clock = FakeStore(), Clock()
        await store.store_organizations(
            [organization(public_key_sha256=(KEY,)), source(), organization(NETWORK)]
        )
        await store.store_contracts([contract(), contract(name=ContractName("TRIAL", 2))])
        await store.register([registration(1, quality=2), registration(2, 2)])
        catalogues = CatalogueKeeper(
            store,
            interval=timedelta(0),
            maximum_age=timedelta(minutes=1),
            today=lambda: TODAY,
            timer=clock,
        )
        peers = FakePeers()
        admission = Admission(CatalogueMembers(catalogues), peers, peers)
        registrar = Registrar(
            *(catalogues, admission, peers),
            Verifier(peers, admission, peers, NATIONAL_REGISTER, uuid7),
            *(store, store, code_lists(), lambda: NOW),
        )
        authorities = {CITIZENS.own.certificate.subject.rfc4514_string()}
        citizens = Citizens(
            catalogues, store, peers, AdmittedCitizens(peers, authorities), delays()
        )
        calls = Calls("cbss.directory.v1.DirectoryService", uuid7, lambda: NOW)
        service = Service(
            rpc.add_DirectoryServiceServicer_to_server,
            DirectoryServicer(
                Directory(store, catalogues, code_lists(), lambda: TODAY),
                registrar,
                Contracting(catalogues, Registry(store, catalogues), peers),
                Subscribers(
                    *(catalogues, store, store, admission, Operators(peers), code_lists(), uuid7)
                ),
                citizens,
                PageTokens(b"secret"),
                calls,
            ),
            pb.DESCRIPTOR.services_by_name["DirectoryService"],
        )
        vouched = vouching(tmp_path, citizens=[CITIZENS], institutions=[INSTITUTIONS])
        async with served(tmp_path, authority, [service], CALLERS, **vouched) as running:
            running.clock, running.authority, running.peers = clock, authority, peers
            running.store, running.catalogues, running.citizens = store, catalogues, citizens
            await catalogues.refresh()
            yield running

    async with made() as running:
        yield running


async def stub(directory, workload="routing"):
    return rpc.DirectoryServiceStub(await directory.raw(directory.authority.workload(workload)))


def forwarded(program):
    """What the gateway says of a client's certificate."""
    digest = hashlib.sha256(program.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(program.pem.decode(), safe="")}"')]


def card(ssin=PERSON.digits, authority=CITIZENS):
    """What the gateway says of a citizen's card."""
    return forwarded(authority.citizen(ssin, "Citizen"))


async def reason(call, *arguments, **named):
    """Why a call is refused: the one ErrorInfo of its status."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(*arguments, **named)
    metadata = dict(refused.value.trailing_metadata())
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return info.reason
