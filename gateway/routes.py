"""The public surface of the mesh. What no process of its table makes public cannot be reached from
outside."""

from dataclasses import dataclass
from datetime import timedelta

from services import mesh

LONGEST = timedelta(seconds=30)
"""The longest deadline that a call may bring."""
LONGEST_STREAM = timedelta(minutes=10)
"""The same of a call in which a client sends many messages: a batch takes its time to come."""


@dataclass(frozen=True, slots=True)
class Route:
    """One public RPC: who serves it and how long it may take."""

    rpc: str
    """Its full name, `cbss.routing.v1.RoutingService/Consult`; the path is the same after a `/`."""
    upstream: str
    """The service behind it."""
    deadline: timedelta = timedelta(seconds=2)
    """What a call gets that comes without a deadline."""
    longest: timedelta = LONGEST
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


WATCHES = "watches"
"""How the upstream of a process's streams is called that stay open: `notices-watches` is the same
processes as `notices`, with a bound of its own."""
_SECONDS = {
    "cbss.routing.v1.NoticeService/Publish": 10,
    "cbss.routing.v1.NoticeService/ListNotices": 5,
    "cbss.routing.v1.BatchService/SubmitBatch": 60,
    "cbss.routing.v1.BatchFileService/SubmitBatchFile": 60,
    "cbss.routing.v1.BatchService/ListBatchResults": 5,
    "cbss.routing.v1.SubmissionService/SubmitMessage": 5,
    "cbss.coding.v1.CodingService/GetTemporaryNumbers": 30,
    "cbss.coding.v1.CodingService/StreamTemporaryNumbers": 600,
    "cbss.coding.v1.CodingService/SubmitRows": 10,
    "cbss.coding.v1.ReidentificationService/GetReidentifiedUnits": 30,
    "cbss.coding.v1.CodingService/ListDeliveryRows": 5,
    "cbss.identification.v1.IdentificationService/CreateBisPerson": 5,
    "cbss.audit.v1.AuditService/ListMyConsultations": 5,
    "cbss.audit.v1.AuditService/ListOwnExchanges": 10,
    "cbss.audit.v1.ErrorReportService/ReportError": 5,
    "cbss.audit.v1.ErrorReportService/DecideErrorReport": 5,
}
"""What takes longer than usual gets more time."""
_OPEN = frozenset(
    {
        "cbss.access.v1.DeliberationService/ListDeliberations",
        "cbss.access.v1.DeliberationService/GetDeliberation",
        "cbss.coding.v1.ProjectService/ListProjects",
        "cbss.coding.v1.ProjectService/GetProject",
    }
)
_STAYS_OPEN = frozenset(
    {
        "cbss.routing.v1.NoticeService/WatchNotices",
        "cbss.routing.v1.BatchService/StreamBatchResults",
        "cbss.routing.v1.BatchFileService/StreamResultFile",
        "cbss.routing.v1.AttachService/Attach",
    }
)
_TAKES_STREAM = frozenset(
    {
        "cbss.routing.v1.BatchService/SubmitBatch",
        "cbss.routing.v1.BatchFileService/SubmitBatchFile",
        "cbss.routing.v1.AttachService/Attach",
        "cbss.coding.v1.CodingService/StreamTemporaryNumbers",
    }
)


def routes_of(process: mesh.Process) -> tuple[Route, ...]:
    """The routes of the public RPCs of a process."""
    return tuple(
        Route(
            rpc,
            f"{process.name}-{WATCHES}" if rpc in _STAYS_OPEN else process.name,
            deadline=timedelta(seconds=_SECONDS.get(rpc, 2)),
            longest=LONGEST_STREAM if rpc in _TAKES_STREAM else LONGEST,
            is_open=rpc in _OPEN,
            takes_stream=rpc in _TAKES_STREAM,
            stays_open=rpc in _STAYS_OPEN,
        )
        for rpc in process.routes
    )


ROUTES = tuple(route for process in mesh.PROCESSES for route in routes_of(process))
"""Every public RPC of the table of the mesh."""
