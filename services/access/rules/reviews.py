"""What makes deliberations fit to be decided on, beyond each being well written.

A set of deliberations is stored as a whole or not at all; a review tells everything that is wrong
with it, so that it can be put right in one go.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Protocol

from services.access.model import (
    EVERYTHING,
    DataBlock,
    Deliberation,
    Kind,
    Mode,
    Standing,
    Writing,
)
from services.access.rules.accessions import admits
from services.concepts import reference
from services.concepts.criteria import CriterionLimit, Message
from services.concepts.data_contract import ContractName
from services.concepts.legal_context import LegalContext
from services.concepts.organization import Organization


class Contracts(Protocol):
    """Knows the data contracts, by the messages in which they answer."""

    def knows(self, contract: ContractName) -> bool: ...

    def has(self, contract: ContractName, path: str) -> bool: ...

    def household_of(self, contract: ContractName) -> Sequence[str]: ...

    def flaw_of(self, contract: ContractName, limit: CriterionLimit) -> str | None: ...

    def writing_of(self, contract: ContractName) -> Writing | None: ...

    def read_criteria(self, contract: ContractName, type_name: str, content: bytes) -> Message: ...


class Parties(Protocol):
    """Knows the organizations of the network, and the places in it."""

    def knows(self, organization: Organization) -> bool: ...

    def find(self, organization: Organization) -> reference.Organization | None: ...

    def has_kind(self, kind: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: in which deliberation of the set (from 0), in which field, and what."""

    index: int
    field: str
    description: str


def review(
    texts: Sequence[Deliberation],
    stored: Iterable[Deliberation],
    contracts: Contracts,
    parties: Parties,
) -> list[Finding]:
    """Everything that is wrong with the texts, given what is stored already."""
    there = list(stored)
    findings: list[Finding] = []
    for index, text in enumerate(texts):
        alone = (
            *_data(text, contracts),
            *_dates(text),
            *_recipients(text, parties),
            *_writing(text, contracts, parties),
            *_accessions(text),
            *_parties(text, parties),
        )
        findings += [Finding(index, field, description) for field, description in alone]
        findings += [Finding(index, field, said) for field, said in _left(text, there, parties)]
    findings += _versions(texts, there)
    findings += _ownership(texts, there)
    return sorted(findings, key=lambda finding: finding.index)


Wrong = Iterator[tuple[str, str]]
"""Fields with what is wrong with them."""


