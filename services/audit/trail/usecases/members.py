"""Who may see what is about himself: the organizations that were admitted, and their officers."""

from dataclasses import dataclass

from services.admission.errors import OrganizationUnknown
from services.admission.model import Call, Known, Party
from services.audit.trail.usecases.ports import Organizations
from services.concepts.enterprise_number import EnterpriseNumber


@dataclass(frozen=True)
class OwnMembers:
    """Knows the organizations and their officers by the keys in their certificates."""

    organizations: Organizations

    async def party(self, call: Call) -> Party[Known]:
        """The organization of a certificate, for itself; OrganizationUnknown if it is none."""
        named, key = call.certificate.organization, call.certificate.public_key_sha256
        if named is None or key not in await self.organizations.keys_of(named):
            raise OrganizationUnknown
        return Party(Known(named), Known(named))

    async def officer(self, call: Call) -> EnterpriseNumber | None:
        """Whose officer's certificate the call came with; nothing if it is no officer's."""
        named, key = call.certificate.organization, call.certificate.public_key_sha256
        if named is None or key not in await self.organizations.officers_of(named):
            return None
        return named
