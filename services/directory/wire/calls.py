"""What all public questions have in common: who calls, for whom, for which purpose, about whom."""

from cbss.common.v1 import information_pb2, ssin_pb2

from services.concepts.failures import InvalidArgument, invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.concepts.status import Status
from services.directory.model import Asked, QualityCode
from services.wire.head import decode_head


def decode_asked(
    information: information_pb2.InformationCustomer, legal_context: str, ssin: str | None = None
) -> Asked:
    """Who asks, for which purpose, about whom. A malformed number is left out."""
    said = decode_head(information, legal_context)
    return Asked(said, None if ssin is None else _person(ssin))


def _person(text: str) -> Ssin | None:
    try:
        return parse_ssin(text)
    except InvalidArgument:
        return None


def decode_quality(text: str, path: str = "quality_code") -> QualityCode:
    """The quality code that a text holds."""
    if len(text) != 3 or not text.isascii() or not text.isdigit():
        raise invalid(path, "must be 3 digits")
    return QualityCode(int(text))


def encode_ssin_result(ssin: str, status: Status) -> ssin_pb2.SsinResult:
    """The number as asked, and what has become of it as far as the status tells."""
    successor = dict(status.information).get("newSSIN")
    return ssin_pb2.SsinResult(ssin=ssin, replaced_by=successor)