def review_proposal(text: Deliberation, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with a text as a proposal of today, beyond what a review finds."""
    if text.standing is not Standing.PROPOSED:
        yield "status", "must be absent or PROPOSED: only enacting puts a deliberation into force"
    if text.accessions:
        # They would count for the version in force at once, before anybody else had a look.
        yield "accessions", "must be absent or empty: an organization accedes to what is in force"
    if text.decided_on > today:
        yield "decided_on", "must not be after today: what is not decided cannot be proposed"
    if text.validity.begin < today:
        yield "valid_from", "must not be before today: what was exchanged then was not covered"


def _data(text: Deliberation, contracts: Contracts) -> Wrong:
    seen: set[ContractName] = set()
    for number, block in enumerate(text.data_blocks):
        here = f"data_blocks[{number}]"
        if not contracts.knows(block.contract):
            yield f"{here}.contract", f"{block.contract} is no data contract"
            continue
        if block.contract in seen:
            yield f"{here}.contract", f"{block.contract} has a block already"
        seen.add(block.contract)
        for place, path in enumerate(block.fields):
            if path != EVERYTHING and not contracts.has(block.contract, path):
                yield f"{here}.fields[{place}]", f"{block.contract} has no field {path}"
            if path in block.fields[:place]:
                yield f"{here}.fields[{place}]", f"{path} is listed twice"
            if not text.person_categories.household and (
                about := _household(path, contracts, block)
            ):
                yield (
                    f"{here}.fields[{place}]",
                    f"{about} is about the household, which is excluded",
                )
        yield from _criteria(block, here, contracts)


def _criteria(block: DataBlock, here: str, contracts: Contracts) -> Wrong:
    if block.criteria and Mode.PUSH in block.modes:
        yield f"{here}.criteria", "must be absent where data are pushed: nobody asks with criteria"
    for place, limit in enumerate(block.criteria):
        field = f"{here}.criteria[{place}]"
        if flaw := contracts.flaw_of(block.contract, limit):
            yield field, flaw
        for other in block.criteria[:place]:
            if other.field == limit.field:
                yield field, f"{limit.field} is limited twice"
            elif _contradict(other, limit) or _contradict(limit, other):
                yield field, f"{limit.field} contradicts {other.field}"


def _contradict(left_out: CriterionLimit, needed: CriterionLimit) -> bool:
    above = needed.field.startswith(f"{left_out.field}.")
    return left_out.forbids and above and not needed.forbids


def _household(path: str, contracts: Contracts, block: DataBlock) -> str | None:
    """What of the household a path grants, if it grants any of it."""
    for about in contracts.household_of(block.contract):
        if path == EVERYTHING or f"{about}.".startswith(f"{path}."):
            return about
        if path.startswith(f"{about}."):
            return path
    return None


def _parties(text: Deliberation, parties: Parties) -> Wrong:
    named = (
        ("senders[{}]", text.senders),
        ("recipients[{}]", text.recipients),
        ("processors[{}]", text.processors),
        ("accessions[{}].recipient", tuple(one.recipient for one in text.accessions)),
    )
    for field, organizations in named:
        for at, organization in enumerate(organizations):
            if not parties.knows(organization):
                yield field.format(at), f"{organization} is no organization of the network"


def _dates(text: Deliberation) -> Wrong:
    if text.validity.begin < text.decided_on:
        yield "valid_from", "must not be before decided_on: what was not decided covers nothing"
    for number, accession in enumerate(text.accessions):
        if accession.period.begin < text.validity.begin and text.version == 1:
            yield f"accessions[{number}].valid_from", "must not be before the deliberation's"


def _recipients(text: Deliberation, parties: Parties) -> Wrong:
    general = text.kind is Kind.GENERAL
    if text.may_accede is not None and not general:
        yield "may_accede", "must be absent, unless the kind is GENERAL"
    for number, kind in enumerate(text.may_accede.kinds if text.may_accede else ()):
        if not parties.has_kind(kind):
            yield f"may_accede.kinds[{number}]", f"{kind} is no kind of organization"
    if text.accessions and not general:
        yield "accessions", "must be absent or empty, unless the kind is GENERAL"
    if not text.recipients and not text.open_to_accession:
        yield "recipients", "must name one at least, unless it is open to accession"
    for number, accession in enumerate(text.accessions):
        recipient = accession.recipient
        if not admits(text, recipient, parties.find(recipient)):
            field = f"accessions[{number}].recipient"
            yield field, f"{recipient} is neither a recipient nor of the class that may accede"


def _writing(text: Deliberation, contracts: Contracts, parties: Parties) -> Wrong:
    for number, block in enumerate(text.data_blocks):
        writing = contracts.writing_of(block.contract)
        if writing is None:
            continue
        for at, context in enumerate(text.legal_contexts):
            if context.partition(":")[0] not in writing.purposes:
                yield f"legal_contexts[{at}]", f"{context} may not carry {block.contract}"
        for at, recipient in enumerate(text.recipients):
            known = parties.find(recipient)
            if recipient not in writing.places and (known and known.place) not in writing.places:
                yield f"recipients[{at}]", f"{recipient} may not write {block.contract}"
        if text.may_accede is not None:
            yield (
                f"data_blocks[{number}].contract",
                "is an act: who may do it is named, not a class",
            )


def _left(text: Deliberation, stored: Iterable[Deliberation], parties: Parties) -> Wrong:
    """Who has acceded before and would no longer be of the class."""
    before = {
        one
        for version in stored
        if version.number == text.number and version.version < text.version
        for one in version.accessions
    }
    for one in sorted(before, key=lambda one: str(one.recipient)):
        goes_on = one.period.end is None or one.period.end >= text.validity.begin
        if (
            text.kind is Kind.GENERAL
            and goes_on
            and not admits(text, one.recipient, parties.find(one.recipient))
        ):
            yield "may_accede", f"{one.recipient} has acceded and would be outside; end that first"


def _accessions(text: Deliberation) -> Wrong:
    for (_, first), (number, second) in combinations(enumerate(text.accessions), 2):
        if first.recipient == second.recipient and first.period.overlaps(second.period):
            field = f"accessions[{number}]"
            yield field, f"{second.recipient} has an accession already on one of these days"


def _versions(texts: Sequence[Deliberation], stored: Sequence[Deliberation]) -> Iterator[Finding]:
    known = {(text.number, text.version): text for text in stored}
    given: set[tuple[str, int]] = set()
    for index, text in enumerate(texts):
        key = (text.number, text.version)
        if key in given:
            yield Finding(index, "version", "is in another file of the set too")
        elif key in known and known[key].digest != text.digest:
            description = "is stored with another text; an amendment is a version of its own"
            yield Finding(index, "version", description)
        given.add(key)
        known.setdefault(key, text)
    for index, text in enumerate(texts):
        if text.version == 1:
            continue
        before = known.get((text.number, text.version - 1))
        if before is None:
            yield Finding(index, "version", f"must follow version {text.version - 1}, not there")
        elif text.validity.begin <= before.validity.begin:
            yield Finding(index, "valid_from", "must be after that of the version before")


def _ownership(texts: Sequence[Deliberation], stored: Sequence[Deliberation]) -> Iterator[Finding]:
    owners: dict[LegalContext, set[str]] = defaultdict(set)
    for text in (*stored, *texts):
        for context in text.legal_contexts:
            owners[context].add(text.number)
    for index, text in enumerate(texts):
        for place, context in enumerate(text.legal_contexts):
            if others := sorted(owners[context] - {text.number}):
                field = f"legal_contexts[{place}]"
                yield Finding(index, field, f"{context} belongs to {', '.join(others)}")
            if context in text.legal_contexts[:place]:
                yield Finding(index, f"legal_contexts[{place}]", f"{context} is listed twice")
