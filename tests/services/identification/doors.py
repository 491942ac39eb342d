"""Access and the trail in memory, and identification served over them."""

import asyncio
import hashlib
from contextlib import asynccontextmanager
from types import SimpleNamespace
from urllib.parse import quote

from cbss.common.v1 import information_pb2, organization_pb2
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from cryptography.hazmat.primitives.serialization import Encoding

from sandbox.authority import Authority
from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.model import Granted, Known, Party, Stage
from services.admission.usecases import Admission, Operators
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.concepts.decision import Deliberation, Denied
from services.concepts.delays import delays
from services.concepts.enterprise_number import EnterpriseNumber
from services.identification.callers import CALLERS
from services.identification.model.calls import Ending
from services.identification.model.persons import Origin
from services.identification.model.searches import Candidate, Found
from services.identification.servicer import IdentificationServicer
from services.identification.store.citizens import PostgresHoldings
from services.identification.store.enterprises import PostgresEnterprises
from services.identification.store.histories import PostgresHistories
from services.identification.store.numbers import PostgresStore
from services.identification.store.persons import PostgresPersons
from services.identification.store.registers import PostgresRegisters
from services.identification.store.replacements import PostgresReplacements
from services.identification.tokens import SeenTokens
from services.identification.usecases.citizens import Citizens
from services.identification.usecases.consulting import Consulting
from services.identification.usecases.desk import Desk
from services.identification.usecases.enterprises import Enterprises
from services.identification.usecases.histories import Histories
from services.identification.usecases.numbers import Identification
from services.identification.usecases.registering import Registration
from services.identification.usecases.replacements import Replacements
from services.identification.usecases.searching import Persons
from services.kit.clock import utc_now
from services.kit.errors import PeerUnavailable
from services.kit.forwarded import HEADER
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.postgres import pool
from services.kit.server import Service
from tests.support.server import served, vouching

CITIZENS = Authority.founded("test citizens authority")
CENTRE = EnterpriseNumber(899990348)
STRANGER = EnterpriseNumber(899990744)
OTHER = EnterpriseNumber(899990546)
PURPOSE = "PCSW:IDENTIFICATION"
SOURCES = {
    Origin.RN_RR: EnterpriseNumber(899990942),
    Origin.BCSS_KSZ: EnterpriseNumber(899990150),
}
INSPECTION = "INSPECTION:UNDECLARED_WORK"


class FakeAccess:
    """Knows the centre, and grants what is listed under the one purpose."""

    def __init__(self):
        self.fields = frozenset({"*"})

    async def party(self, call):
        if call.head.customer == STRANGER:
            raise OrganizationUnknown
        if call.head.customer == OTHER:
            raise CustomerNotTheCaller
        return Party(Known(CENTRE), Known(CENTRE))

    async def check(self, customer, legal_context, contract, day, mode):
        act = Deliberation("IVC/KSZG/98/030", 1)
        if legal_context not in (PURPOSE, INSPECTION):
            return Denied("LEGAL_CONTEXT_UNKNOWN", act, "7")
        return Granted(act, "7", frozenset(), tuple(self.fields))


class FakeRegister:
    """Knows whom it is told to know, unless it is away."""

    def __init__(self):
        self.away = None
        self.known = {}
        self.asked = []
        self.inquiries = []

    async def look(self, inquiry, asked, most):
        self._reach(asked)
        self.inquiries.append(inquiry)
        known = tuple(Candidate(one.identity, 100) for one in self.known.values())
        return Found(known[:most], len(known) > most)

    async def bearers(self, asked, groups):
        for inquiry, ssin in asked:
            self._reach((ssin, frozenset(groups)))
            self.inquiries.append(inquiry)
        return [self.known.get(ssin) for _, ssin in asked]

    def _reach(self, asked):
        self.asked.append(asked)
        if self.away is not None:
            raise self.away


