"""Showing a person who used his data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.audit import rules
from services.audit.errors import CitizenUnknown, LogUnsigned, RecordNotMerged
from services.audit.model import Kept, OwnInquiry, OwnUses, Shown, Use
from services.audit.usecases.ports import Organizations
from services.audit.usecases.proving import Proofs
from services.audit.usecases.trail import Trail
from services.concepts.citizen import Citizen, find_citizen
from services.concepts.delays import Delay
from services.concepts.ssin import Ssin

Told = Callable[[Kept], tuple[Use, Sequence[str]]]
"""What a kept record says of a use, and the organizations that it names."""


@dataclass(frozen=True)
class Citizens:
    """Shows to citizens, and to nobody else, what concerns them."""

    trail: Trail
    proofs: Proofs
    organizations: Organizations
    delays: Sequence[Delay]
    now: Callable[[], datetime]
    authority: str | None
    """The name of the authority that issues citizens' certificates; without it nobody is one."""

    async def list_my_consultations(
        self, citizen: Citizen, inquiry: OwnInquiry, told: Told
    ) -> OwnUses:
        """A page of the uses of a person's data, each with its proof; CitizenUnknown if the
        certificate is not of a citizen."""
        now = self.now()

        def shows(kept: Kept) -> bool:
            return rules.is_shown_to_the_person(told(kept)[0], self.delays, now)

        listed = await self.trail.list_exchanges(inquiry.about(self.known(citizen)), shows)
        pairs = [told(kept) for kept in listed.kept]
        wanted = [
            use
            for use, _ in pairs
            if inquiry.occurred_from <= use.occurred_at < inquiry.occurred_until
        ]
        shown = rules.shown_to_the_person(wanted, self.delays, now)
        named = {number for _, numbers in pairs for number in numbers}
        names = await self.organizations.names_of(sorted(named))
        return OwnUses([await self._proved(use) for use in shown], listed.after, names)

    def known(self, citizen: Citizen) -> Ssin:
        """The person of a certificate; CitizenUnknown if it is not of a citizen."""
        found = find_citizen(citizen, self.authority)
        if found is None:
            raise CitizenUnknown
        return found

    async def _proved(self, use: Use) -> Shown:
        try:
            return Shown(use, await self.proofs.proof_of(use.kept.record_id))
        except (LogUnsigned, RecordNotMerged):
            # It has no place in the log for some seconds; it is shown without proof until then.
            return Shown(use, None)
