"""Deliberations compiled once, so that a decision is a handful of look-ups however many there are.

A snapshot never changes. It holds every version of every act with its dates; which of them governs
depends on the day of the question, so that midnight needs no new snapshot.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.access.errors import LegalContextOwned
from services.access.model import (
    ActVersion,
    DataBlock,
    Deliberation,
    Granted,
    Kind,
    Mode,
    PeriodRule,
    Reason,
    Refused,
    Standing,
)
from services.concepts.data_contract import ContractName
from services.concepts.legal_context import LegalContext
from services.concepts.organization import Organization
from services.concepts.period import Period


@dataclass(frozen=True, slots=True)
class Block:
    """A data block with the one grant that it can give."""

    modes: frozenset[Mode]
    granted: Granted


@dataclass(frozen=True, slots=True)
class Act:
    """One version of a deliberation, in the form in which it is looked up."""

    in_force: bool
    validity: Period
    legal_contexts: frozenset[LegalContext]
    recipients: frozenset[Organization]
    open_to_accession: bool
    general: bool
    accessions: Mapping[Organization, tuple[Period, ...]]
    blocks: Mapping[ContractName, Block]
    period: PeriodRule
    refused: Mapping[Reason, Refused]


Acts = tuple[Act, ...]
"""The versions of one deliberation, the latest first."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that was decided, at one moment. `version` changes when any of it does."""

    version: str
    acts: Mapping[LegalContext, Acts]


def compiled(deliberations: Iterable[Deliberation]) -> Snapshot:
    """The snapshot of these deliberations, in whatever order they come."""
    ordered = sorted(deliberations, key=lambda one: (one.number, one.version))
    by_number: dict[str, list[Deliberation]] = defaultdict(list)
    for deliberation in ordered:
        by_number[deliberation.number].append(deliberation)
    acts: dict[LegalContext, Acts] = {}
    for versions in by_number.values():
        compiled_versions = tuple(_act(one) for one in reversed(_governing(versions)))
        for context in {context for one in versions for context in one.legal_contexts}:
            if context in acts:
                raise LegalContextOwned(facts={"legal_context": context})
            acts[context] = compiled_versions
    return Snapshot(_digest(ordered), acts)


def governing(acts: Acts, day: date) -> Act:
    """The version that speaks on a day: the latest that has begun, or the first to begin.

    An amendment ends the version before it on the day it begins, whatever becomes of it later: a
    suspended amendment does not bring back what it replaced.
    """
    for act in acts:
        if act.validity.begin <= day:
            return act
    return acts[-1]


def _governing(versions: Sequence[Deliberation]) -> Sequence[Deliberation]:
    # What is only proposed replaces nothing yet; alone it makes its legal contexts known.
    public = [one for one in versions if one.standing is not Standing.PROPOSED]
    return public or versions


def _act(text: Deliberation) -> Act:
    act = ActVersion(text.number, text.version)
    accessions: dict[Organization, list[Period]] = defaultdict(list)
    for accession in text.accessions:
        accessions[accession.recipient].append(accession.period)
    return Act(
        in_force=text.standing is Standing.IN_FORCE,
        validity=text.validity,
        legal_contexts=frozenset(text.legal_contexts),
        recipients=frozenset(text.recipients),
        open_to_accession=text.open_to_accession,
        general=text.kind is Kind.GENERAL,
        accessions={recipient: tuple(periods) for recipient, periods in accessions.items()},
        blocks={block.contract: _block(text, act, block) for block in text.data_blocks},
        period=text.period,
        refused={reason: Refused(reason, act) for reason in Reason},
    )


def _block(text: Deliberation, act: ActVersion, block: DataBlock) -> Block:
    granted = Granted(
        act,
        block.fields,
        text.person_categories.quality_codes,
        text.senders,
        text.retention_days,
        text.hourly_quota,
    )
    return Block(frozenset(block.modes), granted)


def _digest(ordered: Iterable[Deliberation]) -> str:
    content = hashlib.sha256()
    for one in ordered:
        state = (one.number, one.version, one.digest, one.standing.value, repr(one.accessions))
        content.update(repr(state).encode())
    return content.hexdigest()
