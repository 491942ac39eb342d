"""What the mesh tells a person of himself, part by part: the same public RPCs as anybody calls.

A part that cannot be read now is missing, and the rest is there. Which part that was, and why, is
in the log; what it knows of the person never is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from cbss.access.v1 import deliberation_service_pb2 as access_pb
from cbss.access.v1 import deliberation_service_pb2_grpc as access_rpc
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import audit_service_pb2_grpc as audit_rpc
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import decision_notice_service_pb2_grpc as decision_rpc
from cbss.audit.v1 import error_report_service_pb2 as report_pb
from cbss.audit.v1 import error_report_service_pb2_grpc as report_rpc
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as buffer_rpc
from cbss.directory.v1 import directory_service_pb2 as directory_pb
from cbss.directory.v1 import directory_service_pb2_grpc as directory_rpc
from cbss.identification.v1 import identification_service_pb2_grpc as identification_rpc
from cbss.identification.v1 import person_data_pb2 as person_pb
from cbss.rights.v1 import rights_service_pb2 as rights_pb
from cbss.rights.v1 import rights_service_pb2_grpc as rights_rpc

from services.concepts.failures import DeadlineSpent, Failure
from services.kit.bearer import TOKEN
from services.kit.channels import Channel

PAGE = 100
MOST_PAGES = 50
"""How far one list is read for one page: five thousand entries."""
log = structlog.get_logger()


class TokenOver(Exception):
    """A service says that the access token has ended: it is renewed, and asked again."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which uses of data are asked: those of a time, or all."""

    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What was read: lists by their names in the extract, and the parts that could not be read."""

    lists: Mapping[str, Sequence[Any]]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """How a part is asked, and which lists are in its answer."""

    call: Callable[..., Awaitable[Any]]
    request: Callable[[Window], Any]
    lists: tuple[str, ...]
    once: tuple[str, ...] = ()
    """Lists that every page of the answer repeats whole."""


_ENDED = object()


class Mesh:
    """The mesh, as it is called for one person at a time."""

    def __init__(self, channel: Channel, patience: timedelta) -> None:
        self._patience = patience.total_seconds()
        self._errors = report_rpc.ErrorReportServiceStub(channel)
        self._directory = directory_rpc.DirectoryServiceStub(channel)
        self._register = access_rpc.DeliberationServiceStub(channel)
        self._parts = _parts(channel)

    async def read(self, token: str, parts: Sequence[str], window: Window | None = None) -> Read:
        """Some parts of what is kept about whom the token is of, side by side; TokenOver."""
        with _calling_for(token):
            told = await asyncio.gather(*(self._part(one, window or Window()) for one in parts))
        if any(one is _ENDED for one in told):
            raise TokenOver
        lists = {name: some for one in told if one is not None for name, some in one.items()}
        missing = {name for name, one in zip(parts, told, strict=True) if one is None}
        return Read(lists, frozenset(missing))

    async def report(self, token: str, request: report_pb.ReportErrorRequest) -> Any:
        """Report an error in the data of whom the token is of; the report as it is kept, a Failure
        if it is not taken."""
        with _calling_for(token):
            answer = await self._errors.ReportError(request, timeout=self._patience)
        return answer.report

    async def deliberations(self) -> list[Any]:
        """The public register of deliberations."""
        request = access_pb.ListDeliberationsRequest(page_size=PAGE)
        pages = await self._pages(self._register.ListDeliberations, request)
        return [one for page in pages for one in page.deliberations]

    async def contracts(self) -> list[Any]:
        """The data contracts of the public catalogue."""
        request = directory_pb.ListDataContractsRequest(page_size=PAGE)
        pages = await self._pages(self._directory.ListDataContracts, request)
        return [one for page in pages for one in page.data_contracts]

    async def _part(self, name: str, window: Window) -> Any:
        """The lists of a part by their names; nothing if they cannot be read now."""
        part = self._parts[name]
        try:
            request = part.request(window)
            pages = (
                await self._pages(part.call, request)
                if part.lists
                else [await part.call(request, timeout=self._patience)]
            )
        except TimeoutError:
            _say_unread(name, DeadlineSpent())
            return None
        except Failure as failed:
            if failed.facts.get("reason") == "TOKEN_ENDED":
                return _ENDED
            _say_unread(name, failed)
            return None
        whole = {one: getattr(pages[0], one) for one in part.once}
        return whole | {
            one: [each for page in pages for each in getattr(page, one)] for one in part.lists
        }

    async def _pages(self, call: Callable[..., Awaitable[Any]], request: Any) -> list[Any]:
        pages: list[Any] = []
        async with asyncio.timeout(self._patience):
            while not pages or (pages[-1].next_page_token and len(pages) < MOST_PAGES):
                request.page_token = pages[-1].next_page_token if pages else ""
                pages.append(await call(request, timeout=self._patience))
        return pages


def _parts(channel: Channel) -> Mapping[str, _Part]:
    return {
        "numbers": _Part(
            identification_rpc.IdentificationServiceStub(channel).ListMyPersonData,
            lambda _: person_pb.ListMyPersonDataRequest(page_size=PAGE),
            ("data",),
            once=("numbers", "cards"),
        ),
        "files": _Part(
            directory_rpc.DirectoryServiceStub(channel).ListMyFiles,
            lambda _: directory_pb.ListMyFilesRequest(page_size=PAGE),
            ("files",),
        ),
        "facts": _Part(
            buffer_rpc.BufferServiceStub(channel).ListMyFacts,
            lambda _: buffer_pb.ListMyFactsRequest(page_size=PAGE),
            ("facts",),
        ),
        "reports": _Part(
            report_rpc.ErrorReportServiceStub(channel).ListErrorReports,
            lambda _: report_pb.ListErrorReportsRequest(page_size=PAGE),
            ("reports",),
        ),
        "decisions": _Part(
            decision_rpc.DecisionNoticeServiceStub(channel).ListMyDecisions,
            lambda _: decision_pb.ListMyDecisionsRequest(page_size=PAGE),
            ("notices",),
        ),
        "rights": _Part(
            rights_rpc.RightsServiceStub(channel).ListMyRights,
            lambda _: rights_pb.ListMyRightsRequest(),
            (),
            once=("rights",),
        ),
        "consultations": _Part(
            audit_rpc.AuditServiceStub(channel).ListMyConsultations,
            _consultations,
            ("consultations",),
        ),
    }


def _consultations(window: Window) -> audit_pb.ListMyConsultationsRequest:
    request = audit_pb.ListMyConsultationsRequest(page_size=PAGE)
    if window.begins is not None:
        request.occurred_from.FromDatetime(window.begins)
    if window.ends is not None:
        request.occurred_until.FromDatetime(window.ends)
    return request


def _say_unread(part: str, failed: Failure) -> None:
    reason = failed.facts.get("reason", failed.reason())
    log.warning("part not read", part=part, reason=reason)


@contextmanager
def _calling_for(token: str) -> Iterator[None]:
    before = TOKEN.set(token)
    try:
        yield
    finally:
        TOKEN.reset(before)
