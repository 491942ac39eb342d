"""The registry command: what a person writes is read, or refused with what is wrong; and acts are
led from their preparation until they are in force, by two persons and by an institution itself."""

import json

import pytest
from cbss.registry.v1 import change_pb2

from cli.entries import parse_key, read_organization, read_volumes, show_change
from cli.failures import Nonsense
from sandbox.authority import Authority
from tests.support.commanding import cbss

KEY = "7e" * 32
NUMBER = "0899990348"


def test_a_key_is_named_by_a_certificate_or_by_its_fingerprint(tmp_path):
    issued = Authority.founded("institutions").organization("ghent", "Ghent", f"NTRBE-{NUMBER}")
    (tmp_path / "ghent.crt").write_bytes(issued.pem)

    assert parse_key(str(tmp_path / "ghent.crt")) == issued.public_key_sha256
    assert parse_key(KEY) == KEY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "line 1"),
        ("a: 1\na: 2", "line 2"),
        ("[1]", "must name fields"),
        ("name: 7", "name"),
        ("cbe: x", '"cbe"'),
        ("network: NETWORK_MOON", "network"),
    ],
)
def test_a_file_that_is_no_organization_is_refused_with_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "organization.yaml"
    path.write_text(text)

    with pytest.raises(Nonsense) as refused:
        read_organization(path)

    assert str(path) in str(refused.value)
    assert said in str(refused.value)


def test_an_organization_reads_as_it_is_written(tmp_path):
    path = tmp_path / "organization.yaml"
    path.write_text(f'cbe_number: "{NUMBER}"\nname: Centre\nsector_institution: {{sector: 17}}\n')

    told = read_organization(path)

    assert (told.cbe_number, told.name, told.sector_institution.sector) == (NUMBER, "Centre", 17)


def test_volumes_name_no_organization(tmp_path):
    path = tmp_path / "volumes.yaml"
    path.write_text(f'cbe_number: "{NUMBER}"\n')

    with pytest.raises(Nonsense):
        read_volumes(path)


def test_every_change_is_shown_in_a_line_of_its_own():
    for one in change_pb2.Change.DESCRIPTOR.fields:
        change = change_pb2.Change()
        if one.message_type is None:
            setattr(change, one.name, NUMBER)
        else:
            getattr(change, one.name).SetInParent()

        assert "\n" not in show_change(change)
        assert not show_change(change).startswith(one.name if "_" in one.name else "\0")


def told(state, *arguments):
    return cbss("registry", *arguments, "--state", state)


def shown(said):
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def test_nothing_is_asked_where_no_mesh_runs(tmp_path):
    said = told(tmp_path, "list")

    assert (said.exit_code, said.stdout) == (1, "")
