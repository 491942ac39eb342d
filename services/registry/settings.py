"""Every knob of the registry."""

from services.kit.settings import StoreSettings


class Settings(StoreSettings):
    """What the registry reads from its environment."""
