"""What the process reads from its environment."""

from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile


class Settings(ProcessSettings):
    """The settings of the provider."""

    listen_address: ListenAddress
    health_address: ListenAddress
    metrics_address: ListenAddress
    issuer: str
    """Its own address, as browsers see it."""
    key_file: ReadableFile
    """The private key with which it signs, a JSON Web Key."""
    client: str = "portal"
    """The one program that people sign in to."""
    secret_file: ReadableFile
    """What that program proves itself with."""
    redirect: str
    """Where it leads people back to, and nowhere else."""
    audience: str = "cbss"
    """For whom access tokens are made."""
