"""Showing an organization its own records."""

from collections.abc import Callable
from dataclasses import dataclass

from services.admission.model import Call, Known
from services.admission.usecases import Insight
from services.audit.trail.model import Inquiry, Kept, Listed
from services.audit.trail.usecases.trail import Trail


@dataclass(frozen=True)
class OwnRecords:
    """Shows an organization, and its officer, the records in which it is the customer."""

    trail: Trail
    admission: Insight[Known]

    async def list_own_exchanges(
        self, call: Call, inquiry: Inquiry, is_alert: Callable[[Kept], bool]
    ) -> Listed:
        """A page of an organization's own records; OrganizationUnknown if it was not admitted.

        Alerts are for its officer, whose page they stand on; others are not told of them.
        """
        if await self.admission.officers.officer(call) is not None:
            return await self.trail.list_exchanges(inquiry)
        await self.admission.known(call)
        return await self.trail.list_exchanges(inquiry, lambda kept: not is_alert(kept))
