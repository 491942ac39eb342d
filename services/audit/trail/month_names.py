"""The months of recording: how they are numbered, and how people write them."""

MONTH_BITS = 34
"""How far left of the place in a month its number stands in the order of recording."""


def month_number(year: int, month: int) -> int:
    """A month as it is numbered in the order of recording."""
    return year * 12 + month - 1


def month_name(month: int) -> str:
    """A month as people write it, `2026-11`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_month_name(name: str) -> int:
    """The number of a month that is written `2026-11`; ValueError if it is not one."""
    year, _, month = name.partition("-")
    if len(name) != 7 or not 1 <= int(month) <= 12:
        raise ValueError(name)
    return month_number(int(year), int(month))
