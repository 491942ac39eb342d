"""Every knob of attaching."""

import socket
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from services.kit.settings import Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    audit_address: Target
    registry_address: Target
    heartbeat: Seconds = timedelta(seconds=10)
    """How often each side of a stream says that it lives; well below what any proxy takes for
    silence."""
    stream_life: Seconds = timedelta(minutes=8)
    """After how long a stream ends by itself, give or take a fifth: below the age at which its
    connection would be ended by force."""
    farewell: Seconds = timedelta(seconds=5)
    """How long what was asked may still be answered once a stream is about to end."""
    stopping: Seconds = timedelta(milliseconds=700)
    """The same when the process is about to stop."""
    credit: Annotated[int, Field(ge=1, le=1024)] = 1024
    """The most questions that may be unanswered on one stream."""
    streams: Annotated[int, Field(ge=1, le=10_000)] = 1000
    """How many streams the process holds."""
    streams_each: Annotated[int, Field(ge=1, le=1000)] = 32
    """How many of them of one source."""
    present_every: Seconds = timedelta(seconds=5)
    """How often the others are told who is attached here; three times that, and nobody is."""
    connections: Annotated[int, Field(ge=2, le=64)] = 4
    """How many connections to the database it holds."""

    @property
    def own_address(self) -> str:
        """Where the other processes of this kind reach this one: where it listens, or, if that is
        everywhere, at the address of its machine."""
        host, _, port = self.listen_address.rpartition(":")
        if host in ("0.0.0.0", "[::]"):  # noqa: S104
            host = socket.gethostbyname(socket.gethostname())
        return f"{host}:{port}"
