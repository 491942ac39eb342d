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


LONGEST_REVISION = 18
"""Digits of a revision: what fits into the store's numbers."""

Acts = tuple[Act, ...]
"""The versions of one deliberation, the latest first."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that was decided, at one moment. `version` changes when any of it does."""

    version: str
    acts: Mapping[LegalContext, Acts]


def compile_snapshot(deliberations: Iterable[Deliberation], revision: int = 0) -> Snapshot:
    """The snapshot of these deliberations, in whatever order they come.

    Its version names the revision of the store, and proves by a digest what was held there.
    """
    return Compiler().compiled(deliberations, revision)


def revision_of(version: str) -> int | None:
    """The revision that a snapshot's version names; nothing if it is no such version."""
    number, dash, _ = version.partition("-")
    usable = dash and number.isascii() and number.isdigit() and len(number) <= LONGEST_REVISION
    return int(number) if usable else None


class Compiler:
    """Compiles snapshots one after the other, and of each only what has changed since the last."""

    def __init__(self) -> None:
        self._known: dict[str, _Compiled] = {}

    def compiled(self, deliberations: Iterable[Deliberation], revision: int) -> Snapshot:
        """The snapshot of these deliberations."""
        by_number: dict[str, list[Deliberation]] = defaultdict(list)
        for deliberation in deliberations:
            by_number[deliberation.number].append(deliberation)
        acts: dict[LegalContext, Acts] = {}
        content = hashlib.sha256()
        known: dict[str, _Compiled] = {}
        for number in sorted(by_number):
            versions = sorted(by_number[number], key=_version)
            state = _state(versions)
            content.update(state)
            one = self._known.get(number)
            if one is None or one.state != state:
                one = _compiled(versions, state)
            known[number] = one
            for context in one.contexts:
                if context in acts:
                    raise LegalContextOwned(facts={"legal_context": context})
                acts[context] = one.acts
        self._known = known
        return Snapshot(f"{revision}-{content.hexdigest()}", acts)


@dataclass(frozen=True, slots=True)
class _Compiled:
    state: bytes
    contexts: frozenset[LegalContext]
    acts: Acts


def _compiled(versions: Sequence[Deliberation], state: bytes) -> _Compiled:
    contexts = frozenset(context for one in versions for context in one.legal_contexts)
    return _Compiled(state, contexts, tuple(map(_act, reversed(_governing(versions)))))


def _version(text: Deliberation) -> int:
    return text.version


def _state(versions: Sequence[Deliberation]) -> bytes:
    """The digest of all that a number's versions say and where they stand."""
    content = hashlib.sha256()
    for one in versions:
        head = f"{one.number}|{one.version}|{one.digest}|{one.standing.value}|{one.enacted}"
        content.update(head.encode())
        for acc in one.accessions:
            period = acc.period
            line = f"|{acc.recipient}~{period.begin}~{period.end}~{acc.regulation!r}"
            content.update(line.encode())
    return content.digest()


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
    # What was never enacted replaces nothing; alone it makes its legal contexts known.
    public = [one for one in versions if one.enacted]
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
        text.expected_hourly_volume,
        block.undisclosable_addresses,
        text.person_categories.household,
        text.frequency,
        text.notify_subject,
        block.criteria,
    )
    return Block(frozenset(block.modes), granted)
