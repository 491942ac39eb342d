"""Deliberations as they are published, with the names of the organizations in them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cbss.access.v1 import deliberation_pb2
from cbss.access.v1 import deliberation_service_pb2 as pb

from services.access.model import ActVersion, Deliberation
from services.access.wire import administration
from services.access.wire.deliberations import encode_deliberation
from services.concepts import reference
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.organization import Organization, SectorInstitution
from services.kit.caller import Caller
from services.kit.errors import ReferenceStale
from services.kit.paging import PageTokens


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes deliberations as messages."""

    members: Callable[[], Mapping[EnterpriseNumber, reference.Organization]]
    """The organizations of the network, by whose names they are published."""
    places: Mapping[SectorInstitution, str]
    today: Callable[[], date]

    async def one(self, text: Deliberation) -> deliberation_pb2.Deliberation:
        """One deliberation."""
        return (await self._all([text]))[0]

    async def page(
        self,
        tokens: PageTokens,
        request: pb.ListDeliberationsRequest,
        caller: Caller,
        found: Sequence[Deliberation],
        most: int,
    ) -> pb.ListDeliberationsResponse:
        """A page of what was found: one more than fits means that there is another."""
        shown = found[:most]
        token = ""
        if len(found) > most:
            last = ActVersion(shown[-1].number, shown[-1].version)
            token = administration.encode_token(tokens, request, caller, last)
        return pb.ListDeliberationsResponse(
            deliberations=await self._all(shown), next_page_token=token
        )

    def _known(self) -> Mapping[EnterpriseNumber, reference.Organization]:
        """The organizations, or none: nothing that is done or read here waits for their names."""
        try:
            return self.members()
        except ReferenceStale:
            return {}

    async def _all(self, texts: Sequence[Deliberation]) -> list[deliberation_pb2.Deliberation]:
        members = self._known()

        def name(organization: Organization) -> str:
            if isinstance(organization, EnterpriseNumber):
                known = members.get(organization)
                return "" if known is None else known.name
            return self.places.get(organization, "")

        day = self.today()
        # Beside the loop: a page of long texts takes a while, and everybody may ask for it.
        return await asyncio.to_thread(
            lambda: [encode_deliberation(text, name, text.standing_on(day)) for text in texts]
        )
