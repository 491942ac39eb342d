"""The public surface of the mesh. What is not in this table cannot be reached from outside."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Route:
    """One public RPC: who serves it and how long it may take."""

    rpc: str
    """Its full name, `cbss.routing.v1.RoutingService/Consult`; the path is the same after a `/`."""
    upstream: str
    """The service behind it."""
    deadline: timedelta = timedelta(seconds=2)
    """What a call gets that comes without a deadline."""
    longest: timedelta = timedelta(seconds=30)
    """The longest deadline that a call may bring."""
    is_open: bool = False
    """Whether everybody may call it, without a certificate, at the open door too."""

    takes_stream: bool = False
    """Whether a client sends many messages in one call: they are then passed on one by one."""

    stays_open: bool = False
    """Whether the answer is a stream that has no end: it says itself that it lives, ends by itself,
    and is never sent a second time."""

    @property
    def service(self) -> str:
        """The full name of the gRPC service."""
        return self.rpc.partition("/")[0]


_NOTICES = "cbss.routing.v1.NoticeService"
_IDENTIFICATION = "cbss.identification.v1.IdentificationService"
_REPORTS = "cbss.audit.v1.ErrorReportService"
_DECISIONS = "cbss.audit.v1.DecisionNoticeService"
_OVERSIGHT = "cbss.audit.v1.OversightService"

ROUTES = (
    Route("cbss.routing.v1.RoutingService/Consult", "routing"),
    Route(f"{_NOTICES}/Publish", "notices", deadline=timedelta(seconds=10)),
    Route(f"{_NOTICES}/ListNotices", "notices", deadline=timedelta(seconds=5)),
    Route(f"{_NOTICES}/WatchNotices", "watches", stays_open=True),
    Route(f"{_NOTICES}/AcknowledgeNotices", "notices"),
    Route("cbss.directory.v1.DirectoryService/ListDataContracts", "directory"),
    Route("cbss.directory.v1.DirectoryService/RegisterPerson", "directory"),
    Route("cbss.directory.v1.DirectoryService/UnregisterPerson", "directory"),
    Route("cbss.directory.v1.DirectoryService/ListRegistrations", "directory"),
    Route(f"{_IDENTIFICATION}/SearchPersons", "identification"),
    Route(f"{_IDENTIFICATION}/VerifyPerson", "identification"),
    Route(f"{_IDENTIFICATION}/CreateBisPerson", "identification", deadline=timedelta(seconds=5)),
    Route(f"{_IDENTIFICATION}/UpdatePerson", "identification"),
    Route(f"{_IDENTIFICATION}/ReplaceSsin", "identification"),
    Route(f"{_IDENTIFICATION}/GetEnterprise", "identification"),
    Route(f"{_IDENTIFICATION}/RegisterEnterprise", "identification"),
    Route(f"{_IDENTIFICATION}/ListMyPersonData", "identification"),
    Route("cbss.access.v1.DeliberationService/ListDeliberations", "access", is_open=True),
    Route("cbss.access.v1.DeliberationService/GetDeliberation", "access", is_open=True),
    Route("cbss.directory.v1.DirectoryService/Subscribe", "directory"),
    Route("cbss.directory.v1.DirectoryService/Unsubscribe", "directory"),
    Route("cbss.directory.v1.DirectoryService/ListSubscriptions", "directory"),
    Route("cbss.directory.v1.DirectoryService/ListMyFiles", "directory"),
    Route("cbss.buffer.v1.BufferService/ListMyFacts", "buffer"),
    Route("cbss.audit.v1.AuditService/ListMyConsultations", "audit", deadline=timedelta(seconds=5)),
    Route("cbss.audit.v1.AuditService/ListOwnExchanges", "audit", deadline=timedelta(seconds=10)),
    Route(f"{_REPORTS}/ReportError", "audit", deadline=timedelta(seconds=5)),
    Route(f"{_REPORTS}/ListErrorReports", "audit"),
    Route(f"{_REPORTS}/DecideErrorReport", "audit", deadline=timedelta(seconds=5)),
    Route(f"{_REPORTS}/ListCorrectionNotices", "audit"),
    Route(f"{_REPORTS}/AcknowledgeCorrectionNotice", "audit"),
    Route(f"{_DECISIONS}/RecordDecision", "audit"),
    Route(f"{_DECISIONS}/ListMyDecisions", "audit"),
    Route(f"{_OVERSIGHT}/ListAlerts", "audit"),
    Route(f"{_OVERSIGHT}/AcknowledgeAlert", "audit"),
    Route(f"{_OVERSIGHT}/GetMonthlyReport", "audit"),
    Route("cbss.registry.v1.RegistryService/GetOwnEntry", "registry"),
    Route("cbss.registry.v1.RegistryService/PrepareOwnAct", "registry"),
)
