"""Rules and alerts: PromQL on metrics that there are, each with what to do."""

import re
from pathlib import Path

import promql_parser
import pytest
import yaml

from k8s.manifests.jobs import SCHEDULED

HERE = Path(__file__).parents[2]
LISTED = re.compile(r"^\| `(cbss_\w+)` \|([^|]*)\|", re.MULTILINE)
SELECTED = re.compile(r"(cbss_\w+)(?:\{([^}]*)\})?")
PAGE = (HERE / "services" / "README.md").read_text("utf-8")
METRICS = {name: set(re.findall(r"\w+", labels)) for name, labels in LISTED.findall(PAGE)}
HEADINGS = {
    re.sub(r"[^a-z0-9]", "", heading.lower())
    for heading in re.findall(
        r"^#+ (.*)$", (HERE / "k8s" / "README.md").read_text("utf-8"), re.MULTILINE
    )
}
RULES = [
    rule
    for file in ("objectives", "alerts")
    for group in yaml.safe_load((HERE / f"k8s/components/alerts/{file}.yaml").read_text("utf-8"))[
        "spec"
    ]["groups"]
    for rule in group["rules"]
]
ALERTS = [rule for rule in RULES if "alert" in rule]


def named(rule):
    return rule.get("alert") or rule["record"]


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_is_promql_on_metrics_that_there_are(rule):
    promql_parser.parse(rule["expr"])
    for name, labels in SELECTED.findall(rule["expr"]):
        family = re.sub(r"_(total|bucket|count|sum)$", "", name)
        assert family in METRICS, name
        selected = set(re.findall(r"(\w+)(?==|!|~)", labels)) - {"le"}
        assert selected <= METRICS[family], f"{name} has no {selected - METRICS[family]}"


def test_an_objective_that_is_read_is_recorded():
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    read = {name for rule in RULES for name in re.findall(r"cbss:\w+:\w+", rule["expr"])}

    assert read == recorded


@pytest.mark.parametrize("rule", ALERTS, ids=named)
def test_an_alert_says_how_urgent_it_is_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"].endswith(".")
    page, anchor = rule["annotations"]["runbook_url"].split("#")
    assert (HERE / page).is_file()
    assert anchor == rule["alert"].lower()
    assert anchor in HEADINGS


def test_a_broken_rule_is_found():
    with pytest.raises(ValueError, match="parenthesis"):
        promql_parser.parse("sum(rate(cbss_rpc_duration_seconds_count[5m])")


@pytest.mark.parametrize("one", SCHEDULED, ids=lambda one: one.name)
def test_what_the_clock_starts_has_an_alert_that_asks_when_it_was_last_done(one):
    is_daily = one.schedule.split()[2] == "*"
    name, longest = ("DailyJobNotDone", 86_400) if is_daily else ("MonthlyJobNotDone", 31 * 86_400)
    [rule] = [rule for rule in ALERTS if rule["alert"] == name]

    for told in re.findall(r'cronjob=~"([^"]*)"', rule["expr"]):
        assert one.name in told.split("|")
    bound = re.search(r"> (\d+) \* (\d+)$", rule["expr"].strip())
    assert longest < int(bound[1]) * int(bound[2]) < 2 * longest
