"""Enterprises and establishments on the wire."""

from collections.abc import Sequence
from typing import Any

from cbss.identification.v1 import enterprise_pb2

from services.concepts.enterprise_number import (
    parse_enterprise_number,
    parse_establishment_number,
)
from services.concepts.failures import InvalidArgument, invalid
from services.concepts.resolved_enterprise import ResolvedEnterprise
from services.concepts.subject import CbeNumber, parse_cbe_number
from services.identification.model.calls import Unreadable
from services.identification.model.enterprises import Enterprise, Establishment
from services.identification.wire.reasons import decode_refusal
from services.wire import values

LONGEST_NAME = 320
MOST_NUMBERS = 1000


def decode_number(request: enterprise_pb2.GetEnterpriseRequest) -> CbeNumber:
    """The number of an enterprise or of an establishment."""
    return parse_cbe_number(request.number, field="number")


def decode_numbers(request: enterprise_pb2.ResolveEnterprisesRequest) -> list[CbeNumber]:
    """The numbers in order; fails naming the first that is malformed."""
    if not 1 <= len(request.cbe_numbers) <= MOST_NUMBERS:
        raise invalid("cbe_numbers", f"must be 1 to {MOST_NUMBERS}")
    return [
        parse_cbe_number(text, field=f"cbe_numbers[{n}]")
        for n, text in enumerate(request.cbe_numbers)
    ]


def encode_resolved(
    numbers: Sequence[CbeNumber], results: Sequence[ResolvedEnterprise]
) -> enterprise_pb2.ResolveEnterprisesResponse:
    """What the numbers are."""
    return enterprise_pb2.ResolveEnterprisesResponse(
        results=[
            enterprise_pb2.ResolvedEnterprise(
                cbe_number=number.digits,
                state=one.state.value,  # type: ignore[arg-type]
                end_date=None if one.ended_on is None else values.encode_day(one.ended_on),
                enterprise_number="" if one.enterprise is None else one.enterprise.digits,
            )
            for number, one in zip(numbers, results, strict=True)
        ]
    )


def decode_registration(
    request: enterprise_pb2.RegisterEnterpriseRequest,
) -> Enterprise | Establishment | Unreadable:
    """What is to be registered."""
    try:
        match request.WhichOneof("registered"):
            case "enterprise":
                return _enterprise(request.enterprise)
            case "establishment":
                return _establishment(request.establishment)
        raise invalid("registered", "must be an enterprise or an establishment")
    except InvalidArgument as wrong:
        return decode_refusal(wrong)


def _enterprise(given: enterprise_pb2.Enterprise) -> Enterprise:
    field = "enterprise"
    number = parse_enterprise_number(given.cbe_number, field=f"{field}.cbe_number")
    _bounded(given.name, f"{field}.name", LONGEST_NAME, required=True)
    _bounded(given.status, f"{field}.status", 8)
    _bounded(given.juridical_form, f"{field}.juridical_form", 8)
    _bounded(given.postal_code, f"{field}.postal_code", 15)
    start = given.start_date if given.HasField("start_date") else None
    return Enterprise(
        number,
        given.name,
        given.status,
        given.juridical_form,
        None if start is None else values.decode_day(start, f"{field}.start_date"),
        given.postal_code,
    )


def _establishment(given: enterprise_pb2.Establishment) -> Establishment:
    field = "establishment"
    _bounded(given.name, f"{field}.name", LONGEST_NAME)
    _bounded(given.postal_code, f"{field}.postal_code", 15)
    return Establishment(
        parse_establishment_number(
            given.establishment_number, field=f"{field}.establishment_number"
        ),
        parse_enterprise_number(given.cbe_number, field=f"{field}.cbe_number"),
        values.decode_day(given.since, f"{field}.since"),
        given.name,
        given.postal_code,
    )


def _bounded(text: str, field: str, most: int, *, required: bool = False) -> None:
    if len(text) > most or not text.isprintable() or (required and not text.strip()):
        raise invalid(field, f"must be {1 if required else 0} to {most} characters")


def encode_get_enterprise(
    head: dict[str, Any], found: Enterprise | None
) -> enterprise_pb2.GetEnterpriseResponse:
    """The answer to a look-up."""
    return enterprise_pb2.GetEnterpriseResponse(
        **head, enterprise=None if found is None else _message(found)
    )


def _message(one: Enterprise) -> enterprise_pb2.Enterprise:
    return enterprise_pb2.Enterprise(
        cbe_number=one.number.digits,
        name=one.name,
        status=one.status,
        juridical_form=one.juridical_form,
        start_date=None if one.start is None else values.encode_day(one.start),
        end_date=None if one.end is None else values.encode_day(one.end),
        postal_code=one.postal_code,
        establishments=[
            enterprise_pb2.Establishment(
                establishment_number=unit.number.digits,
                name=unit.name,
                cbe_number=unit.enterprise.digits,
                since=values.encode_day(unit.since),
                postal_code=unit.postal_code,
            )
            for unit in one.establishments
        ],
    )
