"""A refusal says which condition failed and what would change it, in three languages."""

from dataclasses import asdict
from datetime import date

import pytest

from services.rights.definitions import shipped_law
from services.rights.model.decision import Verdict
from services.rights.wording import wording
from tests.services.rights.known import JUDGE, WIDOW, decide, fact, home, known


def test_what_begins_on_2_january_is_refused_with_the_sentence_that_names_the_next_1_january():
    """Water looks at 1 January."""
    begun = known(fact(WIDOW, "IGO", "2025-01-02"), homes=[home(WIDOW)])

    found = decide(begun, day=date(2025, 6, 1))

    assert found.decision.verdict is Verdict.REFUSED
    (unmet,) = found.unmet
    assert "1 januari 2026" in unmet.remedy.nl
    assert "1er janvier 2026" in unmet.remedy.fr
    assert "1. Januar 2026" in unmet.remedy.de
    assert decide(begun, day=date(2026, 1, 1)).decision.verdict is Verdict.GRANTED


def test_a_limit_is_told_with_its_amount_and_year():
    insured = [home(WIDOW, scope="HOLDER_PARTNER_DEPENDANTS")]
    rich = fact(WIDOW, "INCOME_GROSS", "2023-01-01", "2023-12-31", value=9_000_000)

    found = decide(
        known(rich, homes=insured), right="INCREASED_REIMBURSEMENT", day=date(2024, 6, 1)
    )

    told = [one.condition.nl for one in found.unmet]
    assert any("2023" in one and "27550.86" in one and "5100.42" in one for one in told)


@pytest.mark.parametrize("right", sorted(shipped_law().rights))
def test_every_refusal_of_somebody_of_whom_nothing_is_known_says_why_in_three_languages(right):
    born = fact(WIDOW, "BIRTH_DATE", "1990-01-01", value=19900101)
    nothing = known(born, homes=[home(WIDOW), home(WIDOW, 3, "RRN_HOUSEHOLD")])
    day = max(one.begins for one in shipped_law().rights[right].versions)

    found = decide(nothing, right=right, day=day)

    if found.decision.verdict is Verdict.REFUSED:
        assert found.unmet
        for one in found.unmet:
            for text in (one.condition, one.remedy):
                assert all(said and "{" not in said for said in asdict(text).values())
    else:
        assert found.decision.missing


def test_the_words_are_whole():
    assert wording().conditions
    assert JUDGE.teller is not None
