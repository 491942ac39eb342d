"""The load job: what it says of files that cannot be, and the command as an operator runs it."""

import asyncio
import sys
from importlib.resources import files as resources
from pathlib import Path

import pytest
import yaml

from sandbox.organizations import organizations
from services.access.load import files
from services.access.load.contracts import shipped_contracts
from services.access.load.parties import known_parties, places
from services.access.rules.reviews import review
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.kit.migrate import migrate
from tests.support.deliberations import organization, written

PARTIES = known_parties(
    organization(parse_enterprise_number(one.cbe_number), place=None)
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
        review([one.deliberation for one in read.reviewed], [], shipped_contracts(), PARTIES) == []
    )


def test_knows_the_contracts_of_the_knowledge_directory_with_their_results():
    folder = Path(str(resources("services.directory") / "data" / "contracts"))
    listed = [yaml.safe_load(path.read_text())["data_contract"] for path in folder.glob("*.yaml")]
    own = yaml.safe_load((resources("services.access") / "data" / "contracts.yaml").read_text())

    kept = {(one["code"], one["version"], one["result_type"]) for one in own["contracts"]}
    assert kept >= {(one["code"], one["version"], one["result_type"]) for one in listed}
    known = shipped_contracts()
    assert all(known.knows(parse_contract_name(one["code"], one["version"])) for one in listed)


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
        ({"open_to_accession": True}, "open_to_accession"),
        ({"version": 2}, "version"),
        ({"legal_contexts": ["A:B", "A:B"]}, "legal_contexts[1]"),
        ({"senders": ["16.0", "999.9"]}, "senders[1]"),
        ({"recipients": ["0899991635"]}, "recipients[0]"),
        ({"processors": ["0899991635"]}, "processors[0]"),
    ],
)
def test_a_review_finds_what_does_not_fit_together(file, change, field):
    read = files.read([file(**change)])

    found = review([read.reviewed[0].deliberation], [], shipped_contracts(), PARTIES)

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

    assert review([reviewed.deliberation], [], shipped_contracts(), PARTIES)


def test_knows_every_place_of_the_directory():
    listed = yaml.safe_load((resources("services.directory") / "data/sectors.yaml").read_text())

    assert {entry["place"] for entry in listed["places"]} <= {str(place) for place in places()}


async def test_the_command_loads_and_refuses(postgres, tmp_path, file):
    database = await postgres.database("access")
    await migrate(database.owner_dsn, "services.access")
    (tmp_path / "dsn").write_text(database.owner_dsn)

    async def command(*paths):
        job = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.access.load", *map(str, paths)),
            env={"DATABASE_OWNER_DSN_FILE": str(tmp_path / "dsn")},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await job.communicate()
        return job.returncode, said.decode()

    onboarding = tmp_path / "organizations.yaml"
    onboarding.write_text(
        yaml.safe_dump(
            {
                "organizations": [
                    {"cbe_number": one.cbe_number, "name": one.title}
                    for one in organizations().values()
                ]
            }
        )
    )
    assert (await command(*SHIPPED))[0] == 1
    assert (await command(onboarding, *SHIPPED))[0] == 0
    code, said = await command(*SHIPPED)
    assert (code, '"rows_added": 0' in said) == (0, True)
    assert (await command(file()))[0] == 0
    code, said = await command(file(retention_days=7))
    assert (code, "stored with another text" in said, '"line"' in said) == (1, True, True)


ONBOARDING = """
organizations:
- cbe_number: "0899990249"
  name: Managing institution
  sector_institution: "17.0"
  public_key_sha256: ["%s"]
  manages: ["0899990348"]
  endpoint: {address: "dns:///elsewhere:7443", server_name: elsewhere}
- {cbe_number: "0899990348", name: A centre, sector_institution: "17.1"}
""" % ("b" * 64)


def test_reads_the_onboarding_file_of_the_network(file):
    manager, centre = files.read([file(ONBOARDING)]).organizations

    assert (manager.name, str(manager.place)) == ("Managing institution", "17.0")
    assert manager.public_keys == {"b" * 64}
    assert manager.managed == {centre.cbe_number}
    assert centre.public_keys == frozenset()


@pytest.mark.parametrize(
    ("wrong", "field", "line"),
    [
        (ONBOARDING.replace('"0899990249"', '"0899990240"'), "organizations[0].cbe_number", 3),
        (ONBOARDING.replace("bbbb", "BBBB"), "organizations[0].public_key_sha256[0]", 6),
        ("organizations: []", "organizations", 1),
    ],
)
def test_names_the_line_of_what_is_wrong_with_an_organization(file, wrong, field, line):
    (problem,) = files.read([file(wrong)]).problems

    assert (problem.field, problem.line) == (field, line)
