"""Showing a person who used his data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.admission.model import Call, Known
from services.admission.usecases import Insight
from services.audit.errors import LogUnsigned, RecordNotMerged
from services.audit.trail import rules
from services.audit.trail.model import Kept, OwnInquiry, OwnUses, Shown, Use
from services.audit.trail.usecases.pages import fill_page
from services.audit.trail.usecases.ports import Organizations, Proofs
from services.audit.trail.usecases.trail import Trail
from services.concepts.citizen import Citizen
from services.concepts.delays import Delay

Told = Callable[[Kept], tuple[Use, Sequence[str]]]
"""What a kept record says of a use, and the organizations that it names."""


FOLLOWED = 1000
"""Among how many later records of a person it is looked for how an exchange ended."""


@dataclass(frozen=True)
class Citizens:
    """Shows to citizens, and to nobody else, what concerns them."""

    trail: Trail
    proofs: Proofs
    organizations: Organizations
    delays: Sequence[Delay]
    now: Callable[[], datetime]
    admission: Insight[Known]

    async def list_my_consultations(
        self, call: Call, citizen: Citizen, inquiry: OwnInquiry, told: Told
    ) -> OwnUses:
        """A page of the uses of a person's data, each with its proof; CitizenUnknown if the
        certificate is not of a citizen."""
        keys = await self.trail.keys_of(await self.admission.admit(call, citizen))
        found = partial(self.trail.records.of_subject, keys)
        now = self.now()

        async def chosen(part: Sequence[Kept]) -> Sequence[Kept]:
            uses = [told(kept)[0] for kept in part]
            later: Sequence[Kept] = []
            if any(use.is_begun for use in uses):
                later = await found(part[-1].sequence, FOLLOWED)
            ended = rules.tickets_ended(told(kept)[0] for kept in later)
            return [
                use.kept
                for use in rules.shown_to_the_person(uses, self.delays, now, ended)
                if inquiry.occurred_from <= use.occurred_at < inquiry.occurred_until
            ]

        if inquiry.reading is not None:
            await self.trail.record([inquiry.reading])
        shown, after = await fill_page(found, inquiry.page, chosen)
        pairs = [told(kept) for kept in shown]
        named = {number for _, numbers in pairs for number in numbers}
        names = await self.organizations.names_of(sorted(named))
        return OwnUses([await self._proved(use) for use, _ in pairs], after, names)

    async def _proved(self, use: Use) -> Shown:
        try:
            return Shown(use, await self.proofs.proof_of(use.kept.record_id))
        except (LogUnsigned, RecordNotMerged):
            # It has no place in the log for some seconds; it is shown without proof until then.
            return Shown(use, None)
