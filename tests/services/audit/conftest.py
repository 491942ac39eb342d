"""Secrets, and the stores, in memory and in PostgreSQL, under one name."""

import hashlib
import json
from base64 import b64encode
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import pytest
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cbss.audit.v1 import oversight_service_pb2 as oversight_pb
from cbss.audit.v1 import oversight_service_pb2_grpc as oversight_rpc
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.usecases import Insight
from services.audit.callers import CALLERS
from services.audit.corrections.contracts import DescribedContracts, own_contracts
from services.audit.corrections.store import PostgresReports
from services.audit.corrections.usecases import Corrections
from services.audit.decisions.store import PostgresDecisions
from services.audit.decisions.usecases import Notifications
from services.audit.log.store.places import PostgresPlaces
from services.audit.log.usecases import Proofs
from services.audit.oversight.store.alerts import PostgresAlerts
from services.audit.oversight.usecases import Oversight
from services.audit.servicer import (
    AuditServicer,
    DecisionNoticeServicer,
    ErrorReportServicer,
    OversightServicer,
)
from services.audit.trail.month_keys import Months
from services.audit.trail.store.records import PostgresRecords
from services.audit.trail.store.replacements import PostgresReplacements
from services.audit.trail.store.wrapped_keys import PostgresMonths
from services.audit.trail.subjects import SubjectKeys
from services.audit.trail.terms import terms
from services.audit.trail.usecases.citizens import Citizens
from services.audit.trail.usecases.members import OwnMembers
from services.audit.trail.usecases.own import OwnRecords
from services.audit.trail.usecases.receipts import Receipts
from services.audit.trail.usecases.trail import Trail
from services.audit.trail.wire.deliveries import decode_delivery
from services.audit.trail.wire.inquiries import Readers
from services.audit.trail.wire.own import OwnTrail
from services.concepts.delays import delays
from services.kit.clock import utc_now
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.postgres import pool
from services.kit.server import Service
from tests.services.audit.fakes import (
    FakeAlerts,
    FakeDecisions,
    FakeLog,
    FakeMonthlyReports,
    FakeMonths,
    FakeOrganizations,
    FakePlaces,
    FakeRecords,
    FakeReplacements,
    FakeReports,
)
from tests.services.audit.logs import Running
from tests.services.audit.reporting import GHENT, INSPECTION, LIEGE, SOURCE, STRANGER, said
from tests.services.audit.serving import CARDS, CITIZENS, INSTITUTIONS, NOW, PROVIDER
from tests.support.contracts import shipped_contracts
from tests.support.server import served, vouching
from tests.support.tokens import ISSUER


def secrets(*versions, current):
    pairs = {
        str(n): {
            "hmac": b64encode(bytes([n]) * 32).decode(),
            "encryption": b64encode(bytes([100 + n]) * 32).decode(),
        }
        for n in versions
    }
    return json.dumps({"current": current, "versions": pairs})


@pytest.fixture
def subject_keys(tmp_path):
    """Makes the subject keys of some versions."""

    def made(*versions, current):
        path = tmp_path / "subject-keys.json"
        path.write_text(secrets(*versions, current=current))
        return SubjectKeys.read(path)

    return made


async def migrated(postgres):
    """A migrated database."""
    return await postgres.migrated("audit")


@pytest.fixture
async def database(postgres):
    """A migrated database."""
    return await migrated(postgres)


@dataclass(frozen=True)
class Stores:
    """All that keeps the trail."""

    records: object
    replacements: object
    months: object
    places: object


@pytest.fixture(params=["fake", "postgres"])
async def stores(request, subject_keys):
    """The stores, empty."""
    if request.param == "fake":
        months = FakeMonths()
        records = FakeRecords(months)
        yield Stores(records, FakeReplacements(), months, FakePlaces(records))
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.dsn, name="audit") as opened, PostgresRecords(opened) as records:
        months = Months(PostgresMonths(opened), subject_keys(1, current=1), utc_now)
        yield Stores(
            records,
            PostgresReplacements(opened),
            months,
            PostgresPlaces(opened),
        )


@pytest.fixture(params=["fake", "postgres"])
async def reports(request):
    """The store of reports, empty."""
    if request.param == "fake":
        yield FakeReports()
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.dsn, name="audit") as opened:
        yield PostgresReports(opened)


@pytest.fixture(params=["fake", "postgres"])
async def alerts(request):
    """The store of alerts, empty."""
    if request.param == "fake":
        yield FakeAlerts()
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.dsn, name="audit") as opened:
        yield PostgresAlerts(opened)


@pytest.fixture(params=["fake", "postgres"])
async def decisions(request):
    """The store of decisions, empty."""
    if request.param == "fake":
        yield FakeDecisions()
        return
    database = await migrated(request.getfixturevalue("postgres"))
    async with pool(database.dsn, name="audit") as opened:
        yield PostgresDecisions(opened)


