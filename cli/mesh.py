"""Which mesh a command is for, and as whom: from its profile and its options.

Every command that calls a mesh is written over a `Mesh` and made one with `with_mesh`, which adds
the options that all of these have.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.failures import NoMesh, Nonsense, Refusal
from cli.identity import Identity
from cli.profile import Door, Keys, Organization, Profile, Trail, read_profile

SANDBOX = Path(".cbss")
"""The state of the sandbox whose mesh is called unless another is named."""
PANEL = "Which mesh, and as whom"

_Certificate = Annotated[
    Path | None,
    typer.Option("--certificate", exists=True, dir_okay=False, help="One's own, PEM."),
]
_Key = Annotated[
    Path | None, typer.Option("--key", exists=True, dir_okay=False, help="Its private key, PEM.")
]


@dataclass(frozen=True)
class Mesh:
    """What was said about the mesh."""

    profile_file: Path | None = None
    state: Path = SANDBOX
    address: str | None = None
    server_name: str | None = None
    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    as_json: bool = False

    @property
    def profile(self) -> Profile:
        """The profile that was named, that of the sandbox, or an empty one where there is none."""
        if self.profile_file is not None:
            return read_profile(self.profile_file)
        beside = self.state / "profile.json"
        return read_profile(beside) if beside.exists() else Profile()

    def person(self, name: str, service: str) -> Identity:
        """Somebody of the bank or of the committee who calls a service; a name of the profile,
        unless a certificate is given."""
        people = self._known().people
        if self.certificate is None and name not in people:
            known = ", ".join(people) or "nobody"
            raise Nonsense(f"there is nobody of the name {name}; the profile knows {known}")
        return self._identity(self._known().services.get(service), people.get(name))

    def institution(self, name: str) -> Identity:
        """The program of an organization of the profile, at the edge."""
        one = self.organization(name)
        return self._identity(self._known().gateway, one.program, one.cbe_number)

    def officer(self, name: str) -> Identity:
        """The officer of an organization of the profile, at the edge."""
        one = self.organization(name)
        return self._identity(self._known().gateway, one.officer, one.cbe_number)

    def program(self, name: str) -> Identity:
        """A program of an organization of the profile, at the edge."""
        one = self.organization(name)
        return self._identity(self._known().gateway, one.program, one.cbe_number)

    def citizen(self) -> Identity:
        """The citizen of the certificate that is given, at the edge."""
        if self.certificate is None or self.key is None:
            raise Nonsense("name your certificate and your key: --certificate FILE --key FILE")
        return self._identity(self._known().gateway, None)

    def open_door(self) -> Door:
        """Where everybody reads the register."""
        return self._door(self._known().open_door)

    def organization(self, name: str) -> Organization:
        """An organization of the profile, by its name there or by its enterprise number; one that
        is no name there is known by its number only."""
        known = self._known().organizations
        by_number = {one.cbe_number: one for one in known.values()}
        if found := known.get(name) or by_number.get(name):
            return found
        if name.isdecimal() and name.isascii() and len(name) == len("0899990348"):
            return Organization(cbe_number=name)
        told = ", ".join(known) or "none"
        raise Nonsense(f"there is no organization {name}; the profile knows {told}")

    def places(self) -> dict[str, str | None]:
        """Where the organizations of the profile are in the network, by enterprise number."""
        return {one.cbe_number: one.place for one in self._known().organizations.values()}

    def trail(self) -> Trail:
        """The database and the files of the trail."""
        trail = self._known().trail
        if trail is None:
            raise NoMesh("no mesh runs here, and the profile does not say where its trail is kept")
        return trail

    def _known(self) -> Profile:
        profile = self.profile
        if profile == Profile() and self.address is None:
            raise NoMesh(
                "no mesh runs here; name one with --profile, "
                "or with --address, --authority, --certificate and --key"
            )
        return profile

    def _door(self, door: Door | None) -> Door:
        address = self.address or (door and door.address)
        if not address:
            raise NoMesh("the profile does not say where that is: name it with --address")
        host = address.rpartition(":")[0]
        beside = None if self.address or door is None else door.server_name
        return Door(
            address=address,
            authority=self.authority or (door.authority if door else None),
            server_name=self.server_name or beside or host,
        )

    def _identity(self, door: Door | None, keys: Keys | None, cbe_number: str = "") -> Identity:
        door = self._door(door)
        certificate = self.certificate or (keys and keys.certificate)
        key = self.key or (keys and keys.key)
        if not certificate or not key:
            raise Nonsense("name a certificate and its key: --certificate FILE --key FILE")
        if door.authority is None:
            raise Nonsense("name whom to trust there: --authority FILE")
        for path in (certificate, key, door.authority):
            check_readable(path)
        assert door.server_name is not None
        return Identity(
            cbe_number, certificate, key, door.authority, door.address, door.server_name
        )


def check_readable(path: Path) -> None:
    """Refusal if a file cannot be read."""
    try:
        path.read_bytes()
    except OSError as fault:
        raise Refusal(f"{path} cannot be read: {fault.strerror}") from fault


def _address(text: str | None) -> str | None:
    if text is not None and not (text.rpartition(":")[0] and text.rpartition(":")[2].isdecimal()):
        raise typer.BadParameter("is not host:port")
    return text


def _options(
    profile: Annotated[
        Path | None,
        typer.Option(
            "--profile",
            envvar="CBSS_PROFILE",
            exists=True,
            dir_okay=False,
            help="A file that says where the mesh is and who one is.",
            rich_help_panel=PANEL,
        ),
    ] = None,
    state: Annotated[
        Path, typer.Option("--state", help="Else, the sandbox in this folder.")
    ] = SANDBOX,
    address: Annotated[
        str | None, typer.Option("--address", callback=_address, help="Where to call: host:port.")
    ] = None,
    server_name: Annotated[
        str | None, typer.Option("--server-name", help="The name in the certificate there.")
    ] = None,
    authority: Annotated[
        Path | None,
        typer.Option("--authority", exists=True, dir_okay=False, help="Whom to trust there, PEM."),
    ] = None,
    certificate: _Certificate = None,
    key: _Key = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> Mesh:
    """What all commands that call a mesh can be told."""
    return Mesh(profile, state, address, server_name, authority, certificate, key, as_json)


def with_mesh(work: Callable[..., None]) -> Callable[..., None]:
    """A command over a mesh: takes what `work` takes after its first argument, and `_options`."""
    shared = inspect.signature(_options).parameters
    own = list(inspect.signature(work).parameters.values())[1:]

    def command(**given: Any) -> None:
        mesh = _options(**{name: given.pop(name) for name in shared})
        work(mesh, **given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    both = [one.replace(kind=keyword) for one in (*own, *shared.values())]
    command.__name__, command.__doc__ = work.__name__, work.__doc__
    command.__signature__ = inspect.Signature(both)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in both}
    return command
