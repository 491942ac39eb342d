"""What if: age, address, household or income were otherwise. Nothing of it is kept."""

from datetime import date

import pytest

from services.rights.model.decision import Verdict
from services.rights.model.people import Supposed
from services.rights.rules.supposing import suppose
from tests.services.rights.known import LAW, PENSIONER, SON, TODAY, WIDOW, decide, fact, home, known

INSURED = "HOLDER_PARTNER_DEPENDANTS"
GHENT = fact(WIDOW, "POSTAL_CODE", "2010-01-01", value=9000)


def supposed(what, neighbourhoods, person=WIDOW):
    return suppose(LAW, neighbourhoods, person, what, TODAY)


@pytest.mark.parametrize(
    ("what", "before", "right", "person", "verdicts"),
    [
        # Who leaves the household of his mother loses what her status opened.
        (Supposed(alone=True), PENSIONER, "WATER_DISCOUNT", SON, "GRANTED REFUSED"),
        # A pass of Flanders is for who lives there.
        (
            Supposed(postal_code=5000),
            known(GHENT, fact(WIDOW, "IGO")),
            "DE_LIJN_REDUCED",
            WIDOW,
            "GRANTED REFUSED",
        ),
        # An income below the limit of the year before.
        (
            Supposed(income=0),
            known(homes=[home(WIDOW, scope=INSURED)]),
            "INCREASED_REIMBURSEMENT",
            WIDOW,
            "UNDECIDED GRANTED",
        ),
        (
            Supposed(income=10**9),
            known(
                fact(WIDOW, "INCOME_GROSS", "2025-01-01", "2025-12-31", value=0),
                homes=[home(WIDOW, scope=INSURED)],
            ),
            "INCREASED_REIMBURSEMENT",
            WIDOW,
            "GRANTED REFUSED",
        ),
        # A pass without pay on an allowance is for those of 21 and over.
        (
            Supposed(birth=date(2010, 1, 1)),
            known(GHENT, fact(WIDOW, "IVT"), fact(WIDOW, "BIRTH_DATE", value=19570314)),
            "DE_LIJN_FREE",
            WIDOW,
            "GRANTED REFUSED",
        ),
    ],
)
def test_what_would_be_otherwise_changes_the_verdict(what, before, right, person, verdicts):
    first, second = verdicts.split()

    assert decide(before, person, right).decision.verdict is Verdict[first]
    after = supposed(what, before, person)
    assert decide(after, person, right).decision.verdict is Verdict[second]
    # What was supposed is gone, what is known is as before.
    assert decide(before, person, right).decision.verdict is Verdict[first]


def test_each_dependant_more_raises_the_limit_of_the_household():
    income = fact(WIDOW, "INCOME_GROSS", "2025-01-01", "2025-12-31", value=3_200_000)
    before = known(income, homes=[home(WIDOW, scope=INSURED)])
    right = "INCREASED_REIMBURSEMENT"

    assert decide(before, WIDOW, right).decision.verdict is Verdict.REFUSED
    after = supposed(Supposed(dependants=2), before)
    assert decide(after, WIDOW, right).decision.verdict is Verdict.GRANTED
