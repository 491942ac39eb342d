"""What operators look at: dashboards of Grafana, each in an object that its sidecar picks up."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from k8s.manifests.objects import Object, metadata
from k8s.manifests.places import NAMESPACE

DESCRIBED = Path(__file__).parents[1] / "dashboards.yaml"
PICKED_UP = {"grafana_dashboard": "1"}
"""The label that the sidecar of Grafana's chart looks for."""
WIDTH, HEIGHT, ACROSS = 12, 8, 2
"""Of a panel in the grid of Grafana, which is 24 wide."""


def described() -> list[dict[str, Any]]:
    """The dashboards as people wrote them down."""
    told: list[dict[str, Any]] = yaml.safe_load(DESCRIBED.read_text("utf-8"))
    return told


def files() -> dict[str, list[Object]]:
    """The files by their names."""
    return {f"{one['name']}.yaml": [_object(one)] for one in described()}


def _object(told: Mapping[str, Any]) -> Object:
    name = f"dashboard-{told['name']}"
    made = metadata(name, NAMESPACE)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {**made, "labels": {**made["labels"], **PICKED_UP}},
        "data": {f"cbss-{told['name']}.json": json.dumps(_dashboard(told), indent=1)},
    }


def _dashboard(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "uid": f"cbss-{told['name']}",
        "title": f"CBSS: {told['title']}",
        "tags": ["cbss"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_SOURCE]},
        "panels": list(_panels(told["panels"])),
    }


_SOURCE = {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
_ASKED = {"type": "prometheus", "uid": "${source}"}


def _panels(told: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for at, panel in enumerate(told):
        down, across = divmod(at, ACROSS)
        yield {
            "id": at + 1,
            "type": "timeseries",
            "title": panel["title"],
            "description": panel["says"],
            "datasource": _ASKED,
            "gridPos": {"x": across * WIDTH, "y": down * HEIGHT, "w": WIDTH, "h": HEIGHT},
            "fieldConfig": {"defaults": {"unit": panel["unit"], "min": 0}, "overrides": []},
            "targets": list(_lines(panel["lines"])),
        }


def _lines(told: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for at, (drawn, name) in enumerate(told):
        yield {
            "refId": chr(ord("A") + at),
            "datasource": _ASKED,
            "expr": drawn,
            "legendFormat": name,
        }
