"""Dashboards show metrics that there are, and all of them."""

import json
import re

import promql_parser
import pytest
import yaml

from k8s.manifests import dashboards
from tests.k8s.test_alerts import METRICS, RULES, SELECTED

PANELS = [
    (one["name"], panel["title"], drawn)
    for one in dashboards.described()
    for panel in one["panels"]
    for drawn, _ in panel["lines"]
]
UNITS = {"reqps", "s", "d", "short", "percentunit"}


def families(drawn):
    """The metrics that are drawn, with the labels that are selected or grouped by."""
    for name, labels in SELECTED.findall(drawn):
        family = re.sub(r"_(total|bucket|count|sum)$", "", name)
        yield family, set(re.findall(r"(\w+)(?==|!|~)", labels)) - {"le"}


@pytest.mark.parametrize(("name", "title", "drawn"), PANELS)
def test_what_is_drawn_is_promql_on_metrics_that_there_are(name, title, drawn):
    promql_parser.parse(drawn.replace("$__rate_interval", "5m"))
    for family, labels in families(drawn):
        assert family in METRICS
        assert labels <= METRICS[family]
    known = set().union(*(METRICS[family] for family, _ in families(drawn))) | {"le", "job"}
    for grouped in re.findall(r"by \(([^)]*)\)", drawn):
        assert set(re.findall(r"\w+", grouped)) <= known


def test_what_is_read_of_rules_is_recorded():
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    read = {name for *_, drawn in PANELS for name in re.findall(r"cbss:\w+:\w+", drawn)}

    assert read <= recorded


def test_every_metric_is_looked_at_somewhere():
    shown = {family for *_, drawn in PANELS for family, _ in families(drawn)}

    assert METRICS.keys() - shown == set()


def test_a_line_is_named_by_what_it_is_grouped_by():
    for one in dashboards.described():
        for panel in one["panels"]:
            for drawn, name in panel["lines"]:
                grouped = " ".join(re.findall(r"by \(([^)]*)\)", drawn))
                assert set(re.findall(r"\{\{(\w+)\}\}", name)) <= set(re.findall(r"\w+", grouped))


def test_a_panel_says_what_it_means_in_a_unit_that_grafana_knows():
    for one in dashboards.described():
        titles = [panel["title"] for panel in one["panels"]]
        assert len(titles) == len(set(titles))
        for panel in one["panels"]:
            assert panel["says"].endswith(".")
            assert panel["unit"] in UNITS


def test_what_the_cluster_gets_is_a_whole_dashboard():
    for objects in dashboards.files().values():
        [text] = yaml.safe_load(yaml.safe_dump(objects))[0]["data"].values()
        made = json.loads(text)
        places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in made["panels"]]
        assert len(places) == len(set(places)) == len({one["id"] for one in made["panels"]})
        assert made["uid"].startswith("cbss-")
