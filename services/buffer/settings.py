"""The knobs of the buffer."""

from datetime import timedelta

from services.kit.settings import Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    identification_address: Target
    audit_address: Target
    follow_every: Seconds = timedelta(seconds=1)
    """How often replaced numbers are looked for, to move what is kept on them."""
