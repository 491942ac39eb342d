"""Units, temporary numbers, rows and pages of deliveries."""

import re
from collections.abc import Sequence
from uuid import UUID

from cbss.coding.v1 import coding_service_pb2 as pb

from services.admission.model import Call
from services.admission.wire import encode_information_cbss
from services.coding.model import Numbered, Row, Unit
from services.coding.usecases.coding import Answered
from services.coding.usecases.deliveries import Handed
from services.coding.wire.projects import encode_delivery
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import FieldViolation, InvalidArgument, invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.kit.caller import Caller
from services.kit.clock import Clock
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.wire import values

MOST_UNITS = MOST_ROWS = 10_000
MOST_FAULTS = 100
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SSIN_DIGITS, _CBE_DIGITS = 11, 10


def decode_units(told: Sequence[pb.Unit]) -> list[Unit]:
    """The units of a list, or all that is wrong with them, by place."""
    if not 1 <= len(told) <= MOST_UNITS:
        raise invalid("units", f"must be 1 to {MOST_UNITS}")
    units: list[Unit] = []
    faults: list[FieldViolation] = []
    for n, one in enumerate(told):
        try:
            units.append(_unit(one, f"units[{n}]"))
        except InvalidArgument as wrong:
            faults += wrong.violations
    if faults:
        raise InvalidArgument(violations=faults[:MOST_FAULTS])
    return units


def _unit(told: pb.Unit, path: str) -> Unit:
    number: Ssin | EnterpriseNumber
    if len(told.number) == _CBE_DIGITS:
        number = parse_enterprise_number(
            _plain(told.number, f"{path}.number"), field=f"{path}.number"
        )
    else:
        number = _person(told.number, f"{path}.number")
    if not told.household_ssin:
        return Unit(number)
    return Unit(number, _person(told.household_ssin, f"{path}.household_ssin"))


def _person(told: str, path: str) -> Ssin:
    if len(told) != _SSIN_DIGITS:
        raise invalid(path, "must be digits only: 11 of a person, 10 of an enterprise")
    return parse_ssin(_plain(told, path), field=path)


def _plain(told: str, path: str) -> str:
    """A number as it is coded: written in one way only, so that it has one code only."""
    if _DIGITS.fullmatch(told) is None:
        raise invalid(path, "must be digits only")
    return told


def encode_numbers(answered: Answered, clock: Clock) -> pb.GetTemporaryNumbersResponse:
    """Temporary numbers."""
    return pb.GetTemporaryNumbersResponse(
        information_cbss=encode_information_cbss(answered.call, clock()),
        status=values.encode_status(answered.status),
        units=map(_numbered, answered.units),
    )


def _numbered(one: Numbered) -> pb.NumberedUnit:
    return pb.NumberedUnit(outcome=f"UNIT_OUTCOME_{one.outcome.name}", temporary_number=one.number)


def decode_rows(told: Sequence[pb.SourceRow]) -> list[tuple[bytes, tuple[str, ...]]]:
    """The rows of a chunk."""
    if not 1 <= len(told) <= MOST_ROWS:
        raise invalid("rows", f"must be 1 to {MOST_ROWS}")
    return [(one.temporary_number, tuple(one.values)) for one in told]


def encode_submitted(answered: Answered, clock: Clock) -> pb.SubmitRowsResponse:
    """That rows were taken."""
    return pb.SubmitRowsResponse(
        information_cbss=encode_information_cbss(answered.call, clock()),
        status=values.encode_status(answered.status),
    )


def decode_page(
    tokens: PageTokens, request: pb.ListDeliveryRowsRequest, caller: Caller, project_id: UUID
) -> int:
    """Which page is asked for."""
    if not request.page_token:
        return 0
    (number,) = tokens.position(request.page_token, caller=_reader(caller), query=project_id.bytes)
    if not isinstance(number, int):
        raise PageTokenInvalid
    return number


def encode_page(
    tokens: PageTokens, caller: Caller, handed: Handed, clock: Clock
) -> pb.ListDeliveryRowsResponse:
    """A page of a delivery."""
    told = pb.ListDeliveryRowsResponse(
        information_cbss=encode_information_cbss(handed.call, clock()),
        status=values.encode_status(handed.status),
    )
    project = handed.project
    if project is None or project.delivery is None:
        return told
    told.delivery.CopyFrom(encode_delivery(project.delivery))
    told.columns.extend(project.plan.columns)
    told.rows.extend(map(_row, handed.rows))
    if handed.next_page is not None:
        told.next_page_token = tokens.token(
            [handed.next_page], caller=_reader(caller), query=project.project_id.bytes
        )
    return told


def _row(row: Row) -> pb.CodedRow:
    return pb.CodedRow(code=row.unit.code, household_code=row.unit.household, values=row.values)


def decode_digest(told: str) -> str:
    """The digest that a recipient computed."""
    if _SHA256.fullmatch(told) is None:
        raise invalid("content_sha256", "must be 64 lower-case hexadecimal digits")
    return told


def encode_acknowledged(call: Call, clock: Clock) -> pb.AcknowledgeDeliveryResponse:
    """That a delivery was confirmed."""
    return pb.AcknowledgeDeliveryResponse(information_cbss=encode_information_cbss(call, clock()))


def _reader(caller: Caller) -> str:
    return "" if caller.client is None else caller.client.public_key_sha256
