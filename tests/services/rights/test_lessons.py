"""What users, auditors and ombudsmen met with comparable systems, and what is seen here instead;
what can be told as a case stands in `data/cases/lessons.yaml`."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from cbss.data.v1 import right_pb2
from google.protobuf import json_format

from services.concepts.dated import FileRefused
from services.rights.definitions import SHIPPED, read
from services.rights.model.decision import Decision, Verdict
from services.rights.model.law import Benefit
from services.rights.model.people import Reasoned
from services.rights.rules.decide import Decider
from services.rights.rules.telling import Teller
from services.rights.usecases import Judge
from services.rights.wire.decisions import encode_decision
from services.rights.wording import wording
from tests.services.rights.known import (
    AS_OF,
    LAW,
    PENSIONER,
    SON,
    WIDOW,
    decide,
    fact,
    home,
    known,
    place,
)

ENERGY, WATER = "ENERGY_SOCIAL_TARIFF", "WATER_DISCOUNT"


def changed(folder, file, old, new):
    """A copy of the law with one text changed, and the line on which it stood."""
    shutil.copytree(SHIPPED, folder / "data")
    path = folder / "data" / "rights" / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder / "data", text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize("word", ["of_month: -1", "of_year: current", "monthly_times: 12"])
def test_a_rule_that_wants_the_income_of_a_month_does_not_load(tmp_path, word):
    """A yearly amount that a monthly rule reads is twelve times too high."""
    folder, line = changed(tmp_path, "increased_reimbursement.yaml", "of_year: -1", word)

    with pytest.raises(FileRefused) as refused:
        read(folder)

    told = [(one.file, one.line) for one in refused.value.problems]
    assert told
    assert all(file == "rights/increased_reimbursement.yaml" for file, _ in told)
    assert any(abs(at - line) <= 6 for _, at in told)


def test_another_law_decides_anew_on_the_facts_that_are_there(tmp_path):
    """Facts that somebody put in are not lost when the law is read again."""
    folder, _ = changed(tmp_path, "water_discount.yaml", "m: 2019-01-01", "m: 2027-01-01")
    law = read(folder)
    later = Judge(Decider(law), Teller(law, wording()))

    before = decide(PENSIONER).decision
    prepared = later.prepare(PENSIONER, {WIDOW})
    (after,) = later.decide(prepared, WIDOW, date(2026, 11, 28), [WATER])

    assert (before.verdict, after.decision.verdict) == (Verdict.GRANTED, Verdict.REFUSED)
    assert decide(PENSIONER).decision == before


def test_what_nobody_could_say_excludes_and_includes_nothing():
    """A missing value is neither true nor false, and its opposite neither."""
    opened = [fact(WIDOW, "IGO")]
    silent = known(*opened, homes=[home(WIDOW)], silent={WIDOW: {place("44.0")}})

    found = decide(silent, right="SOCIAL_INTERNET").decision

    assert (found.verdict, found.missing) == (Verdict.UNDECIDED, ("TELECOM",))


@pytest.mark.parametrize(
    ("verdict", "cents", "told"),
    [
        (Verdict.GRANTED, 0, "0"),
        (Verdict.GRANTED, 6400, "6400"),
        (Verdict.REFUSED, 0, None),
        (Verdict.UNDECIDED, 0, None),
    ],
)
def test_nothing_to_pay_is_an_amount_and_no_refusal(verdict, cents, told):
    """A benefit of zero is granted with its amount; a refusal and what is undecided have none."""
    series = next(iter(LAW.series))
    begins = next(iter(LAW.series[series].amounts)).begins
    amounts = {series: replace(LAW.series[series], amounts=_One(begins, cents))}
    law = replace(LAW, series={**LAW.series, **amounts})
    right = replace(LAW.rights[WATER], benefit=Benefit(None, series))
    granted = verdict is Verdict.GRANTED
    decision = Decision(WATER, verdict, begins, begins if granted else None)

    message = encode_decision(law, Reasoned(right, decision, (), ()), WIDOW, to_citizen=False)

    plain = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assert plain.get("benefit_cents") == told
    assert plain["verdict"] == f"RIGHT_VERDICT_{verdict.name}"


class _One:
    """A series of one amount."""

    def __init__(self, begins, cents):
        self.begins, self.ends, self.cents = begins, None, cents

    def on(self, _):
        return self

    def __iter__(self):
        return iter([self])


def test_no_verdict_is_the_value_that_a_field_left_out_reads_as():
    numbers = {one.value for one in Verdict}

    assert 0 not in numbers
    assert {right_pb2.RightVerdict.Name(one.value)[14:] for one in Verdict} == {
        one.name for one in Verdict
    }


def test_who_moves_within_a_year_has_the_tariff_at_both_homes_each_by_its_own_rule():
    """The old home keeps what it opened, for who stays there; the new one begins with the move."""
    homes = [
        home(WIDOW, 1, end="2025-02-28"),
        home(WIDOW, 2, begin="2025-03-01"),
        home(SON, 1),
    ]
    moved = known(fact(WIDOW, "IGO", "2022-04-01"), homes=homes)

    stays = decide(moved, SON, ENERGY, date(2025, 7, 1)).decision
    left = decide(moved, WIDOW, ENERGY, date(2025, 7, 1)).decision
    later = decide(moved, SON, ENERGY, date(2026, 1, 1)).decision

    assert (stays.verdict, stays.ends) == (Verdict.GRANTED, date(2025, 12, 31))
    assert left.verdict is Verdict.GRANTED
    assert later.verdict is Verdict.REFUSED


def test_a_silent_source_ends_no_grant_that_runs():
    """What was said stands until the source says otherwise; that it is silent now says nothing."""
    running = known(fact(WIDOW, "IGO"), homes=[home(WIDOW)])
    silent = replace(running, silent={WIDOW: {place("5.0")}})

    assert decide(running, right=ENERGY).decision == decide(silent, right=ENERGY).decision


def test_what_is_undecided_says_without_whom_and_is_no_refusal():
    one = known(homes=[home(WIDOW)], silent={WIDOW: {place("5.0")}})

    found = decide(one)
    message = encode_decision(LAW, found, WIDOW, to_citizen=True)

    assert message.verdict == right_pb2.RIGHT_VERDICT_UNDECIDED
    (missing,) = message.missing_sources
    assert (missing.source, missing.name.fr) == ("PENSIONS", "Service fédéral des Pensions")
    assert not message.unmet_conditions


def test_a_fact_is_told_with_since_when_it_is_when_it_was_decided_and_when_it_arrived():
    """Three days that are not one another: how long a slow decision cost can be counted."""
    late = fact(WIDOW, "IT", "2020-03-01", value=2, decided="2022-05-10")
    found = decide(known(late, homes=[home(WIDOW)]))

    (told,) = encode_decision(LAW, found, WIDOW, to_citizen=True).facts_used

    assert (told.period.begin_date.year, told.decided_on.year) == (2020, 2022)
    assert told.as_of.ToDatetime() == AS_OF.replace(tzinfo=None)
