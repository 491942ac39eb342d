"""`cbss drill restore`: the database is destroyed under load, put back from copies, and judged."""

import asyncio
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import asyncpg

from sandbox.country import Country, Options
from sandbox.drills.calling import Callers, Mesh, Remembered
from sandbox.drills.copies import Copies
from sandbox.servers.postgres import PostgresServer
from sandbox.servers.privileges import Privileges

IN_FLIGHT = 8
REPEATED = 200
"""How many of the last registrations are asked again, with their tickets."""
SHOWN = 6
"""Lines of the proof that are told to a person."""
STAGES = 2
"""Records of a consultation that was answered: its intent, and its outcome."""


@dataclass
class Report:
    """What the drill found."""

    consulted: int = 0
    registered: int = 0
    log_bytes: int = 0
    restored_in: float = 0.0
    """Seconds from the start of the server until it serves."""
    serving_in: float = 0.0
    """Seconds from the loss until an institution is answered again."""
    lost: list[str] = field(default_factory=list)
    """Tickets that were acknowledged, and of which the trail does not know."""
    done_anew: int = 0
    """Registrations that were acknowledged, and had an effect again when they were repeated."""
    to_replay: int = 0
    """Calls of which nobody knew what became; their callers repeat them."""
    replayed: int = 0
    is_proved: bool = False
    """Whether the whole trail is proved against what was signed, cosigned and promised."""
    proof: list[str] = field(default_factory=list)
    """What the proof says."""

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost and all is as it was."""
        is_whole = not self.lost and not self.done_anew and self.is_proved
        return is_whole and self.replayed == self.to_replay

    def lines(self) -> list[str]:
        """What is told of it."""
        is_answered, hidden = self.serving_in > 0, len(self.proof) - SHOWN
        return [
            f"acknowledged: {self.consulted} consultations, {self.registered} registrations",
            f"log received: {self.log_bytes / 2**20:.1f} MiB",
            f"database back {self.restored_in:.1f} s after its start",
            *([f"institutions answered {self.serving_in:.1f} s after the loss"] * is_answered),
            f"acknowledged and not in the trail: {len(self.lost)}",
            f"registrations acknowledged and not in the directory: {self.done_anew}",
            f"calls whose end nobody knew: {self.to_replay}, done by repeating: {self.replayed}",
            *self.proof[: SHOWN - 1],
            *([f"and {hidden} lines more; --json has all"] if hidden > 0 else []),
            *self.proof[SHOWN - 1 :][-1:],
        ]


async def drill_restoring(options: Options, seconds: float, before: timedelta) -> Report:
    """Destroy and restore; `before` says how long before the loss the state is taken up again."""
    async with Country.up(options) as country:
        state = country.state
        server = await asyncio.to_thread(
            PostgresServer.made,
            *(state.postgres, country.ports["postgres"], state.secrets / "postgres"),
            Privileges.of_this_process(),
        )
        callers = Callers(country, IN_FLIGHT)
        calling = asyncio.create_task(callers.run())
        await callers.answered()
        async with Copies.kept(server, state.folder / "copies") as copies:
            options.tell("a base copy is made under load, and the log is received as it is written")
            await asyncio.sleep(seconds)
            lost_at, report = monotonic(), Report()
            until = datetime.now(UTC) - before if before else None
            await country.stop("postgres", kill=True)
            await server.vacant()
            options.tell("the database is destroyed")
        report.log_bytes = copies.size()
        await asyncio.to_thread(copies.put_back, until)
        started = monotonic()
        await country.start("postgres")
        report.restored_in = monotonic() - started
        options.tell("the database is put back")
        if until is None:
            await callers.answered()
            report.serving_in = monotonic() - lost_at
        callers.stop()
        await calling
        options.tell("what institutions were told is compared with what is there")
        await _judge(country, callers, report, is_latest=until is None)
        return report


async def _judge(country: Country, callers: Callers, report: Report, *, is_latest: bool) -> None:
    consulted, registered = callers.consulted, callers.registered
    report.consulted = len(consulted.acknowledged)
    report.registered = len(registered.acknowledged)
    dsn = (country.state.secrets / "audit-owner.dsn").read_text()
    report.lost = [
        *await _missing(dsn, consulted, STAGES),
        *await _missing(dsn, registered, 1),
    ]
    if is_latest:
        await _replay(country, callers, report)
    report.is_proved, report.proof = await _proved(country.state.profile)


async def _missing(dsn: str, remembered: Remembered, stages: int) -> list[str]:
    """The tickets of the mesh that were acknowledged and are not in the trail."""
    tickets = [ticket for _, ticket in remembered.acknowledged]
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "select ticket::text, count(*) from record where ticket = any($1::uuid[]) group by 1",
            tickets,
        )
    finally:
        await connection.close()
    found = {row[0]: row[1] for row in rows}
    return [ticket for ticket in tickets if found.get(ticket, 0) < stages]


async def _replay(country: Country, callers: Callers, report: Report) -> None:
    """Repeat as callers do: what was acknowledged has the same answer, what was not is done."""
    async with Mesh.of(country) as mesh:
        for asked, ticket in callers.registered.acknowledged[-REPEATED:]:
            report.done_anew += await mesh.call(asked) != ticket
        unknown = [*callers.consulted.unknown, *callers.registered.unknown]
        report.to_replay = len(unknown)
        for asked in unknown:
            report.replayed += await mesh.call(asked) is not None


async def _proved(profile: Path) -> tuple[bool, list[str]]:
    """Whether the trail is what was signed, as `cbss audit verify` says, and what it says."""
    program = "from cli.command import main; main()"
    proving = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "audit", "verify", "--profile", str(profile)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    told, _ = await proving.communicate()
    return proving.returncode == 0, told.decode().splitlines()
