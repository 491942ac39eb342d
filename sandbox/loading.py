"""Migrates the databases of a sandbox and loads what they begin with, each thing once."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sandbox import seed
from sandbox.credentials import Vault
from sandbox.institutions.registrations import registrations
from sandbox.loaded import Loaded
from sandbox.processes import environment, module
from sandbox.servers.databases import DsnFiles
from sandbox.state import State
from sandbox.topology import Ports
from services import mesh
from services.kit.files import replace_file

ORGANIZATIONS = "organizations"
"""Loaded again when it changes: where a source listens is known at every start anew."""


class JobFailed(Exception):
    """A migration or load job failed; the message says what it said."""


async def migrate(databases: Mapping[str, DsnFiles], log: Path) -> None:
    """Bring all databases up to date, side by side."""
    async with asyncio.TaskGroup() as together:
        for name in mesh.databases():
            job = module("services.kit.migrate", mesh.process(name).package)
            together.create_task(_job(job, databases[name], log))


def forget(state: State, databases: Iterable[str]) -> None:
    """Load databases from the beginning: they are not there (any more)."""
    _loaded(state).forget(databases)


async def load(
    state: State,
    ports: Ports,
    vault: Vault,
    databases: Mapping[str, DsnFiles],
    messages: Path | None,
    tell: Callable[[str], None],
) -> int:
    """Load what was not loaded yet, side by side; how many persons the seed knows.

    What was loaded before and reads otherwise by now is told, and left as it is.
    """
    known = registrations(messages, tell=tell)
    loads = Loads(state, databases, _loaded(state), tell)
    onboarding = seed.onboarding(ports, vault, has_messages=messages is not None)
    file = state.seed / "organizations.yaml"
    replace_file(file, onboarding.encode(), mode=0o600)
    admitted = {ORGANIZATIONS: onboarding}
    persons = seed.persons(known)
    async with asyncio.TaskGroup() as together:
        for work in (
            loads.identification(persons),
            loads.registry_and_access(file, admitted),
            loads.directory(file, admitted, seed.dossiers(known)),
            loads.lines("buffer", "facts.jsonl", {"facts": seed.facts().rstrip("\n")}),
        ):
            together.create_task(work)
    return len(persons)


@dataclass(frozen=True)
class Loads:
    """The load jobs of one sandbox."""

    state: State
    databases: Mapping[str, DsnFiles]
    loaded: Loaded
    tell: Callable[[str], None]

    async def lines(self, service: str, name: str, items: Mapping[str, str]) -> None:
        """Load the lines of a service's one file that are new."""
        new = self._new(service, items)
        if new:
            path = self._written(name, new.values())
            await self._run(service, [str(path)], new)

    async def identification(self, persons: Mapping[str, str]) -> None:
        """Load the persons that are new, and the extracts of enterprises in their order."""
        await self.lines("identification", "persons.jsonl", persons)
        extracts = seed.enterprises()
        for day, folder in extracts.items():
            told = {f"enterprises of {day}": _content(folder)}
            if self._new("identification", told):
                command = module("services.identification.load.enterprises", str(folder))
                await _job(command, self.databases["identification"], self.state.logs / "jobs.log")
                self.loaded.note("identification", told)

    async def registry_and_access(self, organizations: Path, admitted: Mapping[str, str]) -> None:
        """Load what deliberations name, and then them."""
        await self.registry(organizations, admitted)
        await self.access()

    async def registry(self, organizations: Path, admitted: Mapping[str, str]) -> None:
        """Load organizations and the shipped data contracts."""
        changed = self._changed("registry", admitted)
        contracts = self._changed("registry", {"contracts": _shipped_contracts()})
        arguments = ["--shipped-contracts"] if contracts else []
        arguments += [str(organizations)] if changed else []
        if arguments:
            await self._run("registry", arguments, {**changed, **contracts})

    async def directory(
        self, organizations: Path, admitted: Mapping[str, str], dossiers: Mapping[str, str]
    ) -> None:
        """Load which organizations there are, and dossiers, which name them."""
        changed = self._changed("directory", admitted)
        new = self._new("directory", dossiers)
        arguments = [str(organizations)] if changed else []
        arguments += [str(self._written("dossiers.jsonl", new.values()))] if new else []
        if arguments:
            await self._run("directory", arguments, {**changed, **new})

    async def access(self) -> None:
        """Load the shipped deliberations, with what the mesh will begin with in the registry."""
        paths = seed.deliberations()
        new = self._new("access", {key: path.read_text("utf-8") for key, path in paths.items()})
        if not new:
            return
        archive = self.state.seed / "registry.binpb"
        reading = module("services.registry.load.archive", "--coming", str(archive))
        await _job(reading, self.databases["registry"], self.state.logs / "jobs.log")
        await self._run(
            "access", ["--registry", str(archive), *(str(paths[key]) for key in new)], new
        )

    def _new(self, service: str, items: Mapping[str, str]) -> dict[str, str]:
        fresh = self.loaded.fresh(service, items)
        if fresh.altered:
            # Keys can be numbers of persons: how many, not which.
            many = f"{len(fresh.altered)} of what was loaded reads otherwise by now"
            self.tell(f"{service}: {many}; left as it is, `cbss reset` begins anew")
        return {key: items[key] for key in items if key in fresh.new}

    def _changed(self, service: str, items: Mapping[str, str]) -> dict[str, str]:
        fresh = self.loaded.fresh(service, items)
        return {key: items[key] for key in items if key in fresh.new | fresh.altered}

    def _written(self, name: str, lines: Iterable[str]) -> Path:
        path = self.state.seed / name
        text = "".join(f"{line}\n" for line in lines)
        replace_file(path, text.encode(), mode=0o600)
        return path

    async def _run(self, service: str, arguments: Sequence[str], items: Mapping[str, str]) -> None:
        command = module(f"services.{service}.load", *arguments)
        await _job(command, self.databases[service], self.state.logs / "jobs.log")
        self.loaded.note(service, items)


def _loaded(state: State) -> Loaded:
    return Loaded(state.seed / "loaded.json")


def _shipped_contracts() -> str:
    return _content(Path(str(files("services.registry"))) / "data", "*.yaml")


def _content(folder: Path, pattern: str = "*") -> str:
    found = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return "\n".join(path.read_text("utf-8") for path in found)


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
