"""The knobs of rights."""

from datetime import timedelta

from services.kit.settings import Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    buffer_address: Target
    identification_address: Target
    audit_address: Target
    follow_every: Seconds = timedelta(seconds=1)
    """How often replaced numbers are looked for, to move what is kept on them."""
    purge_every: Seconds = timedelta(hours=1)
    """How often what was told, and serves no more, is deleted."""
