"""What the databases of the country begin with, as the services' own load jobs read it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from cbss.data.v1.legal_person_data_pb2 import LegalPersonData
from google.type import date_pb2

from sandbox.credentials import Vault
from sandbox.institutions.personas import people
from sandbox.institutions.registrations import Registration
from sandbox.organizations import Organization, at_place, organizations
from sandbox.topology import OFFICIAL_STATUSES, Ports
from services import mesh
from services.concepts.lines import plain

LONG_AGO = "2000-01-01"
HELPER = "pcsw-ghent"
"""Integrates every person of whom there is an official answer, so that all can be consulted."""
RIGHTS = "cbss-rights"
"""Decides on the rights of whom the buffer keeps facts on."""
_KNOWN_BY = ("ssin", "cbe_number", "quality_code", "begin_date")


@cache
def _persons() -> Mapping[str, Any]:
    text = files("sandbox").joinpath("data/persons.yaml").read_text("utf-8")
    held: Mapping[str, Any] = plain(text)[0]
    return held


def onboarding(ports: Ports, vault: Vault, *, has_messages: bool) -> str:
    """The organizations, as the file that admits them."""
    admitted = [_onboarded(one, ports, vault, has_messages) for one in organizations().values()]
    return yaml.safe_dump({"organizations": admitted}, allow_unicode=True, sort_keys=False)


def persons(known: Iterable[Registration]) -> dict[str, str]:
    """The persons, a line for each number."""
    return {line["ssin"]: json.dumps(line) for line in _person_lines(known)}


def dossiers(known: Sequence[Registration]) -> dict[str, str]:
    """The dossiers, a line for each, by what it is known by."""
    lines = [*_source_dossiers(known), *_customer_dossiers(known), *_rights_dossiers()]
    return {" ".join(line[part] for part in _KNOWN_BY): json.dumps(line) for line in lines}


def facts() -> str:
    """The facts that the buffer begins with."""
    return files("sandbox").joinpath("data/facts.jsonl").read_text("utf-8")


def enterprises() -> dict[str, Path]:
    """The extracts of the enterprise register, by their day, the earliest first.

    They are a year old, so that whoever imports an extract of his own, which may not be older than
    the last one, need not invent one of this month.
    """
    folder = Path(str(files("sandbox") / "data" / "enterprises"))
    return {one.name: one for one in sorted(folder.iterdir()) if one.is_dir()}


def deliberations() -> dict[str, Path]:
    """The shipped deliberations, by number and version."""
    folder = Path(str(files("sandbox") / "deliberations"))
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        held, _ = plain(path.read_text("utf-8"))
        found[f"{held['number']} version {held['version']}"] = path
    return found


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
    if one.kind:
        record["kind"] = one.kind
    if one.supplies and not one.attaches:
        record["endpoint"] = {"address": ports.address(one.name), "server_name": one.name}
    if one.attaches:
        # Within the mesh, at the process that it calls.
        record["endpoint"] = {
            "address": ports.address("attach"),
            "server_name": mesh.process("attach").workload,
            "in_mesh": True,
        }
    if one.name == "cbss":
        name = OFFICIAL_STATUSES if has_messages else "buffer"
        record["endpoint"] = {
            "address": ports.address(name),
            "server_name": name,
            "in_mesh": not has_messages,
        }
    if one.name == RIGHTS:
        address = ports.address("rights")
        record["endpoint"] = {"address": address, "server_name": "rights", "in_mesh": True}
    return record


def _person_lines(known: Iterable[Registration]) -> list[dict[str, Any]]:
    special = {one["ssin"]: dict(one) for one in _persons()["persons"]}
    integrated = {ssin for one in _persons()["integrations"] for ssin in one["persons"]}
    everybody = {one.ssin for one in known} | integrated | special.keys()
    who = people()
    lines = [special.get(ssin, {"ssin": ssin}) for ssin in sorted(everybody)]
    return [line | _told(who.get(line["ssin"]), "register" in line) for line in lines]


def _told(who: LegalPersonData | None, is_kept: bool) -> dict[str, Any]:
    """What the National Register says of a person: who it is, if a register of the bank keeps the
    person, and when the person died."""
    if who is None:
        return {}
    told: dict[str, Any] = {}
    if who.HasField("decease"):
        told["deceased_on"] = _day(who.decease.date)
    if is_kept:
        told["last_name"] = who.name.last_name
        told["first_names"] = list(who.name.first_names)
        told["birth_date"] = _day(who.birth.date)
        told["sex"] = int(who.sex)
    return told


def _day(date: date_pb2.Date) -> str:
    return f"{date.year:04d}-{date.month:02d}-{date.day:02d}"


def _source_dossiers(known: Iterable[Registration]) -> list[dict[str, str]]:
    distinct = {(one.ssin, one.place, one.quality_code) for one in known}
    return [
        _dossier(ssin, at_place(place), quality, LONG_AGO)
        for ssin, place, quality in sorted(distinct)
    ]


def _rights_dossiers() -> list[dict[str, str]]:
    lines = [json.loads(line) for line in facts().splitlines()]
    kept = sorted({line["ssin"] for line in lines if "ssin" in line})
    return [_dossier(ssin, organizations()[RIGHTS], "000", LONG_AGO) for ssin in kept]


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
