"""The organizations of the sandbox hold together with its deliberations, and load."""

from importlib.resources import files

import pytest
import yaml

from sandbox.organizations import organizations
from services.audit.oversight.members import estimates
from services.concepts.reference import Reference
from services.registry.load.organizations import read

ANNOUNCING = [one for one in organizations().values() if one.expects]


def granted():
    """Place or number, purpose and contract of everything that a deliberation allows online."""
    for path in (files("sandbox") / "deliberations").iterdir():
        if not path.name.endswith(".yaml"):
            continue
        plain = yaml.safe_load(path.read_text("utf-8"))
        for block in plain.get("data_blocks", ()):
            if "ONLINE" in block["modes"]:
                acceded = [one["recipient"] for one in plain.get("accessions", ())]
                for recipient in (*plain["recipients"], *acceded):
                    for context in plain["legal_contexts"]:
                        yield recipient, context, block["contract"]


def onboarded(one):
    record = {"cbe_number": one.cbe_number, "name": one.title}
    return {"organizations": [record | {"expects": [dict(told) for told in one.expects]}]}


@pytest.mark.parametrize("one", ANNOUNCING, ids=lambda one: one.name)
def test_nobody_announces_what_no_deliberation_allows(one):
    who = one.place or one.cbe_number
    announced = {(who, told["legal_context"], told["data_contract"]) for told in one.expects}

    assert announced <= set(granted())


@pytest.mark.parametrize("one", ANNOUNCING, ids=lambda one: one.name)
def test_what_is_announced_loads_and_is_what_oversight_judges_by(one):
    (loaded,) = read(onboarded(one), Reference(0, b""))
    judged = estimates({loaded.cbe_number: loaded})

    assert len(loaded.onboarding.expectations) == len(one.expects)
    assert sum(judged.values()) == sum(told["hourly"] for told in one.expects)
