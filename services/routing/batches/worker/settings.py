"""Every knob of a worker on batches."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile, Seconds, Target


class Settings(ProcessSettings):
    """What the process reads from its environment."""

    health_address: ListenAddress
    metrics_address: ListenAddress
    certificate_file: ReadableFile
    private_key_file: ReadableFile
    authority_file: ReadableFile
    """The authorities of the mesh's services, PEM."""
    sources_authority_file: ReadableFile
    """The authorities that vouch for suppliers, PEM."""
    identification_address: Target
    access_address: Target
    directory_address: Target
    audit_address: Target
    registry_address: Target
    database_dsn_file: ReadableFile
    """A file that holds `postgresql://role:password@host:port/database`."""
    content_key_file: ReadableFile
    """What seals persons and results: 32 bytes in base64, the same for all of routing."""
    redis_url_file: ReadableFile | None = None
    """A file that holds the address of Redis; without it quotas are counted by each replica."""
    quota_patience: Seconds = timedelta(milliseconds=250)
    """How long Redis may take to count."""
    lanes: Annotated[int, Field(ge=1, le=64)] = 2
    """How many chunks are worked on at the same time."""
    lease: Annotated[Seconds, Field(ge=timedelta(seconds=1))] = timedelta(seconds=15)
    """How long a chunk is held without a sign of life: as long as it rests after a kill."""
    patience: Seconds = timedelta(minutes=10)
    """How long a chunk may take."""
    source_deadline: Seconds = timedelta(seconds=30)
    """How long a source has at least, where nobody waits."""
    pause: Seconds = timedelta(seconds=1)
    """How long a chunk rests after a peer was away, and until a source is asked again; twice as
    long each time that sources are still away, to five minutes."""
    results_kept: Seconds = timedelta(days=30)
    """How long the results of a batch are kept once it is done."""
    sweep_every: Seconds = timedelta(seconds=5)
    """How often work is looked for that no wake-up told of."""
    drain: Seconds = timedelta(seconds=10)
    """How long what was begun may still take after the process is asked to stop."""
    niceness: Annotated[int, Field(ge=0, le=19)] = 10
    """How far the process stands back for the others of its machine."""

    @property
    def database_dsn(self) -> str:
        """Where the database is and as whom to enter it; a secret, read when it is needed."""
        return self.database_dsn_file.read_text().strip()

    @property
    def redis_url(self) -> str | None:
        """Where Redis is, with its password; a secret. Nothing if there is none."""
        return None if self.redis_url_file is None else self.redis_url_file.read_text().strip()
