"""What a person says of himself: his day of birth, as far as he knows it, and his sex."""

from cbss.data.v1 import legal_person_data_pb2
from google.type import date_pb2

from services.concepts.failures import invalid
from services.concepts.incomplete_date import IncompleteDate, parse_incomplete_date
from services.concepts.sex import Sex


def decode_incomplete_date(given: date_pb2.Date, *, field: str) -> IncompleteDate | None:
    """A date that may lack its day or month; nothing if it is not told."""
    if (given.year, given.month, given.day) == (0, 0, 0):
        return None
    parts = (given.year, given.month, given.day)
    if min(parts) < 0:
        raise invalid(field, "must not be negative")
    return parse_incomplete_date("{:04d}-{:02d}-{:02d}".format(*parts), field=field)


def decode_sex(given: int, *, field: str) -> Sex | None:
    """The sex; nothing if it is not told."""
    if given == legal_person_data_pb2.SEX_UNSPECIFIED:
        return None
    try:
        return Sex(given)
    except ValueError:
        raise invalid(field, "must be one of the list") from None


def encode_sex(given: Sex | None) -> str:
    """The sex, by its name in the contract."""
    return "SEX_UNSPECIFIED" if given is None else f"SEX_{given.name}"
