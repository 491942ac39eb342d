"""Every command and everything that a person can get wrong: a code, a line on stderr, never a
traceback."""

import json
import os
import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.main import get_command

from cli.command import app
from sandbox import topology
from sandbox.credentials import Vault
from sandbox.profiles import write_profile
from sandbox.state import State
from tests.support.commanding import cbss

SSIN, WRONG = "71713000318", "71713000319"
REASON = ("--reason", "a test")
DAYS = ("2026-01-01", "2026-01-31")
BACKWARDS = ("2026-02-01", "2026-01-01")
NUMBER = "IVC/KSZG/99/002"
ACCEDING = ("--regulation", "by-law 7", "--from", DAYS[0])
KEY, ACT = "7e" * 32, "01a21fb6-778b-7ca0-ae39-469adbe07e91"
CERTIFICATE = ("--certificate", "citizen.crt", "--key", "citizen.key")

# What makes sense, by command: what follows it. Nothing runs, so none of these succeeds.
BATCH = ("--legal-context", "PCSW:LIVING_WAGE_MEANS_TEST", "--data-contract", "HANDICAP")
SENSIBLE = {
    "trail": (SSIN, *REASON),
    "register": ("--out", "pages"),
    "deliberation propose": ("draft.yaml",),
    "deliberation diff": ("draft.yaml",),
    "deliberation dry-run": ("draft.yaml",),
    "deliberation enact": (NUMBER, "1"),
    "deliberation suspend": (NUMBER, "1"),
    "deliberation withdraw": (NUMBER, "1"),
    "deliberation accede": (NUMBER, "17.1", *ACCEDING),
    "deliberation enact-accession": (NUMBER, "17.1", "--from", DAYS[0]),
    "deliberation list": (),
    "deliberation show": (NUMBER,),
    "deliberation explain": ("pcsw-ghent", "PCSW:LIVING_WAGE_MEANS_TEST", "HANDICAP"),
    "deliberation replay": ("01a21fb6-778b-7ca0-ae39-469adbe07e91", *REASON),
    "audit verify": (),
    "audit report": ("--month", "2026-01"),
    "audit misuse": ("--from", DAYS[0], "--until", DAYS[1]),
    "audit alerts": ("pcsw-ghent",),
    "audit answer": ("pcsw-ghent", "an-alert", "explained"),
    "audit unanswered": REASON,
    "audit answers": REASON,
    "registry register-organization": ("organization.yaml",),
    "registry withdraw-organization": ("pcsw-ghent",),
    "registry admit-key": ("pcsw-ghent", KEY),
    "registry withdraw-key": ("pcsw-ghent", KEY),
    "registry name-officer": ("pcsw-ghent", KEY),
    "registry dismiss-officer": ("pcsw-ghent", KEY),
    "registry set-volumes": ("pcsw-ghent", "volumes.yaml"),
    "registry register-contract": ("contract.yaml", "--descriptors", "draft.yaml"),
    "registry retire-contract": ("HANDICAP", "1"),
    "registry list": (),
    "registry approve": (ACT,),
    "registry refuse": (ACT,),
    "registry entry": ("pcsw-ghent",),
    "directory preview": (SSIN, "HANDICAP", *REASON),
    "directory figures": DAYS,
    "citizen extract": ("--out", "extract", *CERTIFICATE),
    "citizen report": ("HANDICAP", "rights", "dgph", "outdated", *CERTIFICATE),
    "citizen card": (SSIN,),
    "citizen rights": CERTIFICATE,
    "rights ask": (
        *("pcsw-ghent", SSIN, "--right", "WATER_DISCOUNT"),
        *("--legal-context", "PCSW:PROACTIVE_RIGHTS"),
    ),
    "buffer feeds": (),
    "buffer check": (),
    "batch submit": ("pcsw-ghent", "draft.yaml", *BATCH),
    "batch status": ("pcsw-ghent", "01a21fb6-778b-7ca0-ae39-469adbe07e91"),
    "batch results": ("pcsw-ghent", "01a21fb6-778b-7ca0-ae39-469adbe07e91"),
    "batch cancel": ("pcsw-ghent", "01a21fb6-778b-7ca0-ae39-469adbe07e91"),
    "batch file": ("pcsw-ghent", "1", "--data-contract", "HANDICAP"),
    "coding request": ("plan.yaml",),
    **{
        f"coding {step}": (ACT,)
        for step in (
            *("assess", "approve", "refuse", "open", "release", "close", "show"),
            *("allow", "deny", "end"),
        )
    },
    "coding list": (),
    "coding number": ("cbss", ACT, "people.csv", "--out", "given.csv"),
    "coding send": ("cbss", ACT, "rows.csv"),
    "coding identify": (ACT, "A:B", "cbss", "codes.txt", "--remark", "a risk"),
    "coding meant": ("cbss", ACT, "people.csv"),
    "coding fetch": ("university", ACT, "--out", "got.csv"),
    "status": (),
    "restart": ("routing",),
}
# What needs no mesh, or is about to make one.
ALONE = {
    *("up", "down", "reset", "demo", "people", "bench", "profile"),
    *("deliberation test", "directory populate", "batch write", "contract coverage"),
    "drill restore",
    *("rights show", "rights diff", "rights case", "rights check"),
}
NONSENSE = [
    ("nonsense",),
    ("trail", WRONG, *REASON),
    ("trail", "", *REASON),
    ("trail", SSIN),
    ("trail", SSIN, *REASON, "--address", "nowhere"),
    ("trail", SSIN, *REASON, "--profile", "missing.json"),
    ("trail", SSIN, *REASON, "--as", "nobody"),
    ("deliberation", "propose", "missing.yaml"),
    ("deliberation", "propose", "."),
    ("deliberation", "propose", "binary.yaml"),
    ("deliberation", "enact", NUMBER, "one"),
    ("deliberation", "enact", NUMBER, "0"),
    ("deliberation", "enact", NUMBER, "99999999999"),
    ("deliberation", "show", NUMBER, "-1"),
    ("deliberation", "accede", NUMBER, "17", *ACCEDING),
    ("deliberation", "accede", NUMBER, "a.b", *ACCEDING),
    ("deliberation", "accede", NUMBER, "17.1", *ACCEDING, "--until", "2025-12-31"),
    ("deliberation", "accede", NUMBER, "17.1", "--regulation", "x", "--from", "1 May"),
    ("deliberation", "explain", "nobody", "A:B", "HANDICAP"),
    ("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP", "--mode", "TELEPATHY"),
    ("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP", "--from", "2026-13-01"),
    ("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP", "--from", "20260101"),
    (
        *("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP"),
        *("--from", BACKWARDS[0], "--until", BACKWARDS[1]),
    ),
    ("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP", "--criteria", "{"),
    ("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP", "--criteria", "[]"),
    ("deliberation", "explain", "pcsw-ghent", "A:B", "HANDICAP", "--criteria", '{"@type": "x"}'),
    ("audit", "report", "--month", "2026-13"),
    ("audit", "report", "--month", "January"),
    ("audit", "report", "--month", "2026-01", "--organization", "nobody"),
    ("audit", "misuse", "--from", BACKWARDS[0], "--until", BACKWARDS[1]),
    ("audit", "misuse", "--from", DAYS[0], "--until", DAYS[1], "--language", "en"),
    ("audit", "verify", "--workers", "0"),
    ("audit", "verify", "--earlier", "missing"),
    ("audit", "alerts", "nobody"),
    ("audit", "answer", "pcsw-ghent", "an-alert", "bored"),
    ("registry", "admit-key", "nobody", KEY),
    ("registry", "admit-key", "pcsw-ghent", "7E" * 32),
    ("registry", "admit-key", "pcsw-ghent", "draft.yaml"),
    ("registry", "register-organization", "draft.yaml"),
    ("registry", "register-organization", "contract.yaml"),
    ("registry", "register-organization", "binary.yaml"),
    ("registry", "set-volumes", "pcsw-ghent", "organization.yaml"),
    ("registry", "register-contract", "contract.yaml"),
    ("registry", "register-contract", "organization.yaml", "--descriptors", "draft.yaml"),
    ("registry", "retire-contract", "HANDICAP", "0"),
    ("registry", "list", "--as", "nobody"),
    ("directory", "preview", WRONG, "HANDICAP", *REASON),
    ("directory", "figures", *BACKWARDS),
    ("directory", "figures", "2026-01-01", "2026-02-30"),
    ("citizen", "extract", "--out", "extract"),
    ("citizen", "extract", "--out", "draft.yaml", *CERTIFICATE),
    ("citizen", "report", "HANDICAP", "rights", "nobody", "outdated", *CERTIFICATE),
    ("citizen", "report", "HANDICAP", "rights", "dgph", "boring", *CERTIFICATE),
    ("citizen", "card", WRONG),
    ("coding", "request", "draft.yaml"),
    ("coding", "number", "cbss", ACT, "rows.csv", "--out", "given.csv"),
    ("coding", "send", "cbss", ACT, "people.csv"),
    ("coding", "identify", ACT, "A:B", "cbss", "rows.csv", "--remark", "a risk"),
    ("batch", "submit", "nobody", "draft.yaml", *BATCH),
    ("batch", "submit", "pcsw-ghent", "missing.csv", *BATCH),
    ("batch", "submit", "pcsw-ghent", "binary.yaml", *BATCH),
    ("batch", "submit", "pcsw-ghent", "draft.yaml", *BATCH, "--hours", "0"),
    ("batch", "submit", "pcsw-ghent", "draft.yaml"),
    ("batch", "submit", "pcsw-ghent", "draft.yaml", "--voucher", "draft.yaml"),
    ("batch", "write", "pcsw-ghent", "draft.yaml", "out.bin", "--sequence", "0", *BATCH),
    ("batch", "results", "pcsw-ghent", "01a21fb6", "--voucher", "voucher.json"),
    ("batch", "results", "nobody", "01a21fb6-778b-7ca0-ae39-469adbe07e91"),
    ("rights", "show", "NOTHING"),
    ("rights", "show", "--law", "missing"),
    ("rights", "case", "missing.yaml"),
    ("rights", "check", "--on", "tomorrow"),
    ("status", "--wait", "soon"),
    ("status", "--wait", "-1"),
    ("up", "--messages", "missing"),
    ("people", "--out", "people.csv", "--persons", "0"),
    ("bench", "nothing"),
    ("bench", "../exchange"),
]
REGISTERED = {
    "organization.yaml": 'cbe_number: "0899990348"\nname: Centre\nnetwork: NETWORK_PRIMARY\n',
    "volumes.yaml": "expected_volumes: [{legal_context: A, data_contract: X, hourly: 1}]\n",
    "contract.yaml": "code: HANDICAP\nversion: 2\n",
    "plan.yaml": "title: A study\n",
    "people.csv": "number\n71713000318\n",
    "codes.txt": "00112233445566778899aabbccddeeff\n",
    "rows.csv": "temporary_number,age\n00,30\n",
}
UNUSABLE = ["", "{", "[]", '{"gateway": 1}', '{"gateway": {"address": "nowhere"}}', '{"more": {}}']


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with some files, in which no mesh runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CBSS_PROFILE", raising=False)
    for name in ("draft.yaml", "citizen.crt", "citizen.key"):
        (tmp_path / name).write_text("nothing")
    for name, text in REGISTERED.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe")
    return tmp_path


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The profile of a sandbox that has ended."""
    state = State.at(tmp_path_factory.mktemp("known")).made()
    write_profile(state, topology.fixed_ports(), Vault.founded(state))
    return state.profile


def commands(group, before=()):
    """The names of all commands."""
    for name, one in group.commands.items():
        if hasattr(one, "commands"):
            yield from commands(one, (*before, name))
        else:
            yield " ".join((*before, name))


def is_told(said, code):
    """Whether it ended with a code and a line on stderr, with no traceback and nothing else."""
    assert "Traceback" not in said.output
    assert (said.exit_code, said.stdout) == (code, ""), said.output
    assert said.stderr.strip()
    return True


def test_every_command_is_tried_here():
    assert set(commands(get_command(app))) == SENSIBLE.keys() | ALONE


@pytest.mark.parametrize("command", sorted(SENSIBLE.keys() | ALONE))
def test_every_command_says_what_it_does(folder, command):
    if command == "bench":
        pytest.skip("what follows it is the benchmark's own")
    said = cbss(*command.split(), "--help")

    assert (said.exit_code, said.stderr) == (0, "")
    assert "Usage: cbss" in said.stdout


@pytest.mark.parametrize("command", sorted(SENSIBLE))
def test_where_no_mesh_runs_every_command_says_so(folder, command):
    assert is_told(cbss(*command.split(), *SENSIBLE[command]), 1)
    assert not (folder / ".cbss").exists()


@pytest.mark.parametrize("command", sorted(SENSIBLE))
def test_a_mesh_that_is_away_is_a_line_to_read(folder, known, command):
    if command in ("status", "restart", "citizen card"):
        pytest.skip("these know of a sandbox themselves")

    assert is_told(cbss(*command.split(), *SENSIBLE[command], "--profile", known), 1)


@pytest.mark.parametrize("given", NONSENSE, ids=" ".join)
def test_nonsense_is_refused_before_anything_is_asked(folder, known, monkeypatch, given):
    monkeypatch.setenv("CBSS_PROFILE", str(known))

    said = cbss(*given)

    assert is_told(said, 2)
    assert WRONG not in said.output


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_profile_that_is_not_usable_is_refused_with_what_is_wrong(folder, text):
    (folder / "profile.json").write_text(text)

    said = cbss("trail", SSIN, *REASON, "--profile", "profile.json")

    assert is_told(said, 2)
    assert "profile.json" in said.stderr


def test_a_mesh_elsewhere_is_named_by_address_and_files(folder):
    elsewhere = ("--address", "127.0.0.1:9", "--authority", "citizen.crt")

    said = cbss("trail", SSIN, *REASON, *elsewhere, *CERTIFICATE)

    assert is_told(said, 1)


def test_paths_in_a_profile_are_seen_from_its_file(folder):
    beside = folder / "beside"
    beside.mkdir()
    door = {"address": "cbss.example:443", "authority": "authority.crt"}
    (beside / "profile.json").write_text(json.dumps({"gateway": door}))

    said = cbss("profile", "--profile", "beside/profile.json")

    assert json.loads(said.stdout)["gateway"]["authority"] == str(beside / "authority.crt")


def test_a_fault_of_the_command_itself_is_one_line(folder, monkeypatch):
    def broken(_):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr("cli.mesh.read_profile", broken)
    (folder / "profile.json").write_text("{}")

    assert is_told(cbss("trail", SSIN, *REASON, "--profile", "profile.json"), 70)


def test_it_says_which_version_it_is():
    said = cbss("--version")

    assert (said.exit_code, said.stdout) == (0, f"cbss {version('cbss-mesh')}\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(folder):
    (folder / "draft.yaml").chmod(0)

    assert is_told(cbss("deliberation", "propose", "draft.yaml"), 1)


def test_who_closes_the_pipe_sees_no_traceback(folder, known):
    program = [sys.executable, "-c", "from cli.command import main; main()", "profile"]
    with subprocess.Popen(
        [*program, "--profile", str(known)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.close()
        _, said = child.communicate()

    assert b"Traceback" not in said
    assert b"Exception ignored" not in said
    assert child.returncode != 0


@pytest.mark.parametrize("command", sorted({*SENSIBLE, "profile", "deliberation test"}))
def test_every_command_that_shows_something_answers_programs_too(command):
    if command == "restart":
        pytest.skip("it does something and says that it did")

    assert "--json" in cbss(*command.split(), "--help").stdout


def test_a_whole_path_stands_on_its_line(folder):
    deep = folder / ("a" * 60) / ("b" * 60) / "profile.json"

    said = cbss("trail", SSIN, *REASON, "--state", deep.parent, "--profile", folder / "draft.yaml")

    assert str(folder / "draft.yaml") in said.stderr
