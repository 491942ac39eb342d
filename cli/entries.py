"""Organizations, volumes and data contracts as a person writes them: the messages of the contract
in YAML; and changes to read."""

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import typer
from cbss.coding.v1 import project_pb2
from cbss.registry.v1 import change_pb2, reference_pb2
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from google.protobuf import json_format
from google.protobuf.message import Message

from cli.failures import Nonsense
from cli.values import read_text
from services.concepts.lines import Unusable, plain

M = TypeVar("M", bound=Message)
_KEY = re.compile(r"[0-9a-f]{64}", re.ASCII)
_WORDS = {
    "organization": "organization",
    "withdrawn_organization": "withdraws organization",
    "admitted_key": "admits key",
    "withdrawn_key": "withdraws key",
    "named_officer": "names officer",
    "dismissed_officer": "dismisses officer",
    "volumes": "sets volumes of",
    "data_contract": "data contract",
    "retired_contract": "retires data contract",
}


def parse_key(text: str) -> str:
    """The fingerprint of a key: as it is, or of the key in a certificate."""
    if _KEY.fullmatch(text):
        return text
    try:
        certificate = x509.load_pem_x509_certificate(Path(text).read_bytes())
    except (OSError, ValueError):
        raise typer.BadParameter(
            "is no certificate in PEM, and no 64 lower-case hexadecimal digits"
        ) from None
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return sha256(certificate.public_key().public_bytes(*form)).hexdigest()


def read_organization(path: Path) -> reference_pb2.Organization:
    """An organization in a file; Nonsense if it is none."""
    return _message(path, _mapping(path), reference_pb2.Organization())


def read_plan(path: Path) -> project_pb2.ProjectPlan:
    """The plan of a project for coded data in a file; Nonsense if it is none."""
    return _message(path, _mapping(path), project_pb2.ProjectPlan())


def read_volumes(path: Path) -> Sequence[reference_pb2.ExpectedVolume]:
    """Announced volumes in a file, none too; Nonsense if it holds something else."""
    told = _message(path, _mapping(path), change_pb2.VolumesOf())
    if told.cbe_number:
        raise Nonsense(f"{path}: the organization is named on the command line")
    return told.expected_volumes


def read_contract(path: Path, descriptors: Path) -> reference_pb2.DataContract:
    """A data contract in a file, with its messages from another; Nonsense if it is none."""
    told = _message(path, _mapping(path), reference_pb2.DataContract())
    told.descriptor_set = descriptors.read_bytes()
    return told


def show_change(change: change_pb2.Change) -> str:
    """A change in one line."""
    what = change.WhichOneof("what") or ""
    told: Any = getattr(change, what) if what else ""
    word = _WORDS.get(what, what)
    if isinstance(told, str):
        return f"{word} {told}"
    if isinstance(told, change_pb2.KeyOf):
        return f"{word} {told.public_key_sha256} of {told.cbe_number}"
    if isinstance(told, reference_pb2.DataContract | change_pb2.ContractVersion):
        return f"{word} {told.code} version {told.version}"
    if isinstance(told, change_pb2.VolumesOf):
        listed = [
            f"{one.hourly} an hour of {one.data_contract} for {one.legal_context}"
            for one in told.expected_volumes
        ]
        return f"{word} {told.cbe_number}: {', '.join(listed) or 'none'}"
    return f"{word} {told.cbe_number} {told.name}"


def _mapping(path: Path) -> dict[str, Any]:
    try:
        found, _ = plain(read_text(path))
    except Unusable as wrong:
        raise Nonsense(f"{path}: line {wrong.line}: {wrong.field} {wrong.description}") from None
    if not isinstance(found, dict):
        raise Nonsense(f"{path}: must name fields")
    return found


def _message(path: Path, plain: dict[str, Any], message: M) -> M:
    try:
        return json_format.ParseDict(plain, message)
    except (json_format.ParseError, ValueError, TypeError) as wrong:
        raise Nonsense(f"{path}: {wrong}") from None
