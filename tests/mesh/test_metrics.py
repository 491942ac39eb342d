"""What an operator can measure: all that processes show, and all of it on one page."""

import re
from pathlib import Path
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.mesh.asking import until_it_answers

PAGE = Path(__file__).resolve().parents[2] / "services" / "README.md"
LISTED = re.compile(r"^\| `(cbss_\w+)`", re.MULTILINE)
SSIN = re.compile(r"(?<!\d)\d{11}(?!\d)")
ONLY_THEN = frozenset(
    {
        "cbss_witness_refusals",
        "cbss_gateway_refusals",
        "cbss_routing_volume_alarms",
        "cbss_routing_notices_streams",
        "cbss_routing_notices_halted",
        "cbss_routing_batches_streams",
    }
)
"""Shown once there was one."""


def families(mesh):
    """All families of all processes, by name."""
    found = {}
    for name in mesh.processes.names():
        if f"{name}-metrics" not in mesh.ports.numbers:
            continue
        with urlopen(f"http://{mesh.ports.address(f'{name}-metrics')}/metrics") as answer:
            text = answer.read().decode()
        for family in text_string_to_metric_families(text):
            if family.name.startswith("cbss_"):
                # Several processes of one service show the same, each its own part.
                if family.name in found:
                    family.samples += found[family.name].samples
                found[family.name] = family
    return found


@pytest.fixture
async def shown(mesh):
    await until_it_answers(mesh)
    return families(mesh)


async def test_the_page_lists_all_that_processes_show_and_nothing_else(shown):
    listed = set(LISTED.findall(PAGE.read_text("utf-8")))

    assert shown.keys() - listed == set()
    assert listed - shown.keys() <= ONLY_THEN


async def test_everything_says_what_it_means(shown):
    assert [name for name, family in shown.items() if len(family.documentation) < 10] == []


async def test_no_label_is_about_a_person(shown):
    values = {
        value
        for family in shown.values()
        for sample in family.samples
        for value in sample.labels.values()
    }

    assert [value for value in values if SSIN.search(value)] == []


async def test_an_exchange_is_counted_with_its_contract_and_its_end(mesh, shown):
    counted = {
        (sample.labels["contract"], sample.labels["status"])
        for sample in shown["cbss_routing_exchanges"].samples
        if sample.name.endswith("_total")
    }

    assert ("HANDICAP/1", "MSG00000") in counted
