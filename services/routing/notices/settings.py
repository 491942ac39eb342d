"""Every knob of push."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit.settings import ReadableFile, Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    identification_address: Target
    directory_address: Target
    audit_address: Target
    registry_address: Target
    content_key_file: ReadableFile
    """What seals contents and resume tokens: 32 bytes in base64, the same for all replicas."""
    notices_kept: Seconds = timedelta(days=30)
    """How long a notice waits to be acknowledged."""
    references_kept: Seconds = timedelta(days=3650)
    """How long a source's references are known, so that a repeat is told from something new."""
    sweep_every: Seconds = timedelta(seconds=10)
    """How often waiting streams look for what no wake-up told them, and expired notices go."""
    heartbeat: Annotated[Seconds, Field(le=timedelta(seconds=15))] = timedelta(seconds=15)
    """How often a stream says that it lives and asks who may read it; well below what any proxy
    takes for silence, and with the age at which reference data are trusted no more, a minute."""
    stream_life: Seconds = timedelta(minutes=8)
    """After how long a stream ends by itself, give or take a fifth: below the age at which its
    connection would be ended by force."""
    unacknowledged: Annotated[int, Field(ge=1, le=100_000)] = 1000
    """How many notices of a subscriber may be out without being acknowledged."""
    watches: Annotated[int, Field(ge=1, le=100_000)] = 2000
    """How many streams the process holds."""
    connections: Annotated[int, Field(ge=2, le=64)] = 8
    """How many connections to the database it holds."""
