"""Every knob of batches."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit.settings import ReadableFile, Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    access_address: Target
    audit_address: Target
    registry_address: Target
    content_key_file: ReadableFile
    """What seals persons, results and page tokens: 32 bytes in base64, alike for all replicas."""
    chunk: Annotated[int, Field(ge=1, le=1000)] = 256
    """How many items are worked on together."""
    results_kept: Seconds = timedelta(days=30)
    """How long the results of a batch are kept that was given up."""
    receiving: Seconds = timedelta(minutes=15)
    """How long a batch may take to come in."""
    file_term: Seconds = timedelta(days=1)
    """Within which a file comes whose voucher was announced; then it is rejected."""
    files_kept: Seconds = timedelta(days=400)
    """How long it is told what became of a file; its number stays used."""
    sweep_every: Seconds = timedelta(seconds=10)
    """How often it is looked for terms that passed and for what need not be kept."""
    heartbeat: Seconds = timedelta(seconds=15)
    """How often a stream says that it lives; well below what any proxy takes for silence."""
    stream_life: Seconds = timedelta(minutes=8)
    """After how long a stream ends by itself, give or take a fifth: below the age at which its
    connection would be ended by force."""
    streams: Annotated[int, Field(ge=1, le=10_000)] = 200
    """How many streams of results the process holds."""
    connections: Annotated[int, Field(ge=2, le=64)] = 8
    """How many connections to the database it holds."""
