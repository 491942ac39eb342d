"""The lexical forms of XML Schema, as values of messages.

Source: W3C XML Schema, part 2 (datatypes). A day may carry a zone, which says nothing more of a
day; a month or a day of it may be 00 in the registers, and official answers hold days that no
calendar has, such as 31 November: they stay as they are written.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date

_BELGIUM = ZoneInfo("Europe/Brussels")
_ZONE = r"(Z|[+-]\d{2}:\d{2})?"
_DAY = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){_ZONE}")
_INSTANT = re.compile(
    rf"(\d{{4}}-\d{{2}}-\d{{2}})[T ](\d{{2}}:\d{{2}}(?::\d{{2}})?)(?:\.(\d{{1,9}})\d*)?{_ZONE}"
)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_WHOLE = re.compile(r"[+-]?\d+(\.0*)?")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}

Convert = Callable[[str], Any]


def decode_flag(written: str) -> bool:
    """Yes or no, written as a word or as a digit."""
    return _FLAGS[written]


def decode_whole(written: str) -> int:
    """A whole number: `09` and `+9` are 9."""
    if _WHOLE.fullmatch(written) is None:
        raise ValueError("is no whole number")
    return int(written.partition(".")[0])


def decode_cents(written: str) -> int:
    """An amount in euros, exactly, in eurocents: `.65`, `+1.00` and `1` are amounts."""
    if _DECIMAL.fullmatch(written) is None:
        raise ValueError("is no amount")
    cents = Decimal(written).scaleb(2)
    if cents != cents.to_integral_value():
        raise ValueError("is finer than a eurocent")
    return int(cents)


def decode_day(written: str) -> Date:
    """A day as the source writes it, even if no calendar has it."""
    found = _DAY.fullmatch(written)
    if found is None:
        # A day can be written as the instant at which it begins.
        instant = _INSTANT.fullmatch(written)
        found = instant and _DAY.fullmatch(instant[1])
    if not found:
        raise ValueError("is no day")
    return Date(year=int(found[1]), month=int(found[2]), day=int(found[3]))


def decode_instant(written: str) -> Timestamp:
    """An instant; without a zone it is one of the clock in Belgium. Seconds may be left out."""
    found = _INSTANT.fullmatch(written)
    if found is None:
        raise ValueError("is no instant")
    day, time, fraction, zone = found.groups()
    at = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=_zone(zone))
    instant = Timestamp(nanos=int((fraction or "0").ljust(9, "0")))
    instant.seconds = int(at.timestamp())
    return instant


def _zone(written: str | None) -> tzinfo:
    if written is None:
        return _BELGIUM
    if written == "Z":
        return UTC
    hours, minutes = int(written[1:3]), int(written[4:6])
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if written[0] == "-" else ahead)
