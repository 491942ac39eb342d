"""The knobs of the buffer."""

from datetime import timedelta

from services.kit.settings import Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    identification_address: Target
    audit_address: Target
    clock_tolerance: Seconds = timedelta(minutes=5)
    """How far the clock of who received a question may differ from ours: its day counts then."""
    follow_every: Seconds = timedelta(seconds=1)
    """How often replaced numbers are looked for, to move what is kept on them."""
    purge_every: Seconds = timedelta(minutes=10)
    """How often what may not be kept is looked for, and forgotten."""
