"""Every knob of access."""

from datetime import timedelta

from services.kit.settings import Seconds, StoreSettings


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    snapshot_maximum_age: Seconds = timedelta(seconds=60)
    """How long the deliberations may go unverified before every question is refused."""
    snapshot_interval: Seconds = timedelta(seconds=5)
    """How long to wait for the store to announce a change before asking it for one."""
