"""The knobs of the buffer: those of every service with a database."""

from services.kit.settings import StoreSettings


class Settings(StoreSettings):
    """What the process reads from its environment."""
