"""Rows of the database as model values, and back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import asyncpg

from services.access.model import (
    Accession,
    Deliberation,
    ProposedAccession,
    Standing,
)
from services.access.store import document
from services.access.store.fields import parse_organization
from services.concepts.period import Period


def deliberations(
    rows: Iterable[asyncpg.Record], accessions: Iterable[asyncpg.Record]
) -> tuple[Deliberation, ...]:
    """The deliberations of rows, each with the accessions to it."""
    acceded = _acceded(accessions)
    return tuple(_deliberation(row, acceded.get(row["number"], ())) for row in rows)


def moved_on(
    texts: Mapping[tuple[str, int], Deliberation],
    standings: Iterable[asyncpg.Record],
    accessions: Iterable[asyncpg.Record],
) -> dict[tuple[str, int], Deliberation]:
    """Texts that were read before, where they stand now; what has not moved is the same object."""
    acceded = _acceded(accessions)
    found: dict[tuple[str, int], Deliberation] = {}
    for row in standings:
        number, version = row["number"], row["version"]
        text, now = texts[number, version], tuple(acceded.get(number, ()))
        same = (
            text.standing.value == row["standing"]
            and text.enacted == row["enacted"]
            and text.accessions == now
        )
        found[number, version] = (
            text
            if same
            else replace(
                text,
                standing=Standing(row["standing"]),
                enacted=row["enacted"],
                accessions=now,
            )
        )
    return found


def _acceded(accessions: Iterable[asyncpg.Record]) -> dict[str, list[Accession]]:
    acceded: dict[str, list[Accession]] = {}
    for row in accessions:
        acceded.setdefault(row["number"], []).append(_accession(row))
    return acceded


def proposed_accession(row: asyncpg.Record) -> ProposedAccession:
    """An accession that waits, of a row."""
    return ProposedAccession(_accession(row), row["proposed_by"])


def _deliberation(row: asyncpg.Record, accessions: Sequence[Accession]) -> Deliberation:
    read = document.read(json.loads(row["body"]) | {"status": row["standing"]})
    return replace(read, enacted=row["enacted"], accessions=tuple(accessions))


def _accession(row: asyncpg.Record) -> Accession:
    return Accession(
        parse_organization(row["recipient"]),
        Period(row["valid_from"], row["valid_until"]),
        row["regulation"],
    )


def deliberation_columns(texts: Sequence[Deliberation]) -> list[list[Any]]:
    """Deliberations as columns, which is how `unnest` takes them."""
    return columns_of(
        [
            (
                one.number,
                one.version,
                one.standing.value,
                one.enacted,
                one.moved_by,
                one.validity.begin,
                one.validity.end,
                one.digest,
                json.dumps(document.written_form(one), ensure_ascii=False),
            )
            for one in texts
        ],
        9,
    )


def context_columns(texts: Sequence[Deliberation]) -> list[list[Any]]:
    """The legal contexts of deliberations, each with its number."""
    return columns_of([(at, one.number) for one in texts for at in one.legal_contexts], 2)


def accession_columns(accessions: Mapping[str, Sequence[Accession]]) -> list[list[Any]]:
    """Accessions by the number of their deliberation."""
    return columns_of(
        [
            (number, str(one.recipient), one.period.begin, one.period.end, one.regulation)
            for number, several in accessions.items()
            for one in several
        ],
        5,
    )


def columns_of(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows as columns."""
    return [[row[column] for row in rows] for column in range(width)]
