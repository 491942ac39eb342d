"""Every knob of routing."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit.settings import ReadableFile, Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What routing reads from its environment."""

    identification_address: Target
    access_address: Target
    directory_address: Target
    audit_address: Target
    registry_address: Target
    sources_authority_file: ReadableFile
    """The authorities that vouch for suppliers, PEM."""
    content_key_file: ReadableFile | None = None
    """What seals batches: 32 bytes in base64, the same for all of routing. Without it no answer
    comes in a batch."""
    redis_url_file: ReadableFile | None = None
    """A file that holds the address of Redis; without it quotas are counted by each replica."""
    source_questions: Annotated[int, Field(ge=1, le=1_000_000)] = 2048
    """How many questions may wait for the answer of one source."""
    lines_every: Seconds = timedelta(seconds=5)
    """How often lines to suppliers that are no more are looked for, to close them."""
    quota_patience: Seconds = timedelta(milliseconds=50)
    """How long Redis may take to count; after that the replica's own count decides."""

    @property
    def redis_url(self) -> str | None:
        """Where Redis is, with its password; a secret. Nothing if there is none."""
        return None if self.redis_url_file is None else self.redis_url_file.read_text().strip()
