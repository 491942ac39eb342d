"""Tokens that prove which possible duplicates were seen: sealed, of use for one request only."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens


@dataclass(frozen=True)
class SeenTokens:
    """Seals and opens tokens, with the same seal as page tokens."""

    seal: PageTokens

    def token(self, seen: Sequence[Ssin], customer: EnterpriseNumber, digest: bytes) -> str:
        """The token that says that these persons were seen."""
        return self.seal.token([ssin.number for ssin in seen], caller=customer.digits, query=digest)

    def read_seen(self, token: str, customer: EnterpriseNumber, digest: bytes) -> frozenset[Ssin]:
        """The persons that were seen; nobody if the token is damaged or of another request."""
        try:
            position = self.seal.position(token, caller=customer.digits, query=digest)
        except PageTokenInvalid:
            return frozenset()
        return frozenset(Ssin(int(number)) for number in position if number is not None)
