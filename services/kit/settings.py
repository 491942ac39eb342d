"""What every process reads from its environment, checked as a whole before anything starts.

Names have no prefix: a process has an environment of its own. A secret is always the path of a
mounted file. A process with a missing or unreadable setting says everything that is wrong, once,
and ends with code 2.
"""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import structlog
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.kit import logs

log = structlog.get_logger()


class Environment(StrEnum):
    """Where the process runs; outside production a server also describes itself (reflection)."""

    PRODUCTION = "production"
    ACCEPTANCE = "acceptance"
    TEST = "test"
    DEMO = "demo"


def _listening(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError("is not host:port")
    return text


def _readable(path: Path) -> Path:
    try:
        with path.open("rb"):
            return path
    except OSError as fault:
        raise ValueError(f"cannot be read: {fault.strerror}") from fault


def _seconds(value: object) -> object:
    return timedelta(seconds=float(value)) if isinstance(value, str | int | float) else value


ListenAddress = Annotated[str, AfterValidator(_listening)]
"""`host:port` to listen on; port 0 lets the system choose."""

Target = Annotated[str, Field(min_length=1)]
"""Any gRPC target: `host:port`, or `dns:///name:port` in a cluster."""

ReadableFile = Annotated[Path, AfterValidator(_readable)]
"""The path of a file that the process can read now."""

Seconds = Annotated[timedelta, BeforeValidator(_seconds), Field(ge=timedelta(0))]
"""A span of time, written as a number of seconds."""


class ProcessSettings(BaseSettings):
    """The settings that every process has, jobs too."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")


class ServiceSettings(ProcessSettings):
    """The settings that every process of the mesh has that serves."""

    environment: Environment
    listen_address: ListenAddress
    """Where the RPCs are served, over mutual TLS."""
    health_address: ListenAddress
    """Where `grpc.health.v1` is served, and nothing else, in plain."""
    metrics_address: ListenAddress
    """Where Prometheus reads `/metrics`, in plain HTTP."""
    certificate_file: ReadableFile
    """The workload's certificate chain, PEM; read again when it changes."""
    private_key_file: ReadableFile
    authority_file: ReadableFile
    """The authorities of the mesh's services, PEM."""
    operators_authority_file: ReadableFile | None = None
    """The authorities of the people who operate the mesh, PEM; without it nobody does."""
    committee_authority_file: ReadableFile | None = None
    """The authorities of the members of the committee, PEM; without it there are none."""
    institutions_authority_file: ReadableFile | None = None
    """The authorities that issue institutions' certificates, PEM; without it nobody is one."""
    citizens_authority_file: ReadableFile | None = None
    """The authorities that issue citizens' cards, PEM, all of them; without it nobody is one."""
    tokens_issuer: str = ""
    """Who issues access tokens of persons, by the name that stands in them."""
    tokens_audience: str = "cbss"
    """What access tokens for the mesh name as whom they are made for."""
    tokens_claim: str = "egovNRN"
    """The claim of a token that holds the identification number of a person."""
    tokens_keys_file: ReadableFile | None = None
    """The public keys of that issuer, a JSON Web Key Set; without it nobody holds a token."""
    clock_grace: Seconds = timedelta(seconds=60)
    """How far the clock of that issuer may differ from ours."""
    otlp_endpoint: str | None = None
    """Where spans go, for example `http://collector:4317`; without it no span is ever made."""
    trace_sampling: Annotated[float, Field(ge=0, le=1)] = 0.01
    """The share of calls without a trace of their own for which one is begun."""
    drain: Seconds = timedelta(seconds=10)
    """How long calls in flight may still take after the process is asked to stop."""
    settle: Seconds = timedelta(seconds=5)
    """How long at most a stopping process, no longer ready, still accepts what is under way to it:
    as long as its name may still be found. It ends as soon as all who ask for its health know, and
    nothing has come for a moment."""
    connection_age: Annotated[Seconds, Field(ge=timedelta(seconds=1))] = timedelta(seconds=30)
    """How long a client's connection lives; within that time it finds new replicas."""
    default_deadline: Seconds = timedelta(seconds=5)
    """What a unary call gets that comes without a deadline."""
    reader_patience: Seconds = timedelta(seconds=30)
    """How long a stream waits for a reader whose window is full, before it ends."""


class StoreSettings(ServiceSettings):
    """The settings of a service that has a database."""

    database_dsn_file: ReadableFile
    """A file that holds `postgresql://role:password@host:port/database`."""

    @property
    def database_dsn(self) -> str:
        """Where the database is and as whom to enter it; a secret, read when it is needed."""
        return self.database_dsn_file.read_text().strip()


class OwnerSettings(ProcessSettings):
    """The settings of a job that migrates or loads a database as its owner."""

    database_owner_dsn_file: ReadableFile

    @property
    def database_owner_dsn(self) -> str:
        """Where the database is and its owner's name and password; a secret."""
        return self.database_owner_dsn_file.read_text().strip()


class RolesSettings(OwnerSettings):
    """The settings of the job that makes a database and its roles."""

    database_superuser_dsn_file: ReadableFile
    """Where the server is and as whom to make roles and databases; a secret of this job."""
    database_dsn_file: ReadableFile
    """What the service is told: the name, password and database of the role that serves."""


S = TypeVar("S", bound=ProcessSettings)


def load(kind: type[S]) -> S:
    """Read the settings from the environment, or end the process with all that is wrong."""
    try:
        settings = kind.model_validate({})
    except ValidationError as wrong:
        wrongs = {
            ".".join(str(part) for part in fault["loc"]).upper(): fault["msg"]
            for fault in wrong.errors(include_url=False, include_input=False)
        }
        logs.configure("info", service=_service(kind))
        log.error("the settings are not usable", settings=wrongs)
        raise SystemExit(2) from None
    logs.configure(settings.log_level, service=_service(kind))
    return settings


def _service(kind: type[ProcessSettings]) -> str:
    return kind.__module__.split(".")[-2]
