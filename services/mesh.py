"""The one table of the mesh: which processes there are, whom each calls, what the world may ask.

Everything else that lists processes is derived from here: where the sandbox lets them listen, which
certificates and databases it makes, what it migrates; the upstreams and routes of the edge; what
the law tests look at. A new service is one more entry, and `services/<name>/` with its rooms.

Who may call which RPC stays a literal table in each service (`callers.py`): it is read where it is
enforced, by whoever reviews the service. That it is what this table says, what the contract says
and what the code does is a law test.
"""

from collections.abc import Sequence

from services.process import Kind, Process

__all__ = [
    "PROCESSES",
    "Kind",
    "Process",
    "clients",
    "databases",
    "named_in_certificates",
    "of_kind",
    "process",
    "process_named",
    "upstreams",
]

PROCESSES: tuple[Process, ...] = (
    Process(
        name="gateway",
        kind=Kind.EDGE,
        package="gateway",
        port=7443,
        calls=(
            "routing",
            "notices",
            "batches",
            "attach",
            "directory",
            "rights",
            "buffer",
            "coding",
            "identification",
            "access",
            "audit",
            "registry",
        ),
    ),
    Process(
        name="routing",
        kind=Kind.SERVICE,
        package="services.routing",
        port=7104,
        calls=("directory", "identification", "access", "audit", "registry"),
        database="routing",
        public=("RoutingService/Consult",),
    ),
    Process(
        name="notices",
        kind=Kind.COMPANION,
        package="services.routing.notices",
        port=7109,
        calls=("directory", "identification", "audit", "registry"),
        database="routing",
        public=(
            "NoticeService/Publish",
            "NoticeService/ListNotices",
            "NoticeService/WatchNotices",
            "NoticeService/AcknowledgeNotices",
            "SubmissionService/SubmitMessage",
            "SubmissionService/AnswerSubmission",
            "SubmissionService/ListAnswers",
        ),
        beside="routing",
    ),
    Process(
        name="batches",
        kind=Kind.COMPANION,
        package="services.routing.batches",
        port=7111,
        calls=("access", "audit", "registry"),
        database="routing",
        public=(
            "BatchService/SubmitBatch",
            "BatchService/GetBatch",
            "BatchService/ListBatches",
            "BatchService/ListBatchResults",
            "BatchService/StreamBatchResults",
            "BatchService/CancelBatch",
            "BatchFileService/SubmitBatchFile",
            "BatchFileService/GetBatchFile",
            "BatchFileService/StreamResultFile",
        ),
        beside="routing",
    ),
    Process(
        name="batches-worker",
        kind=Kind.WORKER,
        package="services.routing.batches.worker",
        port=7112,
        calls=("directory", "identification", "access", "audit", "registry"),
        database="routing",
        beside="routing",
    ),
    Process(
        name="attach",
        kind=Kind.COMPANION,
        package="services.routing.attaching",
        port=7113,
        calls=("audit", "registry"),
        database="routing",
        public=("AttachService/Attach",),
        beside="routing",
        supplies=True,
    ),
    Process(
        name="directory",
        kind=Kind.SERVICE,
        package="services.directory",
        port=7102,
        calls=("identification", "access", "audit", "registry"),
        database="directory",
        public=(
            "DirectoryService/ListDataContracts",
            "DirectoryService/RegisterPerson",
            "DirectoryService/UnregisterPerson",
            "DirectoryService/ListRegistrations",
            "DirectoryService/Subscribe",
            "DirectoryService/Unsubscribe",
            "DirectoryService/ListSubscriptions",
            "DirectoryService/ListMyFiles",
        ),
    ),
    Process(
        name="rights",
        kind=Kind.SERVICE,
        package="services.rights",
        port=7117,
        calls=("buffer", "identification", "audit"),
        database="rights",
        public=("RightsService/ListMyRights", "RightsService/WhatIf"),
        supplies=True,
    ),
    Process(
        name="buffer",
        kind=Kind.SERVICE,
        package="services.buffer",
        port=7106,
        calls=("identification", "audit"),
        database="buffer",
        public=("BufferService/ListMyFacts",),
        supplies=True,
    ),
    Process(
        name="coding",
        kind=Kind.SERVICE,
        package="services.coding",
        port=7114,
        calls=("identification", "access", "audit", "registry"),
        database="coding",
        public=(
            "CodingService/GetTemporaryNumbers",
            "CodingService/StreamTemporaryNumbers",
            "CodingService/SubmitRows",
            "CodingService/ListDeliveryRows",
            "CodingService/AcknowledgeDelivery",
            "ProjectService/ListProjects",
            "ProjectService/GetProject",
            "ReidentificationService/GetReidentifiedUnits",
        ),
    ),
    Process(
        name="identification",
        kind=Kind.SERVICE,
        package="services.identification",
        port=7101,
        calls=("access", "audit"),
        database="identification",
        public=(
            "IdentificationService/SearchPersons",
            "IdentificationService/VerifyPerson",
            "IdentificationService/CreateBisPerson",
            "IdentificationService/UpdatePerson",
            "IdentificationService/ReplaceSsin",
            "IdentificationService/GetEnterprise",
            "IdentificationService/RegisterEnterprise",
            "IdentificationService/ListMyPersonData",
        ),
    ),
    Process(
        name="access",
        kind=Kind.SERVICE,
        package="services.access",
        port=7103,
        calls=("audit", "registry"),
        database="access",
        public=("DeliberationService/ListDeliberations", "DeliberationService/GetDeliberation"),
    ),
    Process(
        name="audit",
        kind=Kind.SERVICE,
        package="services.audit",
        port=7105,
        calls=("registry",),
        database="audit",
        public=(
            "AuditService/ListMyConsultations",
            "AuditService/ListOwnExchanges",
            "ErrorReportService/ReportError",
            "ErrorReportService/ListErrorReports",
            "ErrorReportService/DecideErrorReport",
            "ErrorReportService/ListCorrectionNotices",
            "ErrorReportService/AcknowledgeCorrectionNotice",
            "DecisionNoticeService/RecordDecision",
            "DecisionNoticeService/ListMyDecisions",
            "OversightService/ListAlerts",
            "OversightService/AcknowledgeAlert",
            "OversightService/GetMonthlyReport",
        ),
    ),
    Process(
        name="registry",
        kind=Kind.SERVICE,
        package="services.registry",
        port=7110,
        database="registry",
        public=("RegistryService/GetOwnEntry", "RegistryService/PrepareOwnAct"),
    ),
    Process(
        name="sequencer",
        kind=Kind.WORKER,
        package="services.audit.log.sequencer",
        port=7107,
        database="audit",
    ),
    Process(name="portal", kind=Kind.WEB, package="services.portal", port=7120, is_client=True),
    Process(name="witness", kind=Kind.WEB, package="services.witness", port=7108, most=1),
    Process(
        name="figures",
        kind=Kind.JOB,
        package="services.directory.bulk",
        database="directory",
        most=1,
    ),
    Process(
        name="oversight",
        kind=Kind.JOB,
        package="services.audit.oversight",
        database="audit",
        most=1,
    ),
    Process(
        name="retention",
        kind=Kind.JOB,
        package="services.audit.retention",
        database="audit",
        most=1,
    ),
)
"""From left to right: a process calls only those after it."""


def of_kind(*kinds: Kind) -> tuple[Process, ...]:
    """The processes of some kinds."""
    return tuple(process for process in PROCESSES if process.kind in kinds)


def process_named(processes: Sequence[Process]) -> tuple[str, ...]:
    """Their names."""
    return tuple(process.name for process in processes)


def named_in_certificates() -> tuple[str, ...]:
    """Who proves itself to others in the mesh."""
    return process_named(of_kind(Kind.EDGE, Kind.SERVICE))


def clients() -> tuple[str, ...]:
    """Who stands outside the mesh and is reached through a door of the edge."""
    return tuple(process.name for process in PROCESSES if process.is_client)


def databases() -> tuple[str, ...]:
    """The databases there are; each belongs to the service of its name, which migrates it."""
    return tuple(process.owns for process in PROCESSES if process.owns)


def upstreams() -> tuple[Process, ...]:
    """The processes that the edge passes calls on to."""
    return tuple(process for process in PROCESSES if process.public)


def process(name: str) -> Process:
    """The process of a name; KeyError if there is none."""
    return {one.name: one for one in PROCESSES}[name]
