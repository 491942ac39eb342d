"""A country on one machine: all servers, services and institutions of a sandbox, while it runs."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sandbox import control, loading, topology
from sandbox.authority import VALID, Authority
from sandbox.client import Identity
from sandbox.credentials import EDGE, Vault
from sandbox.identities import Credentials
from sandbox.leftovers import end_leftovers
from sandbox.organizations import organizations
from sandbox.ports import Claims
from sandbox.processes import Processes, ProcessFailed, Program
from sandbox.profiles import write_profile
from sandbox.programs import Programs
from sandbox.renewal import renew_always, running
from sandbox.restarts import Restarts
from sandbox.servers import databases
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.privileges import Privileges
from sandbox.servers.valkey import ValkeyServer
from sandbox.state import DEFAULT, State
from sandbox.topology import (
    ATTACHED,
    COMPANIONS,
    LOGGING,
    OFFICIAL_STATUSES,
    PROVIDER,
    SERVICES,
    SOURCES,
    Ports,
)
from services.kit.files import replace_file

Told = Callable[[str], None]


def _silent(_: str) -> None:
    """Tell nobody."""


def _unwatched(_name: str, _code: int, _log: Path) -> None:
    """Whoever started the country looks for itself."""


@dataclass(frozen=True)
class Options:
    """What can be chosen."""

    state: Path = DEFAULT
    messages: Path | None = None
    free_ports: bool = False
    database_url: str | None = None
    redis_url: str | None = None
    tell: Told = field(default=_silent)
    """Told of each step of starting and stopping."""
    died: Callable[[str, int, Path], None] = field(default=_unwatched)
    """Told of a process that ended by itself: its name, code and log."""
    restarts: Restarts = field(default_factory=Restarts)
    """How often a process that ended by itself is started again."""
    valid: timedelta = VALID
    """How long certificates and revocation lists are valid; they are renewed long before."""
    traces: str | None = None
    """Where spans of every call are sent, for example `http://localhost:4317`; nowhere unless
    told."""


class Country:
    """A running sandbox."""

    def __init__(
        self, state: State, ports: Ports, vault: Vault, processes: Processes, programs: Programs
    ) -> None:
        self.state = state
        self.ports = ports
        self.vault = vault
        self.processes = processes
        self.programs = programs
        self._stranger: Credentials | None = None

    @staticmethod
    @asynccontextmanager
    async def up(options: Options) -> AsyncIterator["Country"]:
        """Start everything; stop it in good order at the end of the block."""
        state = State.at(options.state).made()
        with state.held(), closing(Claims()) as claims:
            for name in end_leftovers(state):
                options.tell(f"ended {name}, left over from a run that was killed")
            processes = Processes(state, options.died, options.restarts, options.tell)
            try:
                vault = Vault.founded(state, options.valid)
                options.tell("certificates issued")
                async with running(renew_always(vault, options.valid, options.tell)):
                    country = await _started(options, state, vault, claims, processes)
                    write_profile(state, country.ports, vault)
                    async with control.listening(state, country.restart):
                        yield country
            finally:
                options.tell("stopping")
                sources = (*SOURCES, OFFICIAL_STATUSES)
                calling = (ATTACHED, ("gateway",))
                await processes.stop_all((*calling, (*SERVICES, *COMPANIONS), LOGGING, sources))
                state.note("run", None)
                state.profile.unlink(missing_ok=True)

    async def stop(self, name: str, *, kill: bool = False) -> int | None:
        """Stop one process, or kill it."""
        return await self.processes.stop(name, kill=kill)

    async def start(self, name: str, **environment: str) -> None:
        """Start one process again, with other settings if they are given."""
        await self.processes.restart(name, environment or None)

    async def restart(self, name: str) -> str:
        """Start one process again, asked by another command: Refused if there is none or it fails;
        what was done."""
        if name not in self.processes.known():
            known = ", ".join(sorted(self.processes.known()))
            raise control.NoSuchProcess(f"there is no process {name}; there are {known}")
        try:
            await self.processes.restart(name)
        except ProcessFailed as failed:
            raise control.Refused(str(failed)) from failed
        return f"{name} serves again"

    def institution(self, name: str) -> Identity:
        """The program of an organization."""
        return self.identity(self.vault.files(name), organizations()[name].cbe_number)

    def officer(self, name: str) -> Identity:
        """Who is told of misuse at an organization."""
        return self.identity(self.vault.officer(name), organizations()[name].cbe_number)

    def citizen(self, ssin: str) -> Identity:
        """A citizen with his card, at the edge."""
        return self.identity(self.vault.citizen(ssin), "")

    def identity(self, files: Credentials, cbe_number: str) -> Identity:
        """A client of the edge with any certificate."""
        return Identity(
            cbe_number,
            files.certificate,
            files.private_key,
            self.vault.authority_file("institutions"),
            self.ports.address("gateway"),
            EDGE,
        )

    def workload(self, name: str, calls: str) -> Identity:
        """A workload of the mesh, or the operator, that calls a service."""
        files = self.vault.workload(name)
        return Identity(
            "",
            files.certificate,
            files.private_key,
            self.vault.authority_file("mesh"),
            self.ports.address(calls),
            calls,
        )

    def operator(self) -> Identity:
        """The operator, who reads the trail."""
        return self.workload("operator", "audit")

    def stranger(self) -> Identity:
        """A client whose certificate says all that it should, by an authority nobody trusts."""
        if self._stranger is None:
            unknown = Authority.founded("unknown")
            one = organizations()["pcsw-ghent"]
            issued = unknown.organization("stranger", one.title, f"NTRBE-{one.cbe_number}")
            self._stranger = self.vault.add("stranger", issued)
        return self.identity(self._stranger, organizations()["pcsw-ghent"].cbe_number)


async def _started(
    options: Options, state: State, vault: Vault, claims: Claims, processes: Processes
) -> Country:
    sources = [*SOURCES, *([OFFICIAL_STATUSES] if options.messages else [])]
    servers = [
        *(["postgres"] if options.database_url is None else []),
        *(["valkey"] if options.redis_url is None else []),
    ]
    ports = topology.choose_ports(state, claims, free=options.free_ports)
    state.note("processes", {})
    state.note("given_up", {})
    expected = [
        *servers,
        *SERVICES,
        *COMPANIONS,
        *LOGGING,
        PROVIDER,
        *sources,
        "gateway",
        *ATTACHED,
    ]
    state.note("run", {"pid": os.getpid(), "expected": expected})
    superuser_dsn, redis_url = await _servers(options, state, ports, processes)
    redis_url_file = state.secrets / "redis.url"
    replace_file(redis_url_file, redis_url.encode(), mode=0o600)
    stores = databases.dsn_files(state.secrets)
    # First forgotten, then made: a start that ends between the two loads once more, not never.
    loading.forget(state, await databases.absent(superuser_dsn, stores))
    await databases.create(superuser_dsn, stores)
    await loading.migrate(stores, state.logs / "jobs.log")
    options.tell("databases migrated")
    persons = await loading.load(state, ports, vault, stores, options.messages, options.tell)
    options.tell(f"{persons} persons and {len(organizations())} organizations loaded")
    programs = Programs(
        state, ports, vault, stores, redis_url_file, options.messages, options.traces
    )
    await _together(
        processes,
        [
            *(programs.service(name) for name in SERVICES),
            *(programs.companion(name) for name in COMPANIONS),
            programs.batches_worker(),
            programs.sequencer(),
            programs.witness(),
            programs.provider(),
            programs.portal(),
            *(programs.source(name) for name in sources),
        ],
        options.tell,
    )
    await _together(processes, [programs.gateway()], options.tell)
    await _together(processes, [programs.attached(name) for name in ATTACHED], options.tell)
    return Country(state, ports, vault, processes, programs)


async def _servers(
    options: Options, state: State, ports: Ports, processes: Processes
) -> tuple[str, str]:
    """PostgreSQL and Redis, ours or those that exist: as whom to enter them."""
    privileges = Privileges.of_this_process()
    starting: list[Awaitable[None]] = []
    superuser_dsn, redis_url = options.database_url, options.redis_url
    if superuser_dsn is None:
        postgres = await asyncio.to_thread(
            PostgresServer.made,
            state.postgres,
            ports["postgres"],
            state.secrets / "postgres",
            privileges,
        )
        superuser_dsn = postgres.dsn()
        server = Program(
            "postgres",
            postgres.command,
            postgres.ready,
            vacant=postgres.vacant,
        )
        starting.append(processes.start(server))
    if redis_url is None:
        valkey = ValkeyServer.made(
            state.valkey, ports["valkey"], state.secrets / "valkey", privileges
        )
        redis_url = valkey.url
        server = Program("valkey", valkey.command, valkey.ready)
        starting.append(processes.start(server))
    await asyncio.gather(*starting)
    options.tell("PostgreSQL and Redis ready")
    return superuser_dsn, redis_url


async def _together(processes: Processes, programs: Iterable[Program], tell: Told) -> None:
    async def start(program: Program) -> None:
        await processes.start(program)
        tell(f"{program.name} serves")

    async with asyncio.TaskGroup() as together:
        for program in programs:
            together.create_task(start(program))
