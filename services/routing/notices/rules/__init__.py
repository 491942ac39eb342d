"""What an event may be, and where it goes: pure decisions.

Sources: the course of an attestation (field AttestationStatus of the bank's forms), the result of a
distribution (form A011).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.quality_code import DEFINITIVE, QualityCode
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.ssin import Ssin
from services.concepts.status import Status, status
from services.routing.model import Catalogue, DataContract, OnboardedOrganization, Payload
from services.routing.notices.model import (
    Addressee,
    Course,
    Distribution,
    Event,
    EventKind,
    NewEvent,
    NewNotice,
    Published,
    PublishedOutcome,
    Untold,
    Unusable,
)
from services.routing.rules import payloads

MOST_ADDRESSEES = 99
"""How many addressees a distribution result names (form A011)."""
NO_AUTHORIZATION = "300010"
"""In the code list of the bank's return codes."""
LONGEST_WAIT = timedelta(days=30)
"""How long an answer can be waited for."""
TOLERANCE = timedelta(minutes=5)
"""How far the clock of a source may be ahead of ours."""
SUBJECT = "ssin"
"""The field by which a result message names the person that it is about."""

_NEXT = {
    EventKind.CHANGE: {EventKind.ORIGINAL, EventKind.CHANGE, EventKind.REACTIVATE},
    EventKind.CANCEL: {EventKind.ORIGINAL, EventKind.CHANGE, EventKind.REACTIVATE},
    EventKind.REACTIVATE: {EventKind.CANCEL},
}
"""After which kinds of event a kind may follow."""


Subject = tuple[Ssin, str]
"""Whom an event is about, and what changed."""


def subject(event: Event) -> Subject:
    """What decides who is to be told of an event."""
    return event.person, event.event_type


@dataclass(frozen=True, slots=True)
class Known:
    """What the peers say of the person of an event."""

    person: ResolvedSsin
    source_knows: bool
    distribution: Distribution


def supplies(organization: OnboardedOrganization, contract: DataContract | None) -> bool:
    """Whether an organization is a source of a contract: nobody else publishes under it."""
    if contract is None:
        return False
    return organization.place in contract.suppliers or any(
        source.supplier.cbe_number == organization.cbe_number for source in contract.sources
    )


def counting(source: OnboardedOrganization, contract: DataContract) -> frozenset[QualityCode]:
    """The qualities in which a supplier of a contract has to know a person whom it publishes about;
    nothing of who is none."""
    if source.place is None or source.place not in contract.suppliers:
        return frozenset()
    return contract.suppliers[source.place] | {DEFINITIVE}


def refuse_event(
    event: Event, contract: DataContract, known: Known, now: datetime
) -> PublishedOutcome | None:
    """Nothing if the event can be published, as far as it alone is concerned."""

    def no(why: Status, replaced_by: Ssin | None = None) -> PublishedOutcome:
        return PublishedOutcome(event.reference, why, event.person, replaced_by)

    match known.person.state:
        case SsinState.UNKNOWN | SsinState.CANCELED:
            return no(status("MSG00005"))
        case SsinState.REPLACED:
            successor = known.person.replaced_by
            told = () if successor is None else (("newSSIN", successor.digits),)
            return no(status("MSG00006", *told), successor)
    if not known.source_knows:
        return no(status("MSG00012"))
    if event.occurred_at > now + TOLERANCE:
        return no(unusable("occurred_at"))
    if event.reply_by is not None and not now < event.reply_by <= now + LONGEST_WAIT:
        return no(unusable("reply_by"))
    if event.payload is not None and not _is_about(event.payload, contract, event.person):
        return no(unusable("data"))
    return None


def _is_about(payload: Payload, contract: DataContract, person: Ssin) -> bool:
    if payload.type_name != contract.result_type:
        return False
    try:
        message = payloads.read(payload, contract)
    except payloads.Unreadable:
        return False
    named = message.DESCRIPTOR.fields_by_name.get(SUBJECT)
    if named is None or named.message_type is not None:
        return True
    return getattr(message, SUBJECT) in ("", person.digits)


def unusable(field: str) -> Status:
    """The outcome of content that makes no sense, and the field that is to blame."""
    return status("MSG00008", ("field", field))


