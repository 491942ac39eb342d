"""The trail, put together."""

from contextlib import AsyncExitStack
from datetime import date

from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cbss.audit.v1 import oversight_service_pb2 as oversight_pb
from cbss.audit.v1 import oversight_service_pb2_grpc as oversight_rpc
from cbss.registry.v1 import registry_service_pb2_grpc as registry_rpc

from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.usecases import Insight
from services.audit.callers import CALLERS
from services.audit.corrections.contracts import DescribedContracts, own_contracts
from services.audit.corrections.store import PostgresReports
from services.audit.corrections.usecases import Corrections
from services.audit.decisions.store import PostgresDecisions
from services.audit.decisions.usecases import Notifications
from services.audit.log.signed_log import SignedLog
from services.audit.log.standstill import Watch
from services.audit.log.store.objects import storage_of
from services.audit.log.store.places import PostgresPlaces
from services.audit.log.usecases import Proofs
from services.audit.oversight.store.alerts import PostgresAlerts
from services.audit.oversight.store.monthly import PostgresMonthlyReports
from services.audit.oversight.unanswered import AlertsWatch
from services.audit.oversight.usecases import Oversight
from services.audit.servicer import (
    AuditServicer,
    DecisionNoticeServicer,
    ErrorReportServicer,
    OversightServicer,
)
from services.audit.settings import Settings
from services.audit.trail.month_keys import Months
from services.audit.trail.peers.registry import PeerActs, PeerOrganizations
from services.audit.trail.store.promises import Promises
from services.audit.trail.store.records import PostgresRecords
from services.audit.trail.store.replacements import PostgresReplacements
from services.audit.trail.store.wrapped_keys import PostgresMonths
from services.audit.trail.subjects import SubjectKeys
from services.audit.trail.terms import terms
from services.audit.trail.usecases.citizens import Citizens
from services.audit.trail.usecases.following import Following
from services.audit.trail.usecases.members import OwnMembers
from services.audit.trail.usecases.own import OwnRecords
from services.audit.trail.usecases.receipts import Receipts
from services.audit.trail.usecases.trail import Trail
from services.audit.trail.wire.deliveries import decode_delivery
from services.audit.trail.wire.inquiries import Readers
from services.audit.trail.wire.own import OwnTrail
from services.audit.trail.words import words
from services.concepts.delays import delays
from services.kit.channels import channel
from services.kit.clock import belgian_day, utc_now
from services.kit.forwarded import issuers
from services.kit.ids import uuid7
from services.kit.paging import PageTokens
from services.kit.poller import Poller
from services.kit.postgres import pool
from services.kit.serve import Service, run, serve
from services.kit.settings import load
from services.kit.snapshots import Snapshots
from services.kit.tlog.notes import Signer, Verifier
from services.kit.tls import ClientTls
from services.wire.references import decode_reader, decode_whole


async def main() -> None:
    """Read the settings, open what is needed, serve until told to stop."""
    settings = load(Settings)
    subjects = SubjectKeys.read(settings.subject_keys_file)
    words()  # Words that are not whole stop the start, not the first citizen.
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        connections = await enter(pool(settings.database_dsn, name="audit"))
        places = PostgresPlaces(connections)
        registry = registry_rpc.RegistryServiceStub(
            await enter(
                channel(
                    settings.registry_address,
                    server_name="registry",
                    tls=ClientTls.of(settings),
                )
            )
        )
        references = Snapshots(decode_reader(registry, decode_whole))
        organizations = PeerOrganizations(references)
        verifier = Verifier.parse(settings.log_public_key_file.read_text())
        storage = storage_of(settings.log_directory, settings.database_dsn)
        opened.callback(storage.close)
        signed_log = SignedLog(storage, verifier)
        watch = Watch(places, signed_log, settings.unsigned_patience)
        trail = Trail(
            await enter(PostgresRecords(connections, promises=_promises(settings))),
            PostgresReplacements(connections),
            Months(PostgresMonths(connections), subjects, utc_now),
            subjects,
            places,
            watch.check,
        )
        follow = Following(PeerActs(registry), trail).follow_registry
        poller = Poller(follow, settings.follow_every, "acts of the registry not recorded yet")
        proofs = Proofs(trail, places, signed_log)
        members, own = OwnMembers(organizations), OwnTrail(trail, uuid7, utc_now)
        authorities = issuers(settings)
        admission = Insight(members, members, AdmittedCitizens(own, authorities), own)
        citizens = Citizens(trail, proofs, organizations, delays(), utc_now, admission)
        receipts = Receipts(trail, terms(), today, decode_delivery)
        reports = PostgresReports(connections)
        known = DescribedContracts(own_contracts(), lambda: references.current().contracts)
        corrections = Corrections(
            trail, organizations, admission, citizens, reports, receipts, known
        )
        decisions = PostgresDecisions(connections)
        notifications = Notifications(trail, organizations, admission, decisions, receipts)
        alerts = PostgresAlerts(connections)
        monthly = PostgresMonthlyReports(connections)
        oversight = Oversight(trail, admission, alerts, monthly, today)
        # All replicas have the database's password, and nobody else: it seals their page tokens.
        readers = Readers(PageTokens(settings.database_dsn.encode()), new_id=uuid7, now=utc_now)
        await serve(
            settings,
            [
                Service(
                    rpc.add_AuditServiceServicer_to_server,
                    AuditServicer(
                        *(trail, readers, proofs, citizens, OwnRecords(trail, admission))
                    ),
                    pb.DESCRIPTOR.services_by_name["AuditService"],
                ),
                Service(
                    report_rpc.add_ErrorReportServiceServicer_to_server,
                    ErrorReportServicer(corrections, readers),
                    report_pb.DESCRIPTOR.services_by_name["ErrorReportService"],
                ),
                Service(
                    decision_rpc.add_DecisionNoticeServiceServicer_to_server,
                    DecisionNoticeServicer(notifications, readers),
                    decision_pb.DESCRIPTOR.services_by_name["DecisionNoticeService"],
                ),
                Service(
                    oversight_rpc.add_OversightServiceServicer_to_server,
                    OversightServicer(oversight, readers),
                    oversight_pb.DESCRIPTOR.services_by_name["OversightService"],
                ),
            ],
            CALLERS,
            background=[
                watch.keep,
                AlertsWatch(alerts, reports, today).keep,
                references.keep,
                poller.keep,
            ],
            databases=[connections],
            needs={"sequencer": watch.is_open},
        )


def _promises(settings: Settings) -> Promises | None:
    """Where it is written down what was acknowledged."""
    if settings.promises_directory is None or settings.promises_key_file is None:
        return None
    signer = Signer.parse(settings.promises_key_file.read_text())
    return Promises(settings.promises_directory, signer)


def today() -> date:
    """The calendar day in Belgium."""
    return belgian_day(utc_now())


if __name__ == "__main__":
    run(main)
