"""The load job: what it says of files that cannot be, and the command as an operator runs it."""

import asyncio
import sys
from importlib.resources import files as resources
from pathlib import Path

import pytest
import yaml
from cbss.data.v1.social_status_pb2 import SocialStatusCriteria

from sandbox.organizations import organizations
from services.access.load import files
from services.access.rules.reviews import review
from services.access.store import document
from services.access.store.parties import known_members
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.written import parse_place
from services.registry.wire import Travelling, encode_archive
from tests.support.contracts import grantable_contracts, shipped_contracts, shipped_reference
from tests.support.deliberations import NOON, organization, written

PARTIES = known_members(
    organization(parse_enterprise_number(one.cbe_number), place=None, kind=one.kind)
    for one in organizations().values()
)
SHIPPED = sorted(Path(str(resources("sandbox") / "deliberations")).glob("*.yaml"))


@pytest.fixture
def file(tmp_path):
    """Writes a deliberation's file, in text or with some fields changed."""

    def made(text=None, **changed):
        path = tmp_path / "act.yaml"
        block = {"contract": "HANDICAP", "version": 1, "modes": ["ONLINE"], "fields": ["rights"]}
        plain = written(**{"data_blocks": [block], **changed})
        path.write_text(text if text is not None else yaml.safe_dump(plain))
        return path

    return made


def test_the_deliberations_of_the_sandbox_are_fit_to_be_decided_on():
    read = files.read(SHIPPED)

    assert len(read.reviewed) == len(SHIPPED)
    assert read.problems == []
    assert (
        review([one.deliberation for one in read.reviewed], [], grantable_contracts(), PARTIES)
        == []
    )


def test_knows_the_contracts_that_are_registered_and_those_of_the_mesh_itself():
    known = grantable_contracts()

    assert all(known.knows(name) for name in shipped_contracts())
    assert known.knows(parse_contract_name("PERSON_SEARCH", 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "dictionary"),
        ("[1, 2]", "dictionary"),
        ("a: [", "is no YAML"),
        ("a: &x 1\nb: *x\n", "aliases are not used"),
        ("number: a\nnumber: b\n", "stands here a second time"),
    ],
)
def test_says_what_is_no_deliberation(file, text, said):
    problems = files.read([file(text)]).problems

    assert problems
    assert any(said in one.description for one in problems)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "MAYBE"}, "status"),
        ({"senders": ["17"]}, "senders[0]"),
        ({"valid_from": "yesterday"}, "valid_from"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"legal_contexts": ["?"]}, "legal_contexts[0]"),
        ({"surprise": 1}, "surprise"),
        ({"retention_days": -1}, "retention_days"),
    ],
)
def test_names_the_field_and_its_line(file, change, field):
    problems = files.read([file(**change)]).problems

    assert [one.field for one in problems][:1] == [field]
    assert problems[0].line >= 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": "2020-01-01"}, "valid_from"),
        ({"recipients": []}, "recipients"),
        ({"may_accede": {"kinds": ["COMMUNE"]}}, "may_accede"),
        ({"kind": "GENERAL", "may_accede": {"kinds": ["COMMUNES"]}}, "may_accede.kinds[0]"),
        ({"version": 2}, "version"),
        ({"legal_contexts": ["A:B", "A:B"]}, "legal_contexts[1]"),
        ({"senders": ["16.0", "999.9"]}, "senders[1]"),
        ({"recipients": ["0899991635"]}, "recipients[0]"),
        ({"processors": ["0899991635"]}, "processors[0]"),
    ],
)
def test_a_review_finds_what_does_not_fit_together(file, change, field):
    read = files.read([file(**change)])

    found = review([read.reviewed[0].deliberation], [], grantable_contracts(), PARTIES)

    assert read.problems == []
    assert field in [one.field for one in found]


@pytest.mark.parametrize(
    "block",
    [
        {"contract": "NOTHING", "version": 1, "modes": ["ONLINE"], "fields": ["*"]},
        {"contract": "HANDICAP", "version": 9, "modes": ["ONLINE"], "fields": ["*"]},
        {"contract": "HANDICAP", "version": 1, "modes": ["ONLINE"], "fields": ["no_such"]},
        {"contract": "HANDICAP", "version": 1, "modes": ["ONLINE"], "fields": ["rights.no_such"]},
        {"contract": "HANDICAP", "version": 1, "modes": ["ONLINE"], "fields": ["rights", "rights"]},
    ],
)
def test_a_review_finds_data_that_do_not_exist(file, block):
    (reviewed,) = files.read([file(data_blocks=[block])]).reviewed

    assert review([reviewed.deliberation], [], grantable_contracts(), PARTIES)


