"""What can be reported as wrong is what deliberations are written on and what is consulted."""

from importlib.resources import files

import yaml

from services.audit.corrections.contracts import contracts


def listed(service, name):
    text = files(f"services.{service}").joinpath("data", name).read_text("utf-8")
    return yaml.safe_load(text)


def test_the_trail_knows_the_contracts_of_deliberations_and_of_the_catalogue():
    known = listed("audit", "contracts.yaml")["contracts"]
    reviewed = listed("access", "contracts.yaml")
    granted = {
        one["code"]: one["result_type"]
        for part in ("contracts", "consulted")
        for one in reviewed[part]
    }
    folder = files("services.registry").joinpath("data", "contracts")
    offered = [
        yaml.safe_load(path.read_text("utf-8"))["data_contract"] for path in folder.iterdir()
    ]

    assert known == granted
    assert {one["code"]: one["result_type"] for one in offered}.items() <= known.items()


def test_a_field_is_one_of_the_result_however_deep():
    assert contracts().has("HANDICAP", "handicap_recognitions.decision_status")
    assert contracts().has("HANDICAP", "rights")
    assert not contracts().has("HANDICAP", "nope.nope")
    assert not contracts().has("HANDICAP", "handicap_recognitions.decision_status.value")
    assert not contracts().knows("NOPE")
