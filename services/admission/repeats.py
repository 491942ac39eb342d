"""What tells a repeat from a new call, for every public RPC that changes something."""

TICKET = "information_customer.ticket"
CHANGES = {
    "cbss.routing.v1.NoticeService/Publish": "events.reference",
    "cbss.routing.v1.NoticeService/AcknowledgeNotices": "notice_ids",
    "cbss.routing.v1.BatchService/SubmitBatch": "header.information_customer.ticket",
    "cbss.routing.v1.BatchService/CancelBatch": "batch_id",
    "cbss.routing.v1.BatchFileService/SubmitBatchFile": "announcement.voucher.sequence_number",
    "cbss.routing.v1.SubmissionService/SubmitMessage": "submission.reference",
    "cbss.routing.v1.SubmissionService/AnswerSubmission": "notice_id",
    "cbss.directory.v1.DirectoryService/RegisterPerson": TICKET,
    "cbss.directory.v1.DirectoryService/UnregisterPerson": TICKET,
    "cbss.directory.v1.DirectoryService/Subscribe": TICKET,
    "cbss.directory.v1.DirectoryService/Unsubscribe": TICKET,
    "cbss.identification.v1.IdentificationService/CreateBisPerson": "request_id",
    "cbss.identification.v1.IdentificationService/UpdatePerson": TICKET,
    "cbss.identification.v1.IdentificationService/ReplaceSsin": TICKET,
    "cbss.identification.v1.IdentificationService/RegisterEnterprise": TICKET,
    "cbss.audit.v1.ErrorReportService/ReportError": "report_id",
    "cbss.audit.v1.ErrorReportService/DecideErrorReport": "report_id",
    "cbss.audit.v1.ErrorReportService/AcknowledgeCorrectionNotice": "report_id",
    "cbss.audit.v1.DecisionNoticeService/RecordDecision": "decision_id",
    "cbss.audit.v1.OversightService/AcknowledgeAlert": "alert_id",
    "cbss.registry.v1.RegistryService/PrepareOwnAct": "act_id",
    "cbss.coding.v1.CodingService/SubmitRows": "chunk_id",
    "cbss.coding.v1.CodingService/AcknowledgeDelivery": "project_id",
}
"""The public RPCs that change something, and the field that tells a repeat from a new call. Where
it is the ticket, the servicer is one of `services/admission/once.py`; elsewhere what is changed has
that key itself, in the transaction of the change."""


def once_for_each_ticket(service: str) -> tuple[str, ...]:
    """The RPCs of a service that are done once for each ticket of their customer."""
    return tuple(
        rpc.removeprefix(f"{service}/")
        for rpc, key in CHANGES.items()
        if key == TICKET and rpc.startswith(f"{service}/")
    )
