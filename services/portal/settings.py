"""The knobs of the portal."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from services.kit.settings import ListenAddress, ProcessSettings, ReadableFile, Seconds, Target


def _origin(text: str) -> str:
    scheme, _, host = text.partition("://")
    if scheme != "https" or not host or "/" in host:
        raise ValueError("is not an origin: https://host:port")
    return text


class Settings(ProcessSettings):
    """What the process reads from its environment."""

    listen_address: ListenAddress
    """Where the gateway passes on what browsers ask, over mutual TLS."""
    health_address: ListenAddress
    """Where `grpc.health.v1` is served, and nothing else, in plain."""
    metrics_address: ListenAddress
    """Where Prometheus reads what the process counts, in plain HTTP."""
    public_origin: Annotated[str, AfterValidator(_origin)]
    """What browsers call it: `https://host`, or with a port."""

    certificate_file: ReadableFile
    """The portal's own certificate in the mesh, PEM; read again when it changes."""
    private_key_file: ReadableFile
    authority_file: ReadableFile
    """The authorities of the mesh's services, PEM: the gateway is one of them."""

    gateway_address: Target
    """Where the public RPCs are called."""
    gateway_name: str = "gateway"
    """The name in the certificate that is shown there."""
    client_certificate_file: ReadableFile
    """With what the portal calls there, PEM: a certificate that names no organization."""
    client_private_key_file: ReadableFile
    gateway_authority_file: ReadableFile
    """The authorities of that certificate and of the one that is shown there, PEM."""

    provider_issuer: str
    """Who signs people in (OpenID Connect), by the address that stands in its tokens."""
    provider_client: str = "portal"
    """What the portal is called there."""
    provider_secret_file: ReadableFile
    """The secret that was agreed with it."""
    provider_authority_file: ReadableFile | None = None
    """The authorities of its certificate, PEM; without it those that the system believes."""
    provider_patience: Seconds = timedelta(seconds=5)
    """How long one answer of it may take."""
    tokens_claim: str = "egovNRN"
    """The claim of its tokens that holds the identification number of a person."""
    tokens_audience: str = "cbss"
    """For whom access tokens are asked: the mesh."""
    clock_grace: Seconds = timedelta(seconds=60)
    """How far its clock may differ from ours."""

    log_public_key_file: ReadableFile
    """The public key of the trail's log, `<origin>+...`: browsers check proofs with it."""
    redis_url_file: ReadableFile
    """A file that holds the address of Redis, where sessions are."""
    session_key_file: ReadableFile
    """The secret under which the sessions of one person are found together; 32 bytes or more, the
    same for all replicas."""
    session_idle: Seconds = timedelta(minutes=15)
    """How long a session lives in which nothing is asked."""
    session_longest: Seconds = timedelta(hours=1)
    """How long a session lives at most."""
    sign_in_patience: Seconds = timedelta(minutes=10)
    """How long somebody may take to sign in."""
    read_patience: Seconds = timedelta(seconds=5)
    """How long one service may take; then the page is shown without what it knows."""
    drain: Seconds = timedelta(seconds=5)
    """How long pages under way may still take after the process is asked to stop."""
    settle: Seconds = timedelta(0)
    """The edge tells a portal that leaves by its health, and asks another."""
    security_contact: str = "mailto:security@portal.invalid"
    """Whom somebody tells who found a weakness (RFC 9116)."""
    most_at_once: Annotated[int, Field(ge=1)] = 512
    """Requests that are answered at the same time; more are told to come back."""

    @property
    def redis_url(self) -> str:
        """Where Redis is, with its password; a secret."""
        return self.redis_url_file.read_text().strip()

    @property
    def client_files(self) -> "ClientFiles":
        """With what the portal calls the gateway."""
        return ClientFiles(
            self.client_certificate_file, self.client_private_key_file, self.gateway_authority_file
        )


class ClientFiles:
    """The files of an identity, by the names that settings of services have."""

    def __init__(self, certificate: Path, private_key: Path, authority: Path) -> None:
        self.certificate_file = certificate
        self.private_key_file = private_key
        self.authority_file = authority
