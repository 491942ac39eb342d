from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.data_contract import ContractName, parse_contract_name
from services.concepts.failures import Failure, InvalidArgument
from services.concepts.incomplete_date import parse_incomplete_date
from services.concepts.legal_context import parse_legal_context
from services.concepts.organization import SectorInstitution, parse_sector_institution
from services.concepts.period import Period
from services.concepts.status import StatusValue, status_codes

DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
PERIODS = st.tuples(DAYS, st.none() | DAYS).filter(lambda p: p[1] is None or p[1] >= p[0])


@given(PERIODS, PERIODS, DAYS)
def test_periods_agree_with_their_days(one, other, day):
    a, b = Period(*one), Period(*other)

    assert a.overlaps(b) == b.overlaps(a)
    if a.covers(day) and b.covers(day):
        assert a.overlaps(b)
    if a.contains(b) and b.covers(day):
        assert a.covers(day)


def test_refuses_a_period_that_ends_before_it_begins():
    with pytest.raises(InvalidArgument):
        Period(date(2026, 2, 1), date(2026, 1, 31))


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-00", "2026-00-00", "2023-11-31"])
def test_keeps_dates_as_the_registers_have_them(text):
    assert str(parse_incomplete_date(text)) == text


@pytest.mark.parametrize("text", ["2026-13-01", "2026-00-01", "0000-00-00", "2026-1-1", "", "x"])
def test_refuses_dates_that_no_register_has(text):
    with pytest.raises(InvalidArgument):
        parse_incomplete_date(text)


@pytest.mark.parametrize("text", ["VO:WORK_PERMIT", "a", "9 + x:y-z_", "A" * 64])
def test_accepts_legal_contexts(text):
    assert parse_legal_context(text) == text


@pytest.mark.parametrize("text", ["", " x", ":x", "A" * 65, "é", "a\n", "a/b"])
def test_refuses_what_is_no_legal_context(text):
    with pytest.raises(InvalidArgument) as refused:
        parse_legal_context(text)
    assert refused.value.violations[0].field == "legal_context"


def test_takes_version_0_of_a_contract_for_version_1():
    assert parse_contract_name("HANDICAP", 0) == ContractName("HANDICAP", 1)


@pytest.mark.parametrize(("code", "version"), [("handicap", 1), ("", 1), ("X", -1), ("X", 10_000)])
def test_refuses_what_is_no_contract_name(code, version):
    with pytest.raises(InvalidArgument):
        parse_contract_name(code, version)


def test_bounds_places_in_the_network():
    assert parse_sector_institution(17, 1) == SectorInstitution(17, 1)
    with pytest.raises(InvalidArgument) as refused:
        parse_sector_institution(1000, 0)
    assert refused.value.violations[0].field == "sector_institution.sector"


def test_lists_the_codes_of_the_bank():
    codes = status_codes()

    assert codes["MSG00012"].value is StatusValue.NO_RESULT
    assert all(len(code.code) <= 16 and len(code.description) <= 256 for code in codes.values())


def test_tells_reason_message_and_domain_of_a_failure():
    class DossierOverlaps(Failure):
        """The institution already has a dossier.

        More about it.
        """

    DossierOverlaps.__module__ = "services.directory.errors"

    assert DossierOverlaps.reason() == "DOSSIER_OVERLAPS"
    assert DossierOverlaps.message() == "The institution already has a dossier."
    assert DossierOverlaps.domain() == "directory.cbss"
    assert InvalidArgument.domain() == "cbss"
