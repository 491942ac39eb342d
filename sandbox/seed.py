"""What the databases of the country begin with: files for the services' own load jobs."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from sandbox.credentials import Vault
from sandbox.institutions.registrations import Registration, registrations
from sandbox.organizations import Organization, at_place, organizations
from sandbox.processes import environment, module
from sandbox.servers.databases import DsnFiles
from sandbox.state import State
from sandbox.topology import OFFICIAL_STATUSES, Ports

LONG_AGO = "2000-01-01"
HELPER = "pcsw-ghent"
"""Integrates every person of whom there is an official answer, so that all can be consulted."""
MIGRATED = ("identification", "directory", "access", "audit", "buffer")


class JobFailed(Exception):
    """A migration or load job failed; the message says what it said."""


@cache
def _persons() -> Mapping[str, Any]:
    text = files("sandbox").joinpath("data/persons.yaml").read_text("utf-8")
    held: Mapping[str, Any] = yaml.safe_load(text)
    return held


async def migrate(databases: Mapping[str, DsnFiles], log: Path) -> None:
    """Bring all databases up to date, side by side."""
    async with asyncio.TaskGroup() as together:
        for name in MIGRATED:
            job = module("services.kit.migrate", f"services.{name}")
            together.create_task(_job(job, databases[name], log))


async def load(
    state: State,
    ports: Ports,
    vault: Vault,
    databases: Mapping[str, DsnFiles],
    messages: Path | None,
) -> int:
    """Load all databases, side by side; how many persons are known afterwards."""
    known = registrations(messages)
    written = _write(state.seed, ports, vault, known, messages is not None)
    log = state.logs / "jobs.log"
    jobs = {
        "identification": ["services.identification.load", str(written["persons.jsonl"])],
        "directory": [
            "services.directory.load",
            "--shipped-contracts",
            str(written["organizations.yaml"]),
            str(written["dossiers.jsonl"]),
        ],
        "access": [
            "services.access.load",
            str(written["organizations.yaml"]),
            *_deliberations(),
        ],
        "audit": ["services.audit.load", str(written["organizations.yaml"])],
        "buffer": ["services.buffer.load", str(files("sandbox") / "data" / "facts.jsonl")],
    }
    async with asyncio.TaskGroup() as together:
        for name, command in jobs.items():
            together.create_task(_job(module(*command), databases[name], log))
    return len({line["ssin"] for line in _person_lines(known)})


def _deliberations() -> list[str]:
    folder = Path(str(files("sandbox") / "deliberations"))
    return [str(path) for path in sorted(folder.glob("*.yaml"))]


def _write(
    folder: Path,
    ports: Ports,
    vault: Vault,
    known: Sequence[Registration],
    has_messages: bool,
) -> dict[str, Path]:
    onboarding = {
        "organizations": [
            _onboarded(one, ports, vault, has_messages) for one in organizations().values()
        ]
    }
    content = {
        "organizations.yaml": yaml.safe_dump(onboarding, allow_unicode=True, sort_keys=False),
        "persons.jsonl": _lines(_person_lines(known)),
        "dossiers.jsonl": _lines([*_source_dossiers(known), *_customer_dossiers(known)]),
    }
    for name, text in content.items():
        (folder / name).write_text(text, "utf-8")
    return {name: folder / name for name in content}


def _onboarded(one: Organization, ports: Ports, vault: Vault, has_messages: bool) -> dict[str, Any]:
    record: dict[str, Any] = {
        "cbe_number": one.cbe_number,
        "name": one.title,
        "public_key_sha256": [vault.files(one.name).issued().public_key_sha256],
        "officer_key_sha256": [vault.officer(one.name).issued().public_key_sha256],
        "web_names": list(one.web_names),
        "manages": [organizations()[managed].cbe_number for managed in one.manages],
        "expects": [dict(told) for told in one.expects],
    }
    if one.place is not None:
        record["sector_institution"] = one.place
    if one.supplies:
        record["endpoint"] = {"address": ports.address(one.name), "server_name": one.name}
    if one.name == "cbss":
        name = OFFICIAL_STATUSES if has_messages else "buffer"
        record["endpoint"] = {
            "address": ports.address(name),
            "server_name": name,
            "in_mesh": not has_messages,
        }
    return record


def _person_lines(known: Iterable[Registration]) -> list[dict[str, str]]:
    special = {plain["ssin"]: dict(plain) for plain in _persons()["persons"]}
    integrated = {ssin for one in _persons()["integrations"] for ssin in one["persons"]}
    everybody = {one.ssin for one in known} | integrated | special.keys()
    return [special.get(ssin, {"ssin": ssin}) for ssin in sorted(everybody)]


def _source_dossiers(known: Iterable[Registration]) -> list[dict[str, str]]:
    distinct = {(one.ssin, one.place, one.quality_code) for one in known}
    return [
        _dossier(ssin, at_place(place), quality, LONG_AGO)
        for ssin, place, quality in sorted(distinct)
    ]


def _customer_dossiers(known: Iterable[Registration]) -> list[dict[str, str]]:
    listed = [
        _dossier(
            ssin,
            organizations()[one["organization"]],
            one["quality_code"],
            one["begin_date"],
            one.get("end_date"),
        )
        for one in _persons()["integrations"]
        for ssin in one["persons"]
    ]
    named = {line["ssin"] for line in listed if line["cbe_number"] == _helper().cbe_number}
    consulted = {one.ssin for one in known} - named - set(_NOT_INTEGRATED)
    return [*listed, *(_dossier(ssin, _helper(), "002", LONG_AGO) for ssin in sorted(consulted))]


_NOT_INTEGRATED = ("73610801655",)
"""A person whom no institution here has integrated."""


def _helper() -> Organization:
    return organizations()[HELPER]


def _dossier(
    ssin: str, one: Organization, quality: str, begin: str, end: str | None = None
) -> dict[str, str]:
    line = {
        "ssin": ssin,
        "cbe_number": one.cbe_number,
        "quality_code": quality,
        "begin_date": begin,
    }
    return line if end is None else {**line, "end_date": end}


def _lines(objects: Iterable[Mapping[str, str]]) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in objects)


async def _job(command: Sequence[str], database: DsnFiles, log: Path) -> None:
    job = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=environment({"DATABASE_OWNER_DSN_FILE": str(database.owner)}),
    )
    said, _ = await job.communicate()
    with log.open("ab") as file:
        file.write(said)
    if job.returncode != 0:
        told = said.decode(errors="replace").strip()[-3000:]
        raise JobFailed(f"{' '.join(command[1:3])} ended with code {job.returncode}:\n{told}")