def limiting(*limits, contract="SOCIAL_STATUS", **changed):
    block = {"contract": contract, "version": 1, "modes": ["ONLINE"], "fields": ["*"], **changed}
    return {**block, "criteria": list(limits)}


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (limiting({"field": "statuses.names", "values": ["A"]}), "has no field statuses.names"),
        (limiting({"field": "statuses", "values": ["A"]}), "holds no single value"),
        (limiting({"field": "statuses.name", "minimum": 1}), "is no number"),
        (limiting({"field": "statuses.minimum_age", "values": ["old"]}), "can never be old"),
        (limiting({"field": "statuses.minimum_age", "values": ["065"]}), "can never be 065"),
        (
            limiting(*[{"field": "statuses.name", "values": [one]} for one in "AB"]),
            "is limited twice",
        ),
        (
            limiting(
                {"field": "statuses.parameters", "absent": True},
                {"field": "statuses.parameters.name", "values": ["A"]},
            ),
            "contradicts statuses.parameters",
        ),
        (
            limiting({"field": "a", "values": ["A"]}, contract="PERSON_SEARCH"),
            "without criteria",
        ),
        (
            limiting({"field": "sources", "values": ["DGPH"]}, contract="HANDICAP"),
            "can never be DGPH",
        ),
        (
            limiting(
                {"field": "sources", "values": ["HANDICAP_SOURCE_UNSPECIFIED"]},
                contract="HANDICAP",
            ),
            "can never be HANDICAP_SOURCE_UNSPECIFIED",
        ),
        (limiting({"field": "statuses.name", "values": ["A"]}, modes=["PUSH"]), "nobody asks"),
    ],
)
def test_a_review_finds_limits_that_no_criteria_could_keep_to(file, block, said):
    (reviewed,) = files.read([file(data_blocks=[block])]).reviewed

    found = review([reviewed.deliberation], [], grantable_contracts(), PARTIES)

    assert any(said in one.description for one in found if "criteria" in one.field), found


@pytest.mark.parametrize(
    "limit",
    [
        {"field": "statuses.name"},
        {"field": "statuses.name", "values": []},
        {"field": "statuses.name", "values": ["A"], "absent": True},
        {"field": "statuses.minimum_age", "minimum": 66, "maximum": 65},
        {"field": "statuses..name", "values": ["A"]},
        {"field": "statuses.minimum_age", "minimum": "65"},
    ],
)
def test_a_limit_says_one_thing(file, limit):
    (problem,) = files.read([file(data_blocks=[limiting(limit)])]).problems

    assert problem.field.startswith("data_blocks[0].criteria[0]")


@pytest.mark.parametrize(
    "block",
    [
        limiting({"field": "statuses.name", "values": ["A", "B"]}),
        limiting({"field": "statuses.minimum_age", "minimum": 65}),
        limiting({"field": "statuses.maximum_age", "values": [17, 18]}),
        limiting({"field": "statuses.parameters", "absent": True}),
        limiting({"field": "sources", "values": ["HANDICAP_SOURCE_DGPH"]}, contract="HANDICAP"),
    ],
)
def test_a_limit_reads_as_it_is_written(file, block):
    (reviewed,) = files.read([file(data_blocks=[block])]).reviewed
    text = reviewed.deliberation

    assert review([text], [], grantable_contracts(), PARTIES) == []
    assert document.read(document.written_form(text)).digest == text.digest
    assert document.read(document.written_form(text)).data_blocks == text.data_blocks


def test_the_energy_ministry_is_told_yes_or_no_and_nothing_else():
    (tariff,) = files.read([one for one in SHIPPED if one.name.startswith("99-001")]).reviewed
    (block,) = tariff.deliberation.data_blocks

    assert set(block.fields) == {"statuses.name", "statuses.result"}
    limits = {one.field: one for one in block.criteria}
    # One status alone: of two the difference would tell the ground.
    assert len(limits.pop("statuses.name").values) == 1
    asked = SocialStatusCriteria.DESCRIPTOR.fields_by_name["statuses"].message_type
    others = {f"statuses.{name}" for name in asked.fields_by_name} - {"statuses.name"}
    assert {field for field, one in limits.items() if one.forbids} == others


