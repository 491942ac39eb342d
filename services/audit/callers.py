"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.audit.v1.AuditService/RecordExchanges": frozenset(
        {
            "routing",
            "gateway",
            "directory",
            "rights",
            "buffer",
            "coding",
            "identification",
            "access",
        }
    ),
    "cbss.audit.v1.AuditService/RecordReplacement": frozenset({"identification"}),
    "cbss.audit.v1.AuditService/ListExchanges": frozenset({"operator"}),
    "cbss.audit.v1.AuditService/ListOwnExchanges": frozenset({"gateway"}),
    "cbss.audit.v1.AuditService/ListMyConsultations": frozenset({"gateway"}),
    "cbss.audit.v1.AuditService/GetCheckpoint": frozenset({"operator"}),
    "cbss.audit.v1.AuditService/GetInclusionProof": frozenset({"operator"}),
    "cbss.audit.v1.AuditService/GetConsistencyProof": frozenset({"operator"}),
    "cbss.audit.v1.ErrorReportService/ReportError": frozenset({"gateway"}),
    "cbss.audit.v1.ErrorReportService/ListErrorReports": frozenset({"gateway"}),
    "cbss.audit.v1.ErrorReportService/ListOverdueErrorReports": frozenset({"operator"}),
    "cbss.audit.v1.ErrorReportService/DecideErrorReport": frozenset({"gateway"}),
    "cbss.audit.v1.ErrorReportService/ListCorrectionNotices": frozenset({"gateway"}),
    "cbss.audit.v1.ErrorReportService/AcknowledgeCorrectionNotice": frozenset({"gateway"}),
    "cbss.audit.v1.DecisionNoticeService/RecordDecision": frozenset({"gateway"}),
    "cbss.audit.v1.DecisionNoticeService/ListMyDecisions": frozenset({"gateway"}),
    "cbss.audit.v1.OversightService/ListAlerts": frozenset({"gateway"}),
    "cbss.audit.v1.OversightService/AcknowledgeAlert": frozenset({"gateway"}),
    "cbss.audit.v1.OversightService/GetMonthlyReport": frozenset({"gateway"}),
    "cbss.audit.v1.OversightService/ListUnansweredAlerts": frozenset({"operator"}),
    "cbss.audit.v1.OversightService/ListAnsweredAlerts": frozenset({"operator"}),
}
