"""`cbss registry` against a mesh: two persons open, one stops, an institution sees to its own."""

import json

import pytest

from tests.support.commanding import cbss_beside
from tests.support.waiting import until

pytestmark = pytest.mark.mesh
NUMBER, KEY, OFFICER = "0899997078", "6c" * 32, "6d" * 32
MEMBER = ("--as", "second-committee-member")
FILE = f"""
cbe_number: "{NUMBER}"
name: An observatory
network: NETWORK_EXTENSION
public_key_sha256: ["{KEY}"]
"""


@pytest.fixture
def said(mesh):
    async def given(*arguments):
        return await cbss_beside("registry", *arguments, "--state", mesh.state.folder)

    return given


@pytest.fixture
def acts(said):
    async def given(*arguments):
        ended = await said(*arguments, "--json")
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout)

    return given


@pytest.fixture
def in_force(acts):
    async def waited(act_id):
        async def found():
            (act,) = [one for one in await acts("list") if one["act_id"] == act_id]
            return act["state"] == "ACT_STATE_IN_FORCE"

        await until(found)

    return waited


async def test_an_organization_is_led_into_the_network_and_out_of_it(
    said, acts, in_force, tmp_path
):
    file = tmp_path / "organization.yaml"
    file.write_text(FILE)
    (prepared,) = await acts("register-organization", file)
    act_id = prepared["act_id"]

    waiting = await said("list", "--waiting")
    by_the_bank = await said("approve", act_id, "--as", "operator")
    (approved,) = await acts("approve", act_id, *MEMBER)
    again = await said("approve", act_id, *MEMBER)
    await in_force(act_id)
    (named,) = await acts("name-officer", NUMBER, OFFICER)
    (refused,) = await acts("refuse", named["act_id"], *MEMBER)
    (key,) = await acts("withdraw-key", NUMBER, KEY)
    (gone,) = await acts("withdraw-organization", NUMBER)
    unknown = await said("withdraw-organization", NUMBER)

    assert prepared["state"] == "ACT_STATE_PREPARED"
    assert f"organization {NUMBER} An observatory" in waiting.output
    assert f"waits for a second person: cbss registry approve {act_id}" in waiting.output
    assert (by_the_bank.exit_code, by_the_bank.stdout) == (1, "")
    assert "PERMISSION_DENIED" in by_the_bank.stderr
    assert approved["state"] in ("ACT_STATE_APPROVED", "ACT_STATE_IN_FORCE")
    assert (again.exit_code, "FAILED_PRECONDITION" in again.stderr) == (1, True)
    assert refused["state"] == "ACT_STATE_REFUSED"
    assert [one["state"] for one in (key, gone)] == ["ACT_STATE_IN_FORCE"] * 2
    assert unknown.exit_code == 1
    assert "names no organization of the network" in unknown.stderr


async def test_an_institution_reads_its_entry_and_prepares_its_own_change(said, acts, tmp_path):
    file = tmp_path / "volumes.yaml"
    file.write_text(
        "expected_volumes:\n- {legal_context: 'PCSW:LIVING_WAGE_MEANS_TEST', "
        "data_contract: HANDICAP, contract_version: 1, hourly: 1000000}\n"
    )
    (key,) = await acts("admit-key", "pcsw-ghent", KEY, "--own")
    (volumes,) = await acts("set-volumes", "pcsw-ghent", file, "--own")

    entry = await said("entry", "pcsw-ghent")
    decided = [await acts("refuse", one["act_id"], *MEMBER) for one in (key, volumes)]
    after = await said("entry", "pcsw-ghent")

    assert key["prepared_by"] == volumes["prepared_by"]
    assert f"admits key {KEY}" in entry.output
    assert "1000000 an hour of HANDICAP" in entry.output
    assert [one["state"] for (one,) in decided] == ["ACT_STATE_REFUSED"] * 2
    assert "nothing waits" in after.output


async def test_a_contract_is_retired_only_if_there_is_one(said):
    ended = await said("retire-contract", "NOTHING", "1")

    assert (ended.exit_code, ended.stdout) == (1, "")
    assert "names no data contract" in ended.stderr
