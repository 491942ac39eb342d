"""Every knob of access."""

from datetime import timedelta

from services.kit.settings import Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    audit_address: Target
    """Where the trail is."""
    registry_address: Target
    """Who knows the data contracts."""
    snapshot_maximum_age: Seconds = timedelta(seconds=60)
    """How long the deliberations may go unverified before every question is refused."""
    snapshot_interval: Seconds = timedelta(seconds=5)
    """How long to wait for the store to announce a change before asking it for one."""
    clock_tolerance: Seconds = timedelta(minutes=5)
    """How far the clock that set the day of a question may differ from ours around midnight."""
    sample_interval: Seconds = timedelta(seconds=10)
    """How often what was asked goes into the sample for dry runs."""
