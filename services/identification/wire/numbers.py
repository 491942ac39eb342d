"""Between the contract's messages and the values of identification; what arrives is parsed here."""

from collections.abc import Iterable

from cbss.identification.v1 import identification_service_pb2 as pb

from services.concepts.failures import invalid
from services.concepts.ssin import Ssin, parse_ssin
from services.identification.model.numbers import Resolved
from services.wire import values

MOST_SSINS = 1000


def decode_ssins(request: pb.ResolveSsinsRequest) -> list[Ssin]:
    """The numbers in order; fails naming the first that is malformed."""
    if not 1 <= len(request.ssins) <= MOST_SSINS:
        raise invalid("ssins", f"must be 1 to {MOST_SSINS}")
    return [parse_ssin(text, field=f"ssins[{n}]") for n, text in enumerate(request.ssins)]


def encode_resolved(results: Iterable[Resolved]) -> pb.ResolveSsinsResponse:
    """What the numbers are."""
    return pb.ResolveSsinsResponse(results=map(_result, results))


def _result(result: Resolved) -> pb.ResolvedSsin:
    deceased = result.deceased_on
    return pb.ResolvedSsin(
        ssin=result.ssin.digits,
        state=result.state.value,  # type: ignore[arg-type]
        replaced_by=None if result.replaced_by is None else result.replaced_by.digits,
        deceased_on=None if deceased is None else values.encode_day(deceased),
    )