class FakeTrail:
    """Remembers what it is told, unless it is away."""

    def __init__(self):
        self.away = False
        self.turned = []
        self.denied = []
        self.entries = []
        self.intents = []
        self.readings = []
        self.own = []
        self.users = []
        self.abandoned = []
        self.owes = asyncio.Event()

    async def record(self, *entries):
        self._reach()
        first = entries[0]
        rpc = first.call.rpc.rpartition("/")[2]
        code = first.contract and first.contract.code
        if rpc == "ListMyPersonData":
            self.own.append(first)
        elif rpc == "ListPersonVersions":
            self.readings.append(SimpleNamespace(reason=first.reading_reason, **who(first)))
        elif first.party is None:
            self.turned.append((rpc, first.reason))
        elif isinstance(first.decision, Denied):
            self.denied.append((code, first.reason, first.status.code.code))
        elif first.stage is Stage.INTENT:
            self.intents.append((code, first.person))
        else:
            self.entries.append((code, ending(entries)))
            self.users.append(first.call.head.user)

    def abandon(self, given_up, fault):
        self.abandoned.append((given_up.stage, given_up.person, type(fault)))
        self.owes.set()

    def _reach(self):
        if self.away:
            raise PeerUnavailable


def who(entry):
    return {"operator": entry.call.operator, "person": entry.person}


def ending(entries):
    """What identification wrote down, read back from what the trail got."""
    first = entries[0]
    origins = {number: origin for origin, number in SOURCES.items()}
    return Ending(
        first.status,
        tuple(one.person for one in entries if one.person is not None),
        first.reason,
        is_act=first.stage is Stage.ACT,
        is_refused=not first.permitted,
        cut=first.cut,
        origins={
            one.person: frozenset(origins[leg.supplier] for leg in one.sources if is_found(leg))
            for one in entries
            if any(is_found(leg) for leg in one.sources)
        },
        register=next(
            (
                leg.status
                for one in entries
                for leg in one.sources
                if leg.supplier == SOURCES[Origin.RN_RR]
            ),
            None,
        ),
    )


def is_found(leg):
    return leg.status.code.code == "MSG00000"


def forwarded(issued):
    """What the gateway says of a client's certificate."""
    digest = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(issued.pem.decode(), safe="")}"')]


def card(ssin, authority=CITIZENS):
    """What the gateway says of a citizen's card."""
    return forwarded(authority.citizen(ssin, "Citizen"))


def head(customer=CENTRE, purpose=PURPOSE):
    """What every public request begins with."""
    return {
        "information_customer": information_pb2.InformationCustomer(
            ticket="t-1",
            customer_identification=organization_pb2.Organization(cbe_number=customer.digits),
        ),
        "legal_context": purpose,
    }


@asynccontextmanager
async def opened(postgres, *, most=8, mock=False):
    """The servicer over an empty database, with its access, its trail and its pools."""
    database = await postgres.migrated("identification")
    async with (
        pool(database.owner_dsn, name="load") as owner,
        pool(database.dsn, name="identification") as connections,
        pool(database.dsn, name="identification-changes", most=most) as changes,
    ):
        access, trail = FakeAccess(), FakeTrail()
        desk = Desk(Admission(access, access, trail), SOURCES, trail, uuid7)
        numbers = Identification(PostgresStore(connections), True)
        register = FakeRegister()
        consulting = Consulting(register, desk)
        registers = PostgresRegisters(connections)
        replacing = PostgresReplacements(changes)
        tokens = SeenTokens(PageTokens(b"secret"))
        histories = PostgresHistories(connections)
        servicer = IdentificationServicer(
            numbers,
            Replacements(replacing),
            Persons(desk, registers, histories, numbers, consulting),
            Registration(
                desk, PostgresPersons(changes), replacing, numbers, tokens, consulting, mock
            ),
            Enterprises(desk, PostgresEnterprises(connections)),
            Histories(histories, Operators(trail), numbers),
            Citizens(
                PostgresHoldings(connections),
                AdmittedCitizens(trail, {"CN=test citizens authority"}),
                delays(),
            ),
            PageTokens(b"secret"),
            Calls("cbss.identification.v1.IdentificationService", uuid7, utc_now),
        )
        yield SimpleNamespace(
            servicer=servicer,
            access=access,
            trail=trail,
            register=register,
            owner=owner,
            pool=connections,
            registers=registers,
            histories=histories,
        )


@asynccontextmanager
async def listening(parts, tmp_path, authority):
    """The same, served over mutual TLS."""
    service = Service(
        rpc.add_IdentificationServiceServicer_to_server,
        parts.servicer,
        pb.DESCRIPTOR.services_by_name["IdentificationService"],
    )
    vouched = vouching(tmp_path, citizens=[CITIZENS])
    async with served(
        tmp_path, authority, [service], CALLERS, name="identification", **vouched
    ) as running:
        yield running
