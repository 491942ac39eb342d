"""What the READMEs say is so: their commands run, their tables are the lists that they show."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from google.protobuf import descriptor_pb2
from google.rpc import code_pb2

from cli.command import app
from gateway.edges import DESCRIPTORS
from gateway.routes import ROUTES
from services.concepts.status import status_codes
from services.kit import bounds
from services.kit.status import CODES
from tests.architecture.project import ROOT

READMES = (ROOT / "README.md", ROOT / "protos" / "README.md", ROOT / "services" / "README.md")
FRONT, CONTRACTS = READMES[0].read_text("utf-8"), READMES[1].read_text("utf-8")


def blocks(text: str, language: str = "") -> list[str]:
    """What stands between fences."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(group: typer.core.TyperGroup, words: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """All commands of `cbss`, as the words by which they are called."""
    found: set[tuple[str, ...]] = set()
    for name, one in group.commands.items():
        here = (*words, name)
        found |= commands(one, here) if hasattr(one, "commands") else {here}
    return found


def test_the_line_for_the_compiler_makes_a_client(tmp_path):
    """In a folder that has nothing but the contracts and the environment, as in a fresh clone."""
    shutil.copytree(ROOT / "protos" / "cbss", tmp_path / "protos" / "cbss")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (lines,) = [block for block in blocks(CONTRACTS) if "protoc" in block]

    done = subprocess.run(["sh", "-ec", lines], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/cbss/routing/v1/routing_service_pb2_grpc.py").exists()


def test_the_client_of_the_front_page_is_a_program():
    (client,) = blocks(FRONT, "python")

    compile(client, "README.md", "exec")


def test_what_make_is_told_it_can_do():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {name for path in READMES for name in re.findall(r"`make ([a-z-]+)", path.read_text())}
    told |= {
        line.split()[1]
        for block in blocks(FRONT)
        for line in block.splitlines()
        if line.startswith("make ")
    }

    assert told
    assert told <= targets


def test_every_command_that_is_named_is_one():
    known = commands(typer.main.get_command(app))
    groups = {words[0] for words in known if len(words) > 1}
    named = re.findall(r"`cbss ([a-z][a-z -]*?)(?= [A-Z\[-]|`)", FRONT)

    assert len(named) > 10
    for text in named:
        words = tuple(text.split())
        depth = 2 if words[0] in groups else 1
        assert words[:depth] in known, text


def test_every_file_that_is_linked_is_there():
    for path in READMES:
        links = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
        assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_status_of_the_list_stands_in_the_table_with_its_value():
    rows = re.findall(r"^\| ([A-Z_]+) \| ([A-Z]+[0-9]{5}) \|", CONTRACTS, re.MULTILINE)

    assert len({code for _, code in rows}) == len(rows)
    assert {code: value for value, code in rows} == {
        code.code: code.value.name for code in status_codes().values()
    }


def test_every_code_that_the_mesh_answers_with_stands_in_the_table():
    rows = " ".join(re.findall(r"^\| ([A-Z_, ]+) \| [a-z]", CONTRACTS, re.MULTILINE))
    told = set(re.findall(r"[A-Z_]+", rows)) & set(code_pb2.Code.keys())

    assert told >= {code.name for _, code in CODES}


def test_every_package_of_the_contracts_stands_in_the_table():
    described = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    packages = {file.package for file in described.file if file.package.startswith("cbss.")}

    assert set(re.findall(r"^\| `(cbss\.[a-z]+\.v1)` \|", CONTRACTS, re.MULTILINE)) == packages


def test_the_bounds_are_the_bounds():
    assert f"{bounds.MESSAGE // 2**20} MiB a message" in CONTRACTS
    assert f"{bounds.METADATA // 1024} KiB and 200 headers" in CONTRACTS
    assert f"{bounds.CERTIFICATE // 1024} KiB of it" in CONTRACTS


def test_the_paths_that_are_named_are_public():
    public = {f"/{route.rpc}" for route in ROUTES} | {"/openapi.json", "/descriptors.binpb"}
    named = {
        path
        for text in (FRONT, CONTRACTS)
        for path in re.findall(r"(?:POST|GET) (/[A-Za-z0-9./]+)`|\(`(/[A-Za-z0-9./]+)`\)", text)
        for path in path
        if path
    }

    assert named
    assert named <= public


@pytest.mark.parametrize("path", READMES, ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_no_page_names_a_folder_of_this_machine(path):
    assert not re.search(r"/(root|home|work|tmp)/", path.read_text("utf-8"))
