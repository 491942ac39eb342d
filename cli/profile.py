"""Where a mesh is and as whom one calls it, as a file: what `cbss up` writes for its sandbox, and
what anybody writes for a mesh elsewhere.

    {
      "gateway": {"address": "cbss.example:443", "authority": "institutions-authority.crt"},
      "open_door": {"address": "cbss.example:8443"},
      "services": {"access": {"address": "access.cbss:443", "authority": "mesh-authority.crt"}},
      "people": {"operator": {"certificate": "me.crt", "key": "me.key"}},
      "organizations": {
        "pcsw-ghent": {"cbe_number": "0899990348", "place": "17.1",
                       "program": {"certificate": "ghent.crt", "key": "ghent.key"}}
      }
    }

Paths are relative to the file. Everything may be left out that one does not need.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cli.failures import Nonsense, Refusal


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Door(_Part):
    """Where something is called."""

    address: Annotated[str, Field(pattern=r"^.+:\d{1,5}$")]
    authority: Path | None = None
    """Whom to trust there, PEM; those of the system unless told."""
    server_name: str | None = None
    """The name in its certificate; the host of the address unless told."""


class Keys(_Part):
    """With what somebody proves who he is."""

    certificate: Path
    key: Path


class Organization(_Part):
    """An organization, by a short name of one's own."""

    cbe_number: Annotated[str, Field(pattern=r"^\d{10}$")]
    place: Annotated[str, Field(pattern=r"^\d{1,3}\.\d{1,3}$")] | None = None
    program: Keys | None = None
    officer: Keys | None = None


class Trail(_Part):
    """What who proves the trail needs, beside the services: its database and files."""

    owner_dsn_file: Path
    dsn_file: Path
    log: Path | None = None
    """The folder of the log; where there is none, its database keeps it."""
    log_key: Path
    witness_key: Path
    witness: str
    subject_keys: Path
    registry_dsn_file: Path
    promises: Path
    promises_key: Path


class Profile(_Part):
    """A mesh, and who one is in it."""

    gateway: Door | None = None
    open_door: Door | None = None
    services: dict[str, Door] = {}
    people: dict[str, Keys] = {}
    organizations: dict[str, Organization] = {}
    trail: Trail | None = None


def read_profile(path: Path) -> Profile:
    """The profile in a file; Refusal if it cannot be read, Nonsense with what is wrong in it."""
    try:
        text = path.read_bytes()
    except OSError as fault:
        raise Refusal(f"{path} cannot be read: {fault.strerror}") from fault
    try:
        profile = Profile.model_validate_json(text)
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_input=False)
        where = [".".join(map(str, one["loc"])) or "whole" for one in faults]
        lines = [f"{path}: {at}: {one['msg']}" for at, one in zip(where, faults, strict=True)]
        raise Nonsense(*lines) from None
    return profile.model_copy(update=_beside(profile, path.absolute().parent))


def _beside(part: Any, folder: Path) -> Any:
    """The same with every path seen from a folder."""
    if isinstance(part, BaseModel):
        changed = {name: _beside(getattr(part, name), folder) for name in type(part).model_fields}
        return changed if isinstance(part, Profile) else part.model_copy(update=changed)
    if isinstance(part, dict):
        return {name: _beside(one, folder) for name, one in part.items()}
    return folder / part if isinstance(part, Path) else part