def refuse_step(event: Event, contract: ContractName, course: Course | None) -> Status | None:
    """Nothing if the event goes on where its attestation stands."""
    if event.kind in (EventKind.ORIGINAL, EventKind.SUBMISSION):
        return None if course is None else unusable("kind")
    if course is None or course.contract != contract or course.person != event.person:
        # What is about another person is not told apart from what is not there.
        return unusable("attestation_reference")
    if course.kind not in _NEXT[event.kind]:
        return unusable("kind")
    return unusable("occurred_at") if event.occurred_at < course.occurred_at else None


def address(
    distribution: Distribution, catalogue: Catalogue, new_id: Callable[[], UUID]
) -> tuple[tuple[NewNotice, ...], tuple[Addressee, ...]]:
    """The notices of an event, one a subscription, and the addressees as its source reads them:
    where it goes first, for only so many are named."""
    notices: list[NewNotice] = []
    named: list[Addressee] = []
    for one in distribution.told:
        notice = NewNotice(new_id(), one.organization, one.subscription)
        notices.append(notice)
        place = _place(one.organization, catalogue)
        named += [
            Addressee(one.organization, place, code, notice.notice_id) for code in one.quality_codes
        ]
    for untold in distribution.untold:
        place = _place(untold.organization, catalogue)
        named += [
            Addressee(untold.organization, place, code, None, untold.refusal_code)
            for code in untold.quality_codes
        ]
    return tuple(notices), tuple(named[:MOST_ADDRESSEES])


def narrow(distribution: Distribution, only: frozenset[EnterpriseNumber]) -> Distribution:
    """Of a distribution, those whom a message is for; whoever else it is for is named as not
    authorized and in no quality: whether they know the person is nothing that its sender learns."""
    if not only:
        return distribution
    told = tuple(one for one in distribution.told if one.organization in only)
    others = only - {one.organization for one in told}
    strangers = tuple(Untold(one, ("",), NO_AUTHORIZATION) for one in sorted(others))
    return Distribution(told, strangers)


def _place(organization: EnterpriseNumber, catalogue: Catalogue) -> SectorInstitution | None:
    known = catalogue.organizations.get(organization)
    return None if known is None else known.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Decides on the events of one call, one after the other: each counts for those after it."""

    source: EnterpriseNumber
    contract: DataContract
    catalogue: Catalogue
    known: Mapping[Subject, Known]
    before: dict[str, Published]
    """What was published before under the references, also earlier in this call."""
    courses: dict[str, Course]
    digest: Callable[[ContractName, Event], bytes]
    new_id: Callable[[], UUID]
    now: datetime
    expires_at: datetime

    def decide(self, event: Event | Unusable) -> tuple[PublishedOutcome, NewEvent | None]:
        """What becomes of an event, and what is to be kept of it if it is new."""
        if isinstance(event, Unusable):
            return PublishedOutcome(event.reference, event.status), None
        digest = self.digest(self.contract.name, event)
        first = self.before.get(event.reference)
        if first is not None:
            return _repeated(event, digest, first), None
        known, course = self.known[subject(event)], self.courses.get(event.attestation)
        refused = refuse_event(event, self.contract, known, self.now)
        why = None if refused else refuse_step(event, self.contract.name, course)
        if why is not None:
            refused = PublishedOutcome(event.reference, why, event.person)
        if refused is not None:
            return refused, None
        new = self._new(event, digest, known, 1 if course is None else course.step + 1)
        self.before[event.reference] = Published(new.event_id, digest, new.addressees)
        self.courses[event.attestation] = Course(
            new.step, event.kind, event.person, self.contract.name, event.occurred_at
        )
        return _distributed(event, new.addressees), new

    def _new(self, event: Event, digest: bytes, known: Known, step: int) -> NewEvent:
        notices, addressees = address(
            narrow(known.distribution, event.only), self.catalogue, self.new_id
        )
        return NewEvent(
            event_id=self.new_id(),
            source=self.source,
            contract=self.contract.name,
            event=event,
            step=step,
            digest=digest,
            published_at=self.now,
            expires_at=event.reply_by or self.expires_at,
            addressees=addressees,
            notices=notices,
        )


def _repeated(event: Event, digest: bytes, first: Published) -> PublishedOutcome:
    if first.digest != digest:
        return PublishedOutcome(event.reference, unusable("reference"), event.person)
    return replace(_distributed(event, first.addressees), is_repeat=True)


def _distributed(event: Event, addressees: tuple[Addressee, ...]) -> PublishedOutcome:
    goes = any(one.notice_id is not None for one in addressees)
    told = status("MSG00000" if goes else "MSG00100")
    return PublishedOutcome(event.reference, told, event.person, addressees=addressees)
