"""Every knob of routing."""

from datetime import timedelta

from services.kit.settings import ReadableFile, Seconds, ServiceSettings, Target


class Settings(ServiceSettings):
    """What routing reads from its environment."""

    identification_address: Target
    access_address: Target
    directory_address: Target
    audit_address: Target
    sources_authority_file: ReadableFile
    """The authorities that vouch for suppliers, PEM."""
    redis_url_file: ReadableFile | None = None
    """A file that holds the address of Redis; without it quotas are counted by each replica."""
    catalogue_every: Seconds = timedelta(seconds=5)
    """How often the catalogue of the knowledge directory is read again."""
    catalogue_trusted: Seconds = timedelta(seconds=60)
    """How old a catalogue may be to be decided on."""
    quota_patience: Seconds = timedelta(milliseconds=50)
    """How long Redis may take to count; after that the replica's own count decides."""

    @property
    def redis_url(self) -> str | None:
        """Where Redis is, with its password; a secret. Nothing if there is none."""
        return None if self.redis_url_file is None else self.redis_url_file.read_text().strip()
