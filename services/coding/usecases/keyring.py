"""The keys of one project, derived when they are needed and kept nowhere."""

import asyncio
from dataclasses import dataclass

from services.coding.errors import ProjectNotOpen
from services.coding.model import Project
from services.coding.rules.codes import Coder, Draw, key_digest, key_info
from services.coding.rules.sealing import RowSeal, TemporaryNumbers
from services.coding.usecases.ports import Keys, ProjectStore
from services.concepts.enterprise_number import EnterpriseNumber

HOUSEHOLD = "HOUSEHOLD"


@dataclass(frozen=True)
class Coders:
    """What codes the units of a project, and their households; each has a space of its own."""

    units: Coder
    households: Coder
    draw: Draw


@dataclass(frozen=True)
class Keyring:
    """Derives keys while the project has its seed."""

    keys: Keys
    store: ProjectStore

    async def coders(self, project: Project) -> Coders:
        """What codes for a project."""
        kind = project.plan.subject_kind.name
        seed = await self._seed(project)
        units, households, draw = await asyncio.gather(
            self.derive(project, seed, "code", kind),
            self.derive(project, seed, "code", HOUSEHOLD),
            self.derive(project, seed, "draw"),
        )
        return Coders(Coder(units), Coder(households), Draw(draw, project.plan.population.drawn))

    async def temporary(self, project: Project, source: EnterpriseNumber) -> TemporaryNumbers:
        """The temporary numbers of a source."""
        seed = await self._seed(project)
        parts = [
            await self.derive(project, seed, f"temporary {half}", source.digits) for half in (1, 2)
        ]
        return TemporaryNumbers(b"".join(parts), source)

    async def seal(self, project: Project) -> tuple[RowSeal, Coder]:
        """What seals the rows of a project, and what names them at rest."""
        seed = await self._seed(project)
        return (
            RowSeal(await self.derive(project, seed, "rows")),
            Coder(await self.derive(project, seed, "places")),
        )

    async def digest(self, project: Project, seed: bytes) -> str:
        """What commits to the key of a project."""
        key = await self.derive(project, seed, "code", project.plan.subject_kind.name)
        return key_digest(project.project_id, key)

    async def derive(self, project: Project, seed: bytes, purpose: str, kind: str = "") -> bytes:
        """One key."""
        return await self.keys.derive(key_info(project, seed, purpose, kind))

    async def _seed(self, project: Project) -> bytes:
        seed = await self.store.seed_of(project.project_id)
        if seed is None:
            raise ProjectNotOpen
        return seed
