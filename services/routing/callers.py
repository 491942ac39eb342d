"""Who may call what. An RPC that is not listed is refused to everybody."""

CONSULT_CALLERS = {
    "cbss.routing.v1.RoutingService/Consult": frozenset({"gateway"}),
    "cbss.routing.v1.SourceService/ListSourceStates": frozenset({"operator"}),
}
"""What the process that consults serves."""

NOTICE_CALLERS = {
    "cbss.routing.v1.NoticeService/Publish": frozenset({"gateway"}),
    "cbss.routing.v1.NoticeService/ListNotices": frozenset({"gateway"}),
    "cbss.routing.v1.NoticeService/WatchNotices": frozenset({"gateway"}),
    "cbss.routing.v1.NoticeService/AcknowledgeNotices": frozenset({"gateway"}),
    "cbss.routing.v1.SubmissionService/SubmitMessage": frozenset({"gateway"}),
    "cbss.routing.v1.SubmissionService/AnswerSubmission": frozenset({"gateway"}),
    "cbss.routing.v1.SubmissionService/ListAnswers": frozenset({"gateway"}),
}
"""What the process that pushes serves."""

BATCH_CALLERS = {
    "cbss.routing.v1.BatchService/SubmitBatch": frozenset({"gateway"}),
    "cbss.routing.v1.BatchService/GetBatch": frozenset({"gateway"}),
    "cbss.routing.v1.BatchService/ListBatches": frozenset({"gateway"}),
    "cbss.routing.v1.BatchService/ListBatchResults": frozenset({"gateway"}),
    "cbss.routing.v1.BatchService/StreamBatchResults": frozenset({"gateway"}),
    "cbss.routing.v1.BatchService/CancelBatch": frozenset({"gateway"}),
    "cbss.routing.v1.BatchFileService/SubmitBatchFile": frozenset({"gateway"}),
    "cbss.routing.v1.BatchFileService/GetBatchFile": frozenset({"gateway"}),
    "cbss.routing.v1.BatchFileService/StreamResultFile": frozenset({"gateway"}),
}
"""What the process that takes batches serves."""

ATTACH_CALLERS = {
    "cbss.routing.v1.AttachService/Attach": frozenset({"gateway"}),
    "cbss.supplier.v1.SupplierService/Answer": frozenset({"routing"}),
}
"""What the process serves that sources attach to: for routing it answers as a source."""

CALLERS = {**CONSULT_CALLERS, **NOTICE_CALLERS, **BATCH_CALLERS, **ATTACH_CALLERS}
