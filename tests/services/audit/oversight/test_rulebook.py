"""Rules are data: dated, sourced, explained, and refused whole if anything is wrong."""

from copy import deepcopy
from dataclasses import fields
from datetime import date
from importlib.resources import files

import pytest
import yaml

from services.audit.oversight.model import Code
from services.audit.oversight.rules.rulebook import parse, rulebook
from services.concepts.dated import Versions

SHIPPED = files("services.audit").joinpath("data/misuse.yaml").read_text("utf-8")


def changed(change):
    held = yaml.safe_load(SHIPPED)
    change(held)
    return yaml.safe_dump(held)


def test_every_shipped_rule_says_why_and_who_says_so():
    book = rulebook()
    held = [getattr(book, one.name) for one in fields(book)]
    rules = [
        one.on(date(2026, 1, 1))
        for one in held
        if isinstance(one, Versions) and one is not book.answers
    ]

    assert len(rules) == len(Code)
    for rule in rules:
        assert rule.source
        assert all((rule.explanation.nl, rule.explanation.fr, rule.explanation.de))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda held: held["rules"].pop(), id="a rule is missing"),
        pytest.param(
            lambda held: held["rules"].append(deepcopy(held["rules"][0])), id="said twice"
        ),
        pytest.param(lambda held: held["rules"][0].update(code="X"), id="no such rule"),
        pytest.param(lambda held: held["rules"][0].pop("source"), id="nobody says so"),
        pytest.param(lambda held: held["rules"][0]["explanation"].pop("de"), id="not explained"),
        pytest.param(
            lambda held: held["rules"][0]["thresholds"].pop("least_cases"), id="no number"
        ),
        pytest.param(lambda held: held["rules"][0]["thresholds"].update(x=1), id="unknown number"),
        pytest.param(lambda held: held["rules"][1]["thresholds"].update(least_share=2), id="share"),
        pytest.param(
            lambda held: held["rules"][2]["thresholds"].update(least_organizations=1), id="one"
        ),
        pytest.param(lambda held: held["rules"][3]["thresholds"].update(opens=20), id="no day"),
        pytest.param(
            lambda held: held["rules"][3]["thresholds"].update(holidays=[[2, 30]]), id="no date"
        ),
        pytest.param(lambda held: held["rules"][4]["thresholds"].update(times=0.5), id="below"),
        pytest.param(lambda held: held["rules"][8]["thresholds"].pop("majority"), id="no age"),
        pytest.param(lambda held: held["answers"].clear(), id="no term to answer"),
        pytest.param(lambda held: held["report"].update(asked_at_least=[]), id="nothing told"),
    ],
)
def test_a_file_with_a_fault_is_no_rulebook(change):
    with pytest.raises(ValueError, match=r".+"):
        parse(changed(change))


def test_the_rule_of_the_day_governs():
    def later(held):
        new = dict(deepcopy(held["rules"][2]), thresholds={"least_organizations": 4})
        held["rules"].append(new | {"from": date(2027, 1, 1)})

    asking = parse(changed(later)).asking

    assert asking.find(date(2018, 9, 4)) is None
    assert asking.on(date(2026, 12, 31)).thresholds.least_organizations == 7
    assert asking.on(date(2027, 1, 1)).thresholds.least_organizations == 4


def test_the_term_of_the_day_of_telling_governs():
    def shorter(held):
        new = {"from": date(2027, 1, 1), "days": 3, "source": "somebody says so"}
        held["answers"].append(new)

    book = parse(changed(shorter))

    assert book.due(date(2026, 12, 31)) == date(2027, 1, 14)
    assert book.due(date(2027, 1, 1)) == date(2027, 1, 4)
