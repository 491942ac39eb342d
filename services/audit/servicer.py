"""The RPCs of the trail: decode, call, encode."""

from dataclasses import dataclass
from typing import Any

import grpc.aio
from cbss.audit.v1 import audit_service_pb2 as pb
from cbss.audit.v1 import audit_service_pb2_grpc as rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cbss.audit.v1 import oversight_service_pb2 as oversight_pb
from cbss.audit.v1 import oversight_service_pb2_grpc as oversight_rpc

from services.audit.corrections import wire as reports
from services.audit.corrections.usecases import Corrections
from services.audit.decisions import wire as decisions
from services.audit.decisions.usecases import Notifications
from services.audit.log.usecases import Proofs
from services.audit.oversight.usecases import Oversight
from services.audit.oversight.wire import alerts, monthly
from services.audit.trail.usecases.citizens import Citizens
from services.audit.trail.usecases.own import OwnRecords
from services.audit.trail.usecases.trail import Trail
from services.audit.trail.wire import citizens, proofs, records, searches
from services.audit.trail.wire.inquiries import Readers
from services.kit import caller
from services.wire.citizens import decode_citizen

Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True)
class AuditServicer(rpc.AuditServiceServicer):  # type: ignore[misc]
    """Serves `cbss.audit.v1.AuditService`."""

    trail: Trail
    readers: Readers
    proofs: Proofs
    citizens: Citizens
    own: OwnRecords

    async def RecordExchanges(
        self, request: pb.RecordExchangesRequest, context: Context
    ) -> pb.RecordExchangesResponse:
        entries = records.decode_entries(request)
        await self.trail.record(entries)
        return pb.RecordExchangesResponse()

    async def RecordReplacement(
        self, request: pb.RecordReplacementRequest, context: Context
    ) -> pb.RecordReplacementResponse:
        replacement = records.decode_replacement(request)
        await self.trail.record_replacement(replacement)
        return pb.RecordReplacementResponse()

    async def ListExchanges(
        self, request: pb.ListExchangesRequest, context: Context
    ) -> pb.ListExchangesResponse:
        reader = self.readers.reader(request, caller.current())
        listed = await self.trail.list_exchanges(searches.decode_inquiry(request, reader))
        return searches.encode_list_exchanges_response(listed, reader)

    async def ListOwnExchanges(
        self, request: pb.ListOwnExchangesRequest, context: Context
    ) -> pb.ListOwnExchangesResponse:
        reader = self.readers.reader(request, caller.current())
        call, inquiry = reader.known_client(), searches.decode_list_own_exchanges(request, reader)
        listed = await self.own.list_own_exchanges(call, inquiry, searches.is_alert)
        return searches.encode_list_own_exchanges_response(listed, reader)

    async def ListMyConsultations(
        self, request: pb.ListMyConsultationsRequest, context: Context
    ) -> pb.ListMyConsultationsResponse:
        reader = self.readers.reader(request, caller.current())
        asking = decode_citizen(reader.caller)
        inquiry = citizens.decode_inquiry(request, reader, asking)
        uses = await self.citizens.list_my_consultations(
            reader.call, asking, inquiry, citizens.decode_use
        )
        return citizens.encode_list_my_consultations_response(uses, reader)

    async def GetCheckpoint(
        self, request: pb.GetCheckpointRequest, context: Context
    ) -> pb.GetCheckpointResponse:
        signed = await self.proofs.get_checkpoint()
        return proofs.encode_get_checkpoint_response(signed)

    async def GetInclusionProof(
        self, request: pb.GetInclusionProofRequest, context: Context
    ) -> pb.GetInclusionProofResponse:
        reader = self.readers.reader(request, caller.current())
        proof = await self.proofs.prove_inclusion(proofs.decode_question(request, reader))
        return proofs.encode_get_inclusion_proof_response(proof)

    async def GetConsistencyProof(
        self, request: pb.GetConsistencyProofRequest, context: Context
    ) -> pb.GetConsistencyProofResponse:
        hashes = await self.proofs.prove_consistency(request.old_size, request.new_size)
        return proofs.encode_get_consistency_proof_response(hashes)


