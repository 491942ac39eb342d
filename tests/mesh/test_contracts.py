"""Every data contract that is shipped and can be asked for gives data about somebody, under what is
shipped."""

from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from cbss.data.v1 import right_pb2

from sandbox.institutions.enterprises import enterprise_answers
from sandbox.institutions.personas import people
from sandbox.organizations import organizations
from services.registry.load.contracts import shipped_files
from tests.mesh.asking import consult, question

CONTRACTS = [yaml.safe_load(path.read_text("utf-8"))["data_contract"] for path in shipped_files()]
SUBJECTS = {
    one["code"]: sorted({told.cbe_number for told in enterprise_answers()})
    if one.get("subject_kind") == "ENTERPRISE"
    else list(people())
    for one in CONTRACTS
}
CRITERIA = {"RIGHTS": right_pb2.RightsCriteria(rights=["ENERGY_SOCIAL_TARIFF"])}
"""Of contracts that answer nothing without."""
DELIBERATIONS = [
    yaml.safe_load(path.read_text("utf-8"))
    for path in sorted(Path(str(files("sandbox") / "deliberations")).glob("*.yaml"))
]


def ways(contract):
    """Who may ask for a contract online, and for which purposes."""
    for act in DELIBERATIONS:
        blocks = [one for one in act["data_blocks"] if one["contract"] == contract]
        accessions = {given["recipient"] for given in act.get("accessions", ())}
        if any("ONLINE" in block["modes"] for block in blocks):
            for one in organizations().values():
                if one.place in act["recipients"] or one.cbe_number in accessions:
                    yield from ((one.name, context) for context in act["legal_contexts"])


ASKED = [
    contract
    for contract in SUBJECTS
    if any(
        block["contract"] == contract and "ONLINE" in block["modes"]
        for act in DELIBERATIONS
        for block in act["data_blocks"]
    )
]
"""The others are pushed only: tests of notices and submissions bring their data."""


async def test_what_cannot_be_asked_for_is_pushed():
    pushed = {"E_DEDUCTION", "INCAPACITY_SIGNAL", "SOCIAL_NOTIFICATION"}

    assert {contract for contract in SUBJECTS if contract not in ASKED} == pushed


@pytest.mark.parametrize("contract", ASKED)
async def test_a_contract_gives_data_about_somebody(mesh, contract):
    ended = set()
    for who, context in ways(contract):
        for subject in SUBJECTS[contract]:
            asked = question(subject, who, contract, context, criteria=CRITERIA.get(contract))
            answer = await consult(mesh, asked, who)
            ended.add(answer.status.code)
            if answer.status.code == "MSG00000":
                assert any(one.HasField("data") for one in answer.results)
                return
    raise AssertionError(f"{contract} ends with {sorted(ended) or 'nobody who may ask'}")
