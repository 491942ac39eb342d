"""The knobs of the witness."""

from pathlib import Path

from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile


class Settings(ProcessSettings):
    """What the process reads from its environment."""

    listen_address: ListenAddress
    """Where logs submit their checkpoints, in HTTP: all that comes and goes is signed."""
    health_address: ListenAddress
    """Where `grpc.health.v1` is served, and nothing else, in plain."""
    metrics_address: ListenAddress
    """Where Prometheus reads what the process counts, in plain HTTP."""
    state_directory: Path
    """Where the last checkpoint of each log is kept, and what was refused; of this process only."""
    witness_key_file: ReadableFile
    """The witness's own private key, `PRIVATE+KEY+<name>+...`, made for cosignatures."""
    log_keys_file: ReadableFile
    """The public keys of the logs that are watched over, `<origin>+...`, one a line."""