@dataclass(frozen=True)
class ErrorReportServicer(report_rpc.ErrorReportServiceServicer):  # type: ignore[misc]
    """Serves `cbss.audit.v1.ErrorReportService`."""

    corrections: Corrections
    readers: Readers

    async def ReportError(
        self, request: report_pb.ReportErrorRequest, context: Context
    ) -> report_pb.ReportErrorResponse:
        reader = self.readers.reader(request, caller.current())
        asking = reports.decode_asking(reader)
        told = reports.decode_suspicion(request, asking)
        acts = reports.decode_acts(reader, told.report_id, asking)
        seen = await self.corrections.report_error(reader.call, told, asking, acts)
        return report_pb.ReportErrorResponse(report=reports.encode_report(seen))

    async def ListErrorReports(
        self, request: report_pb.ListErrorReportsRequest, context: Context
    ) -> report_pb.ListErrorReportsResponse:
        reader = self.readers.reader(request, caller.current())
        asking = reports.decode_asking(reader)
        acts = reports.decode_readings(reader, asking)
        wanted = reports.decode_wanted(request, reader)
        page = await self.corrections.list_reports(reader.call, wanted, asking, acts)
        return reports.encode_list_error_reports_response(page, reader)

    async def ListOverdueErrorReports(
        self, request: report_pb.ListOverdueErrorReportsRequest, context: Context
    ) -> report_pb.ListOverdueErrorReportsResponse:
        reader = self.readers.reader(request, caller.current())
        acts = reports.decode_overseeing(reader, request.reason)
        wanted = reports.decode_wanted(request, reader)
        return reports.encode_list_overdue_error_reports_response(
            await self.corrections.list_overdue(wanted, acts), reader
        )

    async def DecideErrorReport(
        self, request: report_pb.DecideErrorReportRequest, context: Context
    ) -> report_pb.DecideErrorReportResponse:
        reader = self.readers.reader(request, caller.current())
        report_id, decided = reports.decode_decide_error_report(request)
        acts = reports.decode_acts(reader, report_id)
        call = reader.known_client()
        seen = await self.corrections.decide(call, report_id, decided, acts)
        return report_pb.DecideErrorReportResponse(report=reports.encode_report(seen))

    async def ListCorrectionNotices(
        self, request: report_pb.ListCorrectionNoticesRequest, context: Context
    ) -> report_pb.ListCorrectionNoticesResponse:
        reader = self.readers.reader(request, caller.current())
        call = reader.known_client()
        acts = reports.decode_readings(reader, None)
        wanted = reports.decode_wanted(request, reader)
        page = await self.corrections.list_notices(call, wanted, acts)
        return reports.encode_list_correction_notices_response(page, reader)

    async def AcknowledgeCorrectionNotice(
        self, request: report_pb.AcknowledgeCorrectionNoticeRequest, context: Context
    ) -> report_pb.AcknowledgeCorrectionNoticeResponse:
        reader = self.readers.reader(request, caller.current())
        report_id = records.decode_identification(request.report_id, "report_id")
        acts = reports.decode_acts(reader, report_id)
        told = await self.corrections.acknowledge(reader.known_client(), report_id, acts)
        return report_pb.AcknowledgeCorrectionNoticeResponse(notice=reports.encode_notice(told))


@dataclass(frozen=True)
class DecisionNoticeServicer(decision_rpc.DecisionNoticeServiceServicer):  # type: ignore[misc]
    """Serves `cbss.audit.v1.DecisionNoticeService`."""

    notifications: Notifications
    readers: Readers

    async def RecordDecision(
        self, request: decision_pb.RecordDecisionRequest, context: Context
    ) -> decision_pb.RecordDecisionResponse:
        reader = self.readers.reader(request, caller.current())
        told = decisions.decode_record_decision(request)
        acts = decisions.decode_acts(reader, told.decision_id)
        await self.notifications.record_decision(reader.known_client(), told, acts)
        return decision_pb.RecordDecisionResponse()

    async def ListMyDecisions(
        self, request: decision_pb.ListMyDecisionsRequest, context: Context
    ) -> decision_pb.ListMyDecisionsResponse:
        reader = self.readers.reader(request, caller.current())
        asking = decode_citizen(reader.caller)
        acts = decisions.decode_readings(reader, asking)
        page = decisions.decode_page(request, reader)
        found = await self.notifications.list_mine(reader.call, page, asking, acts)
        return decisions.encode_list_my_decisions_response(found, reader)


@dataclass(frozen=True)
class OversightServicer(oversight_rpc.OversightServiceServicer):  # type: ignore[misc]
    """Serves `cbss.audit.v1.OversightService`."""

    oversight: Oversight
    readers: Readers

    async def ListAlerts(
        self, request: oversight_pb.ListAlertsRequest, context: Context
    ) -> oversight_pb.ListAlertsResponse:
        reader = self.readers.reader(request, caller.current())
        call, page = reader.known_client(), alerts.decode_page(request, reader)
        acts = alerts.decode_reading(reader)
        found = await self.oversight.list_alerts(call, page, request.unanswered_only, acts)
        return alerts.encode_list_alerts_response(found, reader)

    async def AcknowledgeAlert(
        self, request: oversight_pb.AcknowledgeAlertRequest, context: Context
    ) -> oversight_pb.AcknowledgeAlertResponse:
        reader = self.readers.reader(request, caller.current())
        alert_id, finding = alerts.decode_acknowledge_alert(request)
        acts, call = alerts.decode_acts(reader, alert_id), reader.known_client()
        kept = await self.oversight.acknowledge(call, alert_id, finding, acts)
        return oversight_pb.AcknowledgeAlertResponse(alert=alerts.encode_alert(kept))

    async def GetMonthlyReport(
        self, request: oversight_pb.GetMonthlyReportRequest, context: Context
    ) -> oversight_pb.GetMonthlyReportResponse:
        reader = self.readers.reader(request, caller.current())
        month, acts = monthly.decode_get_monthly_report(request), monthly.decode_reading(reader)
        found = await self.oversight.monthly_report(reader.known_client(), month, acts)
        return monthly.encode_get_monthly_report_response(found)

    async def ListUnansweredAlerts(
        self, request: oversight_pb.ListUnansweredAlertsRequest, context: Context
    ) -> oversight_pb.ListUnansweredAlertsResponse:
        reader = self.readers.reader(request, caller.current())
        acts, page = alerts.decode_overseeing(request, reader), alerts.decode_page(request, reader)
        return alerts.encode_list_unanswered_alerts_response(
            await self.oversight.list_unanswered(page, acts), reader
        )

    async def ListAnsweredAlerts(
        self, request: oversight_pb.ListAnsweredAlertsRequest, context: Context
    ) -> oversight_pb.ListAnsweredAlertsResponse:
        reader = self.readers.reader(request, caller.current())
        acts, page = alerts.decode_overseeing(request, reader), alerts.decode_page(request, reader)
        return alerts.encode_list_answered_alerts_response(
            await self.oversight.list_answered(page, acts), reader
        )
