"""The knobs of the trail."""

from datetime import timedelta
from pathlib import Path

from services.kit.settings import ReadableFile, Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment."""

    registry_address: Target
    subject_keys_file: ReadableFile
    """The keys that hide persons, in every version that records were made with; see subjects.py."""
    log_directory: Path | None = None
    """Where the sequencer puts the tiles and the checkpoint, only read here; without it they are in
    the database."""
    log_public_key_file: ReadableFile
    """The public key of the log, `<origin>+...`."""
    promises_directory: Path | None = None
    """Where it is written down, outside the database, what was acknowledged; without it nowhere."""
    promises_key_file: ReadableFile | None = None
    """The private key that signs it, `PRIVATE+KEY+<name>+...`."""
    unsigned_patience: Seconds = timedelta(minutes=5)
    """How long records may wait to be signed; then no more are taken and nothing is exchanged."""
    follow_every: Seconds = timedelta(seconds=0.5)
    """How often it is looked what the registry decided, to record it."""
