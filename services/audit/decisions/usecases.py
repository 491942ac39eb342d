"""Telling persons what was decided about them, and on which facts."""

from dataclasses import dataclass

from services.admission.model import Call, Known
from services.admission.usecases import Insight
from services.audit.decisions.model import (
    DecisionPage,
    KeptDecision,
    NewDecision,
    SeenDecision,
    ToldDecision,
)
from services.audit.decisions.ports import Decisions
from services.audit.errors import DatumNotReceived, DecisionDiffers
from services.audit.trail import rules
from services.audit.trail.model import Page
from services.audit.trail.model.deliveries import Concern
from services.audit.trail.rules import deliveries
from services.audit.trail.usecases.acts import NOT_RECEIVED, Acts
from services.audit.trail.usecases.ports import Organizations
from services.audit.trail.usecases.receipts import Receipts
from services.audit.trail.usecases.trail import Trail
from services.concepts.citizen import Citizen
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure, FieldViolation, invalid


@dataclass(frozen=True)
class Notifications:
    """Takes decisions from organizations and shows them to the person, and to nobody else."""

    trail: Trail
    organizations: Organizations
    admission: Insight[Known]
    decisions: Decisions
    receipts: Receipts

    async def record_decision(self, call: Call, told: ToldDecision, acts: Acts) -> None:
        """Make a decision durable; that it was told, or refused, is durable before."""
        organization = (await self.admission.known(call)).cbe_number
        concern = Concern(told.person, None, "")
        subjects, named = self.trail.subjects, told.decision_id
        try:
            earlier = kept = await self.decisions.find(named)
            if kept is None:
                await self._ground(told, organization)
                await self.trail.record([acts.done(concern)])
                hidden = subjects.hide(told.person, named)
                sealed = subjects.seal(told.content, named)
                kept = await self.decisions.add(NewDecision(named, organization, hidden, sealed))
            person = subjects.reveal(kept.told.subject, named)
            said = (kept.told.organization, person, self._content(kept))
            if said != (organization, told.person, told.content):
                raise DecisionDiffers
            if earlier is not None:
                await self.trail.record([acts.stood(concern)])
        except Failure as failure:
            await self.trail.record([acts.refused(concern, failure.reason())])
            raise

    async def list_mine(self, call: Call, page: Page, asking: Citizen, acts: Acts) -> DecisionPage:
        """A page of the decisions about a person; that it was read is durable before."""
        person = await self.admission.admit(call, asking)
        numbers = await self.trail.numbers_of(person)
        keys = [key for number in numbers for key in self.trail.subjects.keys_of(number)]
        found = await self.decisions.of_subject(keys, page.after, page.most + 1)
        shown, next_after = rules.cut(found, page)
        seen = [SeenDecision(one, self._content(one)) for one in shown]
        numbers_named = {one.told.organization.digits for one in shown}
        names = await self.organizations.names_of(sorted(numbers_named))
        await self.trail.record(acts.read([]))
        return DecisionPage(seen, next_after, names)

    async def _ground(self, told: ToldDecision, organization: EnterpriseNumber) -> None:
        """What a decision rests on: a web name that is the organization's, no fact of a day that
        has not come, and every fact among the data that it got about the person."""
        if told.web_name not in await self.organizations.web_names_of(organization):
            raise invalid("decision.legal_means_url", "must be at a registered name of the caller")
        late = [n for n, fact in enumerate(told.facts) if fact.as_of > self.receipts.today()]
        if late:
            raise invalid(f"decision.facts_used[{late[0]}].as_of_date", "must have come")
        got = [
            one
            for one in await self.receipts.about(told.person)
            if organization.digits in one.recipients
        ]
        unknown = [
            FieldViolation(f"decision.facts_used[{n}]", NOT_RECEIVED)
            for n, fact in enumerate(told.facts)
            if not any(deliveries.brought_of(one, fact.data_contract, fact.source) for one in got)
        ]
        if unknown:
            raise DatumNotReceived(violations=unknown)

    def _content(self, kept: KeptDecision) -> bytes:
        return self.trail.subjects.open(kept.told.sealed, kept.told.decision_id)
