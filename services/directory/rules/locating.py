"""Who counts as knowing a person (Dutch: integratiecontrole), on the side of the customer and of
the sources.

Sources: Crossroads Bank Act, articles 6 and 14; the bank's tables of sectors and qualities (special
codes 000, 902, 999), its integration checks, and return code 300030 (phase too low).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from services.concepts.ssin import Ssin
from services.directory.model import (
    DEFINITIVE,
    PROVISIONAL,
    REPLACED,
    Catalogue,
    DataContract,
    Dossier,
    IntegrationCheck,
    Located,
    LocatedSource,
    Offer,
    OrganizationKey,
    QualityCode,
    Question,
    Source,
)


def satisfies(check: IntegrationCheck, asked: Period, dossier: Period, today: date) -> bool:
    """Whether a dossier lies in time as the check wants it."""
    if check is IntegrationCheck.INSIDE:
        return dossier.contains(asked)
    if check is IntegrationCheck.OVERLAP:
        return dossier.overlaps(asked)
    return dossier.covers(today)


def passes(dossier: Dossier, contract: DataContract, asked: Period, today: date) -> bool:
    """Whether a dossier counts at all for questions about a contract."""
    # 999 only says that the number was replaced: whoever asks must come back with the new one.
    return (
        dossier.quality_code != REPLACED
        and dossier.phase >= contract.minimum_phase
        and satisfies(contract.integration_check, asked, dossier.period, today)
    )


def entitles(quality: QualityCode, contract: DataContract) -> bool:
    """Whether a customer that knows a person in this quality has integrated the person.

    902 exists because an institution must be able to ask for identity data before it has opened a
    file; for other data it must have one.
    """
    return quality != PROVISIONAL or contract.identity_data


def holds_data(quality: QualityCode, source: Source) -> bool:
    """Whether a source that knows a person in this quality has such data about the person.

    000 is a registration for good that says no quality: the source may have them and is asked. 902
    says that it has no file yet; contracts cannot list it.
    """
    return quality in source.quality_codes or quality == DEFINITIVE


class Households(Protocol):
    """Knows which qualities are those of members of a household."""

    def main_qualities(
        self, place: SectorInstitution | None, code: QualityCode
    ) -> frozenset[QualityCode]: ...


def locate(
    question: Question,
    catalogue: Catalogue,
    known: Mapping[Ssin, Collection[Dossier]],
    households: Households,
    today: date,
) -> Located:
    """Who knows the person, given the dossiers of all organizations that matter.

    A contract or an organization that nobody has registered knows nobody: access refuses it anyway.
    Nor is anybody known for a contract about enterprises.
    """
    offer, dossiers = catalogue.offers.get(question.contract), known.get(question.person, ())
    if offer is None or not dossiers or not offer.contract.is_about_persons:
        return Located()
    qualities = _counting(dossiers, question, offer.contract, today)
    mine = _entitling(qualities, question, catalogue, offer.contract)
    if question.main is not None and mine:
        main = _counting(known.get(question.main, ()), question, offer.contract, today)
        customer = catalogue.organizations[question.customer]
        mains = _entitling(main, question, catalogue, offer.contract)
        mine = {code for code in mine if _in_household(code, mains, customer.place, households)}
    return Located(tuple(sorted(mine)), tuple(_located_sources(offer, qualities)))


def _counting(
    dossiers: Iterable[Dossier], question: Question, contract: DataContract, today: date
) -> Mapping[OrganizationKey, Sequence[QualityCode]]:
    found: dict[OrganizationKey, list[QualityCode]] = {}
    for dossier in dossiers:
        if passes(dossier, contract, question.period, today):
            found.setdefault(dossier.organization, []).append(dossier.quality_code)
    return found


def _entitling(
    qualities: Mapping[OrganizationKey, Sequence[QualityCode]],
    question: Question,
    catalogue: Catalogue,
    contract: DataContract,
) -> set[QualityCode]:
    customer = catalogue.keys.get(question.customer)
    known = qualities.get(customer, ()) if customer is not None else ()
    return {quality for quality in known if entitles(quality, contract)}


def _in_household(
    quality: QualityCode,
    mains: Collection[QualityCode],
    place: SectorInstitution | None,
    households: Households,
) -> bool:
    """Whether a quality counts for a question in the file of somebody else.

    Who is asked about has to be integrated, and the person in whose file it is too (rules on
    households and proxies). A member's quality counts only beside that of the main person.
    """
    wanted = households.main_qualities(place, quality)
    return bool(wanted.intersection(mains)) if wanted else bool(mains)


def _located_sources(
    offer: Offer, qualities: Mapping[OrganizationKey, Sequence[QualityCode]]
) -> Iterable[LocatedSource]:
    found: dict[EnterpriseNumber, set[QualityCode]] = {}
    for source in offer.sources:
        held = {quality for quality in qualities.get(source.key, ()) if holds_data(quality, source)}
        if held:
            # One organization can hold several places, hence stand in a contract several times.
            found.setdefault(source.cbe_number, set()).update(held)
    for cbe_number, codes in found.items():
        yield LocatedSource(cbe_number, tuple(sorted(codes)))


def organizations_concerned(
    questions: Iterable[Question], catalogue: Catalogue
) -> set[OrganizationKey]:
    """The organizations whose dossiers decide the questions: customers and sources."""
    found = {
        catalogue.keys[customer]
        for customer in {question.customer for question in questions}
        if customer in catalogue.keys
    }
    for name in {question.contract for question in questions}:
        if name in catalogue.offers:
            found.update(source.key for source in catalogue.offers[name].sources)
    return found