async def test_the_command_loads_and_refuses(postgres, tmp_path, file):
    database = await postgres.migrated("access")
    (tmp_path / "dsn").write_text(database.owner_dsn)

    async def command(*paths):
        job = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.access.load", *map(str, paths)),
            env={"DATABASE_OWNER_DSN_FILE": str(tmp_path / "dsn")},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await job.communicate()
        return job.returncode, said.decode()

    members = [
        organization(parse_enterprise_number(one.cbe_number), place=None, kind=one.kind)
        for one in organizations().values()
    ]
    for name, known in (("nobody", []), ("all", members)):
        (tmp_path / name).write_bytes(archive_of(shipped_reference(*known)))
    beside = "--registry", tmp_path / "all"
    assert (await command("--registry", tmp_path / "nobody", *SHIPPED))[0] == 1
    assert (await command(*beside, *SHIPPED))[0] == 0
    code, said = await command(*beside, *SHIPPED)
    assert (code, '"rows_added": 0' in said) == (0, True)
    assert (await command(*beside, file()))[0] == 0
    code, said = await command(*beside, file(retention_days=7))
    assert (code, "stored with another text" in said, '"line"' in said) == (1, True, True)
    code, said = await command("--registry", tmp_path / "gone", file())
    assert (code, "FileNotFoundError" in said) == (1, True)
    code, said = await command("--registry", tmp_path / "dsn", file())
    assert (code, "archive" in said or "INVALID_ARGUMENT" in said) == (1, True)


REGISTERING = {
    "contract": "ENTERPRISE_REGISTER",
    "version": 1,
    "modes": ["ONLINE"],
    "fields": ["*"],
}
RIGHT = {"recipients": ["70.1"], "legal_contexts": ["ENTERPRISES:TRIAL"]}
BANK_OF_ENTERPRISES = next(
    one.cbe_number for one in organizations().values() if one.place == "70.1"
)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        (RIGHT, []),
        (RIGHT | {"recipients": ["17.1", "70.1"]}, ["recipients[0]"]),
        (RIGHT | {"recipients": ["0899990348"]}, ["recipients[0]"]),
        (RIGHT | {"recipients": [BANK_OF_ENTERPRISES]}, []),
        (RIGHT | {"legal_contexts": ["PCSW:TRIAL"]}, ["legal_contexts[0]"]),
        (RIGHT | {"legal_contexts": ["ENTERPRISES:A", "PCSW:B"]}, ["legal_contexts[1]"]),
        (
            RIGHT | {"kind": "GENERAL", "may_accede": {"sectors": [70]}},
            ["data_blocks[0].contract"],
        ),
    ],
)
def test_who_may_write_what_and_which_purpose_may_carry_it_is_checked(file, changed, fields):
    (reviewed,) = files.read([file(data_blocks=[REGISTERING], **changed)]).reviewed
    placed = known_members(
        organization(
            parse_enterprise_number(one.cbe_number),
            place=None if one.place is None else parse_place(one.place),
            kind=one.kind,
        )
        for one in organizations().values()
    )

    found = review([reviewed.deliberation], [], grantable_contracts(), placed)

    assert [one.field for one in found] == fields


WRITERS = {
    "BIS_REGISTER": {"WELFARE_CENTRE", "FEDERAL_SERVICE"},
    "DOSSIER_REGISTRATION": {"WELFARE_CENTRE", "FEDERAL_SERVICE"},
    "ENTERPRISE_REGISTER": {"FEDERAL_SERVICE"},
    "SSIN_REPLACEMENT": {"WELFARE_CENTRE", "FEDERAL_SERVICE"},
}
"""The kinds of organization that have each power to write; what ships gives it to nobody else."""


def archive_of(reference):
    """The file in which it travels to jobs."""
    return encode_archive(Travelling().write(reference), [], [], NOON)


def writings(deliberation):
    """What a deliberation lets its recipients write, each with who may be given it."""
    known = grantable_contracts()
    for block in deliberation.data_blocks:
        writing = known.writing_of(block.contract)
        if writing is not None:
            yield block.contract, writing


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_no_shipped_deliberation_gives_a_power_to_write_to_who_is_of_another_kind(path):
    (reviewed,) = files.read([path]).reviewed
    text = reviewed.deliberation
    kinds = {one.place: one.kind for one in organizations().values() if one.place is not None}

    for contract, writing in writings(text):
        places = set(map(str, text.recipients))
        assert places <= set(map(str, writing.places)), contract
        assert {context.partition(":")[0] for context in text.legal_contexts} <= writing.purposes
        assert {kinds.get(place, "WELFARE_CENTRE") for place in places} <= WRITERS[contract.code]
