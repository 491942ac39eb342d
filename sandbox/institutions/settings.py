"""What the program of a source reads from its environment; the rest is as in every process."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from sandbox.institutions.contracts import HANDICAP_SOURCES
from sandbox.institutions.faults import parse_fault
from services.kit.settings import (
    Environment,
    ListenAddress,
    ProcessSettings,
    ReadableFile,
    ServiceSettings,
    Target,
)


def _fault(written: str) -> str:
    if written:
        parse_fault(written)
    return written


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("is no folder")
    return path


class SourceSettings(ProcessSettings):
    """What every simulated source reads, however it is asked."""

    place: Annotated[str, Field(pattern=r"^\d{1,3}\.\d{1,3}$")]
    """Where in the network the source is: sector and institution, for example `16.0`."""
    source_code: str = ""
    """How criteria name the source, for example `HANDICAP_SOURCE_DGPH`; empty where contracts of
    the place have one source. It must be the one of the place."""
    messages_directory: Annotated[Path, AfterValidator(_folder)] | None = None
    """A folder of answers in the official XML form; without it only personas are known."""
    personas_file: ReadableFile | None = None
    """Personas instead of those that the project ships."""
    fault: Annotated[str, AfterValidator(_fault)] = ""
    """How the source fails, on purpose: see `faults.FaultKind`. Empty: it does not."""

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.source_code and self.source_code != HANDICAP_SOURCES.get(self.place):
            raise ValueError("SOURCE_CODE is not the source at PLACE")
        return self


class SupplierSettings(SourceSettings, ServiceSettings):
    """The settings of a simulated source that the mesh dials."""

    environment: Environment = Environment.DEMO
    metrics_address: ListenAddress = "127.0.0.1:0"


class AttachedSettings(SourceSettings):
    """The settings of a simulated source that calls the mesh to be asked."""

    cbe_number: Annotated[str, Field(pattern=r"^\d{10}$")]
    """Its organization."""
    gateway_address: Target
    gateway_name: str
    """The name in the certificate of the edge."""
    certificate_file: ReadableFile
    """The certificate of its organization's program, PEM."""
    private_key_file: ReadableFile
    authority_file: ReadableFile
    """Whom to trust at the edge, PEM."""
    health_address: ListenAddress
    metrics_address: ListenAddress
    streams: Annotated[int, Field(ge=1, le=16)] = 2
    """How many streams it holds open."""
