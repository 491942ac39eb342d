"""Telling persons what was decided about them, and on which facts."""

from dataclasses import dataclass

from services.audit import rules
from services.audit.errors import DecisionDiffers
from services.audit.model import Page, Party
from services.audit.model.decisions import (
    DecisionPage,
    KeptDecision,
    NewDecision,
    SeenDecision,
    ToldDecision,
)
from services.audit.model.reports import Concern
from services.audit.usecases.citizens import Citizens
from services.audit.usecases.correcting import Acts
from services.audit.usecases.ports import Decisions
from services.audit.usecases.trail import Trail
from services.concepts.citizen import Citizen


@dataclass(frozen=True)
class Notifications:
    """Takes decisions from organizations and shows them to the person, and to nobody else."""

    trail: Trail
    citizens: Citizens
    decisions: Decisions

    async def record_decision(self, told: ToldDecision, asking: Party, acts: Acts) -> None:
        """Make a decision durable; that it was told, or refused, is durable before."""
        organization = await self.trail.admitted(asking)
        concern = Concern(told.person, None, "")
        subjects, named = self.trail.subjects, told.decision_id
        kept = await self.decisions.find(named)
        if kept is None:
            await self.trail.record([acts.done(concern)])
            hidden, sealed = subjects.hide(told.person, named), subjects.seal(told.content, named)
            kept = await self.decisions.add(NewDecision(named, organization, hidden, sealed))
        person = subjects.reveal(kept.told.subject, named)
        said = (kept.told.organization, person, self._content(kept))
        if said != (organization, told.person, told.content):
            await self.trail.record([acts.refused(concern, DecisionDiffers.reason())])
            raise DecisionDiffers

    async def list_mine(self, page: Page, asking: Citizen, acts: Acts) -> DecisionPage:
        """A page of the decisions about a person; that it was read is durable before."""
        person = self.citizens.known(asking)
        numbers = await self.trail.numbers_of(person)
        keys = [key for number in numbers for key in self.trail.subjects.keys_of(number)]
        found = await self.decisions.of_subject(keys, page.after, page.most + 1)
        shown, next_after = rules.cut(found, page)
        seen = [SeenDecision(one, self._content(one)) for one in shown]
        numbers_named = {one.told.organization.digits for one in shown}
        names = await self.trail.organizations.names_of(sorted(numbers_named))
        await self.trail.record(acts.read([]))
        return DecisionPage(seen, next_after, names)

    def _content(self, kept: KeptDecision) -> bytes:
        return self.trail.subjects.open(kept.told.sealed, kept.told.decision_id)
