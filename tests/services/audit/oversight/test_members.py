"""What oversight knows of institutions comes from the registry."""

from services.audit.oversight.members import estimates, members, names_of
from tests.support.archives import archive


def expecting(*told):
    return [
        {"legal_context": context, "data_contract": contract, "contract_version": 1, "hourly": many}
        for context, contract, many in told
    ]


def test_volumes_of_one_purpose_count_together_and_names_are_those_admitted(tmp_path):
    file = tmp_path / "registry.binpb"
    volumes = expecting(("A", "X", 10), ("A", "Y", 5), ("B", "X", 1))
    file.write_bytes(
        archive(
            {"cbe_number": "0899990348", "name": "a", "expected_volumes": volumes},
            {"cbe_number": "0899990447", "name": "b"},
        ).SerializeToString()
    )

    known = members(file)

    assert estimates(known) == {("0899990348", "A"): 15, ("0899990348", "B"): 1}
    assert names_of(known) == {"0899990348": "a", "0899990447": "b"}


def test_without_an_archive_nobody_is_known():
    assert members(None) == {}
