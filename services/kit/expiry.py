"""What will no longer be believed after a day: certificates, authorities, revocation lists. Days
left as a metric, a warning before, and a reason of its own after."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from cryptography import x509
from prometheus_client import Gauge

from services.kit.tls import Files, Identity

DAYS_LEFT = Gauge(
    "cbss_certificate_days_left",
    "Days until a certificate, an authority or a revocation list of this process ends; negative"
    " after.",
    ["name"],
)
WARNING = timedelta(days=7)
"""How long before its end something is warned of."""
LOOK = timedelta(seconds=30)
"""How often it is looked at."""
REMIND = timedelta(hours=12)
"""How often the same is said again."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ending:
    """Something that ends: what, and when."""

    name: str
    ends_at: datetime


def certificate_ends(name: str, files: Files) -> Iterator[Ending]:
    """When the certificate of an identity ends, and the first of the authorities beside it."""
    identity: Identity = files.identity()
    own = x509.load_pem_x509_certificate(identity.certificate)
    authorities = x509.load_pem_x509_certificates(identity.authority)
    yield Ending(name, own.not_valid_after_utc)
    yield Ending(f"{name}-authority", min(one.not_valid_after_utc for one in authorities))


@dataclass
class Expiry:
    """Keeps an eye on what ends."""

    endings: Callable[[], Iterable[Ending]]
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _said: dict[tuple[str, str], datetime] = field(default_factory=dict)

    async def keep(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK.total_seconds())

    def look(self) -> None:
        """Measure what is left of everything, and say what ends soon or has ended."""
        now = self.now()
        for ending in self.endings():
            left = ending.ends_at - now
            DAYS_LEFT.labels(ending.name).set(left / timedelta(days=1))
            if left <= timedelta(0):
                self._say(log.error, "expired", ending, now)
            elif left <= WARNING:
                self._say(log.warning, "expires soon", ending, now)

    def _say(self, say: Callable[..., None], event: str, ending: Ending, now: datetime) -> None:
        said = self._said.get((event, ending.name))
        if said is None or now - said >= REMIND:
            self._said[event, ending.name] = now
            say(event, name=ending.name, ends_at=ending.ends_at.isoformat())
