"""What can be reported as wrong is what deliberations are written on and what is registered."""

from importlib.resources import files

import pytest
import yaml

from services.audit.corrections.contracts import DescribedContracts, own_contracts
from tests.services.registry.rules.test_contracts import trial
from tests.support.contracts import shipped_contracts


@pytest.fixture
def known():
    return DescribedContracts(own_contracts(), shipped_contracts)


def listed(service, name):
    text = files(f"services.{service}").joinpath("data", name).read_text("utf-8")
    return yaml.safe_load(text)["contracts"]


def test_the_trail_knows_what_the_mesh_itself_is_asked_for_as_access_does():
    granted = {one["code"]: one["result_type"] for one in listed("access", "contracts.yaml")}

    assert listed("audit", "contracts.yaml") == granted


def test_a_field_is_one_of_the_result_however_deep(known):
    assert known.has("HANDICAP", "handicap_recognitions.decision_status")
    assert known.has("HANDICAP", "rights")
    assert known.has("PERSON_SEARCH", "last_name")
    assert not known.has("HANDICAP", "nope.nope")
    assert not known.has("HANDICAP", "handicap_recognitions.decision_status.value")
    assert not known.knows("NOPE")


def test_a_contract_that_is_registered_now_can_be_reported_on():
    contract, registered = trial(), {}
    known = DescribedContracts(own_contracts(), lambda: registered)
    before = known.knows(contract.name.code)

    registered[contract.name] = contract

    assert not before
    assert known.has(contract.name.code, "name")
    assert not known.has(contract.name.code, "nope")