@pytest.fixture
def trail_of(stores):
    """Makes the trail over the stores, under some subject keys."""

    def made(keys):
        return Trail(
            stores.records,
            stores.replacements,
            stores.months,
            keys,
            stores.places,
        )

    return made


@pytest.fixture
async def running(database, subject_keys, tmp_path):
    keys = subject_keys(1, current=1)
    folder = tmp_path / "log"
    folder.mkdir()
    owner = await asyncpg.connect(database.owner_dsn)
    async with pool(database.dsn, name="audit") as opened, PostgresRecords(opened) as records:
        months = Months(PostgresMonths(opened), keys, utc_now)
        trail = Trail(
            records,
            PostgresReplacements(opened),
            months,
            keys,
            PostgresPlaces(opened),
        )
        yield Running(trail, database, folder, owner)
    await owner.close()


@pytest.fixture
async def audit(tmp_path, authority, subject_keys):
    """The service over a store in memory; gives channels by workload, and the store."""

    @asynccontextmanager
    async def made():
        months, replacements = FakeMonths(), FakeReplacements()
        records = FakeRecords(months)
        places, log = FakePlaces(records), FakeLog(records)
        organizations = FakeOrganizations()
        trail = Trail(records, replacements, months, subject_keys(1, current=1), places)
        proofs = Proofs(trail, places, log)
        members, own = OwnMembers(organizations), OwnTrail(trail, uuid7, lambda: NOW)
        admission = Insight(members, members, AdmittedCitizens(own, {CITIZENS, ISSUER}), own)
        citizens = Citizens(trail, proofs, organizations, delays(), lambda: NOW, admission)
        readers = Readers(PageTokens(b"secret"), new_id=uuid7, now=lambda: NOW)
        reports, day = FakeReports(), [NOW.date()]
        receipts = Receipts(trail, terms(), lambda: day[-1], decode_delivery)
        known = DescribedContracts(own_contracts(), shipped_contracts)
        corrections = Corrections(
            trail, organizations, admission, citizens, reports, receipts, known
        )
        service = Service(
            rpc.add_AuditServiceServicer_to_server,
            AuditServicer(trail, readers, proofs, citizens, OwnRecords(trail, admission)),
            pb.DESCRIPTOR.services_by_name["AuditService"],
        )
        other = Service(
            report_rpc.add_ErrorReportServiceServicer_to_server,
            ErrorReportServicer(corrections, readers),
            report_pb.DESCRIPTOR.services_by_name["ErrorReportService"],
        )
        decisions = FakeDecisions()
        third = Service(
            decision_rpc.add_DecisionNoticeServiceServicer_to_server,
            DecisionNoticeServicer(
                Notifications(trail, organizations, admission, decisions, receipts), readers
            ),
            decision_pb.DESCRIPTOR.services_by_name["DecisionNoticeService"],
        )
        alerts, monthly = FakeAlerts(), FakeMonthlyReports()
        fourth = Service(
            oversight_rpc.add_OversightServiceServicer_to_server,
            OversightServicer(
                Oversight(trail, admission, alerts, monthly, lambda: day[-1]), readers
            ),
            oversight_pb.DESCRIPTOR.services_by_name["OversightService"],
        )
        services = [service, other, third, fourth]
        vouched = vouching(tmp_path, citizens=[CARDS], institutions=[authority, INSTITUTIONS])
        vouched |= PROVIDER.publish(tmp_path)
        async with served(
            tmp_path, authority, services, CALLERS, name="audit", **vouched
        ) as running:
            running.decisions, running.alerts, running.monthly = decisions, alerts, monthly
            running.reports, running.day = reports, day
            running.records, running.replacements = records, replacements
            running.trail = trail
            running.workload = authority.workload
            running.places, running.log = places, log
            running.organizations = organizations
            yield running

    async with made() as running:
        yield running


@pytest.fixture
def by(audit, authority):
    """Certificates of admitted organizations, and of one that is a stranger."""
    made = {}
    for number in (GHENT, LIEGE, SOURCE, INSPECTION, STRANGER):
        program = authority.program(f"NTRBE-{number}")
        made[number] = said(program)
        spki = program.certificate.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        if number != STRANGER:
            audit.organizations.keys[number] = {hashlib.sha256(spki).hexdigest()}
            audit.organizations.web_names[number] = {"ghent.example"}
    return made


@pytest.fixture
async def ask(audit):
    """Calls an RPC by its name through the gateway, with a certificate."""
    raw = report_rpc.ErrorReportServiceStub(await audit.raw(audit.workload("gateway")))

    async def asked(method, metadata, **what):
        request = getattr(report_pb, f"{method}Request")(**what)
        return await getattr(raw, method)(request, metadata=metadata)

    return asked
