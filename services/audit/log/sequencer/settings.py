"""The knobs of the sequencer."""

from datetime import timedelta
from pathlib import Path

from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile, Seconds, Target


class Settings(ProcessSettings):
    """What the process reads from its environment."""

    health_address: ListenAddress
    """Where `grpc.health.v1` is served, and nothing else, in plain."""
    metrics_address: ListenAddress
    """Where Prometheus reads what the process counts, in plain HTTP."""
    database_dsn_file: ReadableFile
    """A file that holds `postgresql://role:password@host:port/database`."""
    log_directory: Path | None = None
    """Where the tiles and the checkpoint are, and the trail reads them; without it they are in the
    database."""
    log_key_file: ReadableFile
    """The private key of the log, `PRIVATE+KEY+<origin>+...`; the origin names the log."""
    witness_address: Target | None = None
    """Where a witness cosigns, `host:port`, in HTTP; without it nothing is cosigned."""
    witness_key_file: ReadableFile | None = None
    """The public key of that witness, `<name>+...`."""
    interval: Seconds = timedelta(seconds=0.5)
    """How long new records wait for each other."""

    @property
    def database_dsn(self) -> str:
        """Where the database is and as whom to enter it; a secret."""
        return self.database_dsn_file.read_text().strip()
