"""The parts of identification, put together over two pools and two peers."""

from collections.abc import Collection, Mapping

import asyncpg
from cbss.access.v1 import access_service_pb2_grpc as access_rpc

from services.admission.once import Once, Repeats
from services.admission.peers.access import PeerAccess
from services.admission.peers.audit import PeerTrail
from services.admission.peers.endings import LateEndings
from services.admission.peers.members import PeerMembers
from services.admission.repeats import once_for_each_ticket
from services.admission.usecases import Admission, Operators
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import Calls
from services.concepts.delays import delays
from services.concepts.enterprise_number import EnterpriseNumber
from services.identification.citizens import titles
from services.identification.model.persons import Origin
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
from services.identification.usecases.consulting import Consulting, NationalRegister
from services.identification.usecases.desk import Desk
from services.identification.usecases.enterprises import Enterprises
from services.identification.usecases.histories import Histories
from services.identification.usecases.numbers import Identification
from services.identification.usecases.registering import Registration
from services.identification.usecases.replacements import Replacements
from services.identification.usecases.searching import Persons
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.tickets import Tickets


def servicer(
    connections: asyncpg.Pool,
    changes: asyncpg.Pool,
    access: access_rpc.AccessServiceStub,
    trail: PeerTrail,
    endings: LateEndings,
    register: NationalRegister,
    *,
    knows_mock_numbers: bool,
    makes_mock_numbers: bool,
    tickets: Tickets,
    secret: bytes,
    sources: Mapping[Origin, EnterpriseNumber],
    citizens_authorities: Collection[str],
) -> Once:
    """The servicer with all that it needs; the secret, that of all replicas, seals its tokens.

    What changes a register may wait for another change: it has a pool of its own, so that nobody
    who only asks waits too.
    """
    titles()  # Words that are not whole stop the start, not the first citizen.
    tokens = PageTokens(secret)
    numbers = Identification(PostgresStore(connections), knows_mock_numbers)
    replacements = PostgresReplacements(changes)
    members = PeerMembers(access)
    desk = Desk(Admission(members, PeerAccess(access), trail), sources, endings, uuid7)
    calls = Calls("cbss.identification.v1.IdentificationService", uuid7, utc_now)
    consulting = Consulting(register, desk)
    registers = PostgresRegisters(connections)
    citizens = AdmittedCitizens(trail, citizens_authorities)
    whole = IdentificationServicer(
        numbers,
        Replacements(PostgresReplacements(connections)),
        Persons(desk, registers, PostgresHistories(connections), numbers, consulting),
        Registration(
            desk,
            PostgresPersons(changes),
            replacements,
            numbers,
            SeenTokens(tokens),
            consulting,
            makes_mock_numbers,
        ),
        Enterprises(desk, PostgresEnterprises(changes)),
        Histories(PostgresHistories(connections), Operators(trail), numbers),
        Citizens(PostgresHoldings(connections), citizens, delays()),
        tokens,
        calls,
    )
    repeats = Repeats(tickets, members, trail, calls)
    return Once(whole, once_for_each_ticket(calls.service), repeats)
