"""Who may accede to a general act, what opens something, and who decides it."""

from dataclasses import replace
from datetime import date

import pytest

from services.access.errors import AccessionRefused, EffectInThePast, SecondPersonNeeded
from services.access.model import Accession, ProposedAccession, Standing
from services.access.rules.accessions import admits, opens, refuse_enacting
from services.access.store import document
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import SectorInstitution
from services.concepts.period import Period
from tests.support.deliberations import CENTRE, TODAY, WELFARE, deliberation, general, organization

LONG_AGO = date(2025, 2, 1)
YESTERDAY = date(2026, 3, 30)
TOMORROW = date(2026, 4, 1)


def acceding(begin, end=None, recipient=WELFARE, regulation="by-law"):
    return Accession(recipient, Period(begin, end), regulation)


OPEN = document.read(general(("17.1", "2025-02-01", None)))
ENDING = document.read(general(("17.1", "2025-02-01", "2026-04-01")))
ENDED = document.read(general(("17.1", "2025-02-01", "2026-03-30")))


def test_a_new_accession_opens_and_begins_today_at_the_earliest():
    assert opens(OPEN, acceding(TODAY), None, TODAY)
    with pytest.raises(EffectInThePast):
        opens(OPEN, acceding(YESTERDAY), None, TODAY)


@pytest.mark.parametrize(
    ("there", "end", "expected"),
    [
        (OPEN, TODAY, False),
        (OPEN, None, False),
        (ENDING, TODAY, False),
        (ENDING, TOMORROW, False),
        (ENDING, date(2026, 4, 2), True),
        (ENDING, None, True),
    ],
)
def test_to_end_sooner_opens_nothing_and_to_go_on_longer_does(there, end, expected):
    assert opens(there, acceding(LONG_AGO, end), None, TODAY) is expected


@pytest.mark.parametrize(
    ("there", "end"), [(OPEN, YESTERDAY), (ENDED, date(2026, 3, 29)), (ENDED, None)]
)
def test_nothing_ends_or_goes_on_in_the_past(there, end):
    with pytest.raises(EffectInThePast):
        opens(there, acceding(LONG_AGO, end), None, TODAY)


@pytest.mark.parametrize(
    ("text", "accession"),
    [
        (deliberation(), acceding(TODAY)),
        (replace(OPEN, standing=Standing.SUSPENDED), acceding(TODAY)),
        (OPEN, acceding(TODAY, recipient=SectorInstitution(18, 1))),
        (OPEN, acceding(LONG_AGO, TODAY, regulation="another")),
    ],
)
def test_refuses_an_accession_that_the_act_does_not_take(text, accession):
    with pytest.raises(AccessionRefused):
        opens(text, accession, None, TODAY)


COMMUNES = {"kinds": ["COMMUNE", "PROVINCE"]}
SECTORS = {"sectors": [17]}
BOTH = COMMUNES | SECTORS
OUTSIDE = None


@pytest.mark.parametrize(
    ("who_may", "recipient", "kind", "place", "admitted"),
    [
        (COMMUNES, CENTRE, "COMMUNE", OUTSIDE, True),
        (COMMUNES, CENTRE, "PROVINCE", WELFARE, True),
        (COMMUNES, CENTRE, "TRANSPORT_COMPANY", OUTSIDE, False),
        (COMMUNES, CENTRE, "", OUTSIDE, False),
        (COMMUNES, WELFARE, "", OUTSIDE, False),
        (SECTORS, CENTRE, "TRANSPORT_COMPANY", WELFARE, True),
        (SECTORS, CENTRE, "COMMUNE", OUTSIDE, False),
        (SECTORS, CENTRE, "COMMUNE", SectorInstitution(18, 1), False),
        (SECTORS, WELFARE, "", OUTSIDE, True),
        (BOTH, CENTRE, "COMMUNE", WELFARE, True),
        (BOTH, CENTRE, "COMMUNE", OUTSIDE, False),
        (BOTH, CENTRE, "UNIVERSITY", WELFARE, False),
        (BOTH, WELFARE, "", OUTSIDE, False),
    ],
)
def test_who_may_accede_is_a_class_of_organizations(who_may, recipient, kind, place, admitted):
    text = document.read(general(recipients=[], may_accede=who_may))
    known = organization(CENTRE, place=place, kind=kind) if recipient == CENTRE else None

    assert admits(text, recipient, known) is admitted
    if admitted:
        assert opens(text, acceding(TODAY, recipient=recipient), known, TODAY)
    else:
        with pytest.raises(AccessionRefused):
            opens(text, acceding(TODAY, recipient=recipient), known, TODAY)


def test_nobody_who_is_not_known_is_of_a_class():
    text = document.read(general(recipients=[], may_accede=COMMUNES))

    assert not admits(text, EnterpriseNumber(316380841), None)


def test_who_prepared_an_accession_does_not_enact_it():
    proposed = ProposedAccession(acceding(TODAY), "one")

    refuse_enacting(OPEN, proposed, None, "two", TODAY)
    with pytest.raises(SecondPersonNeeded):
        refuse_enacting(OPEN, proposed, None, "one", TODAY)


def test_an_accession_that_waited_too_long_is_prepared_anew():
    with pytest.raises(EffectInThePast):
        refuse_enacting(OPEN, ProposedAccession(acceding(YESTERDAY), "one"), None, "two", TODAY)
