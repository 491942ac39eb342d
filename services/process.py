"""What a process of the mesh is: the noun of its table (`services/mesh.py`)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of process."""

    EDGE = "edge"
    """What the world calls."""
    SERVICE = "service"
    """Answers RPCs over mutual TLS, with the rooms of a service."""
    COMPANION = "companion"
    """Answers some RPCs of a service beside it, with its certificate and on its database."""
    WORKER = "worker"
    """Works beside a service, on its database, and may call others as it does; answers nobody."""
    WEB = "web"
    """Answers in HTTP."""
    JOB = "job"
    """Runs to its end, as the owner of a service's database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process: its name is in its address and, unless it stands beside a service, in its
    certificate, its database and its roles."""

    name: str
    kind: Kind
    package: str
    """The module that is started."""
    port: int = 0
    """Where it listens in a sandbox of the documented ports; jobs and workers of theirs do not."""
    calls: tuple[str, ...] = ()
    """The services that it calls, all to its right (law 5)."""
    database: str = ""
    """The database that it enters, which has the name of the service that owns it."""
    public: tuple[str, ...] = ()
    """The RPCs that the edge passes on, `Service/Method` of the package of its workload."""
    beside: str = ""
    """The service whose companion it is, or with whose certificate it works."""
    supplies: bool = False
    """Whether it is an authentic source of the mesh too (`cbss.supplier.v1`)."""
    is_client: bool = False
    """Whether it calls the public RPCs at the edge, as anybody does, and is itself reached through
    a door of the edge."""
    most: int | None = None
    """How many there may be at the same time; as many as one likes if nothing is said."""

    @property
    def workload(self) -> str:
        """The name in its certificate."""
        return self.beside or self.name

    @property
    def routes(self) -> tuple[str, ...]:
        """The public RPCs by their full names."""
        return tuple(f"cbss.{self.workload}.v1.{rpc}" for rpc in self.public)

    @property
    def owns(self) -> str:
        """The database that it owns: jobs and workers enter that of a service."""
        return self.database if self.database == self.name else ""
