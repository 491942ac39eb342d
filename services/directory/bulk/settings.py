"""The knobs of the jobs on dossiers."""

from services.kit.settings import OwnerSettings


class Settings(OwnerSettings):
    """What a job reads from its environment."""
