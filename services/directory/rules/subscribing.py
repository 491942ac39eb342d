"""Who may subscribe to what, and who is told of an event.

The population of a subscription is implicit: whoever the subscriber has integrated in one of its
qualities when the event takes place (the bank on mutations). A subscription rests on a deliberation
and ends with it: what is not granted on the day of the event is not told.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from services.admission.model import Granted, Party
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.status import status
from services.directory.model import (
    REPLACED,
    Catalogue,
    Distribution,
    Dossier,
    Event,
    Organization,
    OrganizationKey,
    QualityCode,
    Subscription,
    Told,
    Untold,
    Wish,
)
from services.directory.rules.admission import Refusal, refuse_content

EVERYTHING = "*"


class Lists(Protocol):
    """The bank's code lists."""

    def has_quality(self, place: SectorInstitution | None, code: QualityCode) -> bool: ...


def refuse_wish(
    wish: Wish,
    party: Party[Organization],
    verdict: Granted | Denied,
    catalogue: Catalogue,
    lists: Lists,
) -> Refusal | None:
    """Nothing if a subscription can be given."""
    if isinstance(verdict, Denied):
        return Refusal(status("MSG00013"), verdict.because)
    if wish.contract not in catalogue.offers:
        return Refusal(status("MSG00013"), "DATA_CONTRACT_UNKNOWN")
    if not catalogue.offers[wish.contract].contract.is_about_persons:
        return refuse_content("data_contract", "must be about persons")
    place = party.customer.place
    if not all(lists.has_quality(place, code) and code != REPLACED for code in wish.quality_codes):
        return refuse_content("quality_codes", "must be qualities of the customer's sector")
    if not set(wish.quality_codes) <= verdict.quality_codes:
        return Refusal(status("MSG00013"), "QUALITY_NOT_COVERED")
    if granted_fields(wish.fields, verdict) != wish.fields:
        return Refusal(status("MSG00013"), "FIELDS_NOT_COVERED")
    return None


def granted_fields(wanted: Sequence[str], granted: Granted) -> tuple[str, ...]:
    """Those of the paths that the deliberation grants; a path covers all below it."""
    return tuple(path for path in wanted if any(_covers(one, path) for one in granted.fields))


def _covers(granted: str, path: str) -> bool:
    return granted in (EVERYTHING, path) or path.startswith(f"{granted}.")


def subscribers(
    contracts: Iterable[ContractName], catalogue: Catalogue
) -> frozenset[OrganizationKey]:
    """The organizations that want to be told of something of these contracts."""
    numbers = {number for name in contracts for number in catalogue.subscriptions.get(name, ())}
    return frozenset(catalogue.keys[one] for one in numbers if one in catalogue.keys)


def subscriptions_concerned(
    event: Event, dossiers: Iterable[Dossier], catalogue: Catalogue, today: date
) -> list[tuple[Subscription, tuple[QualityCode, ...]]]:
    """The subscriptions to such an event that run today and whose subscriber knows the person, with
    the qualities in which it does.

    From the person's dossiers to their subscribers: a person is known to a dozen organizations,
    and a contract can have thousands of subscriptions.
    """
    by_number = catalogue.subscriptions.get(event.contract, {})
    known: dict[EnterpriseNumber, list[Dossier]] = {}
    for one in dossiers:
        number = catalogue.numbers.get(one.organization)
        if number is not None and number in by_number:
            known.setdefault(number, []).append(one)
    found = [
        (one, qualities)
        for number, mine in known.items()
        for one in by_number[number].values()
        if one.wish.event_type in ("", event.event_type)
        and one.wish.period.covers(today)
        and (qualities := _known_in(one, mine, today))
    ]
    return sorted(found, key=lambda pair: pair[0].key)


def distribution(
    concerned: Iterable[tuple[Subscription, tuple[QualityCode, ...], Granted | Denied]],
) -> Distribution:
    """Who is told and who is not, quality by quality, by what access says of each purpose.

    Source: the result of a distribution (form A011), with OK or KO for each level of knowledge.
    """
    told, untold = [], []
    for one, qualities, ground in concerned:
        covered = ground.quality_codes if isinstance(ground, Granted) else frozenset()
        yes = tuple(code for code in qualities if code in covered)
        no = tuple(code for code in qualities if code not in covered)
        if yes and isinstance(ground, Granted):
            told.append(Told(one, yes, granted_fields(one.wish.fields, ground)))
        if no:
            untold.append(Untold(one.subscriber, no))
    return Distribution(tuple(told), tuple(untold))


def _known_in(
    subscription: Subscription, dossiers: Iterable[Dossier], today: date
) -> tuple[QualityCode, ...]:
    """In which of its qualities the subscriber knows the person today; empty if in none."""
    wish = subscription.wish
    found = {
        one.quality_code
        for one in dossiers
        if one.quality_code in wish.quality_codes
        and one.phase >= wish.minimum_phase
        and one.period.covers(today)
    }
    return tuple(sorted(found))
