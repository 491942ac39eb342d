"""Where each setting of a process comes from in a cluster: a file that is mounted, or a value.

A process says itself which settings it reads (its `Settings`); here stands where they come from,
once for all. A required setting without a place ends the making of manifests.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic_settings import BaseSettings

from services import mesh

RPC, HEALTH, METRICS = 7000, 7001, 7002
EDGE, OPEN, PAGES = 7443, 7445, 7446
NAMESPACE, WITNESS, SOURCES = "cbss", "cbss-witness", "cbss-sources"
"""The mesh; who watches over its log, another party; and sources that run in the same cluster."""

_MOUNTED = PurePosixPath("/etc/cbss")
_KEPT = PurePosixPath("/var/lib/cbss")
_PROCESSES = frozenset(mesh.process_named(mesh.PROCESSES))


class NoPlace(Exception):
    """A process reads a setting that nothing in a cluster gives."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder in the container, and what is in it."""

    name: str
    kind: str
    """`secret`, `configMap`, `persistentVolumeClaim` or `emptyDir`."""
    source: str = ""
    """The name of the object; nothing for `emptyDir`."""
    is_written: bool = False
    """Whether the process writes there."""

    @property
    def path(self) -> str:
        """Where it is seen."""
        folder = _KEPT if self.kind in ("persistentVolumeClaim", "emptyDir") else _MOUNTED
        return str(folder / self.name)


@dataclass(frozen=True, slots=True)
class Place:
    """What a setting is: the path of a file in a mount, the mount itself, or a value."""

    value: str = ""
    mount: Mount | None = None
    file: str = ""

    @property
    def text(self) -> str:
        """What the environment says."""
        if self.mount is None:
            return self.value
        return f"{self.mount.path}/{self.file}" if self.file else self.mount.path


def _secret(name: str, source: str = "") -> Mount:
    return Mount(name, "secret", source or name)


def _claimed(name: str, *, is_written: bool = False) -> Mount:
    return Mount(name, "persistentVolumeClaim", name, is_written)


_AUTHORITIES = Mount("authorities", "configMap", "authorities")
_LOG_KEYS = Mount("log-keys", "configMap", "log-keys")
_EDGE = _secret("edge", "edge-tls")
_CALLING = _secret("calling", "portal-client-tls")

_ALL: Mapping[str, Place] = {
    "listen_address": Place(f"0.0.0.0:{RPC}"),
    "health_address": Place(f"0.0.0.0:{HEALTH}"),
    "metrics_address": Place(f"0.0.0.0:{METRICS}"),
    "operators_authority_file": Place(mount=_AUTHORITIES, file="operators.crt"),
    "committee_authority_file": Place(mount=_AUTHORITIES, file="committee.crt"),
    "institutions_authority_file": Place(mount=_AUTHORITIES, file="institutions.crt"),
    "citizens_authority_file": Place(mount=_AUTHORITIES, file="citizens.crt"),
    "tokens_keys_file": Place(mount=_AUTHORITIES, file="tokens.jwks"),
    "sources_authority_file": Place(mount=_AUTHORITIES, file="sources.crt"),
    "redis_url_file": Place(mount=_secret("redis"), file="url"),
    "content_key_file": Place(mount=_secret("content-key"), file="key"),
    "master_key_file": Place(mount=_secret("coding-key"), file="key.json"),
    "passphrase_file": Place(mount=_secret("coding-passphrase"), file="passphrase"),
    "subject_keys_file": Place(mount=_secret("subject-keys"), file="keys.json"),
    "log_key_file": Place(mount=_secret("log-key"), file="key"),
    "promises_key_file": Place(mount=_secret("promises-key"), file="key"),
    "log_public_key_file": Place(mount=_LOG_KEYS, file="log.pub"),
    "log_keys_file": Place(mount=_LOG_KEYS, file="log.pub"),
}
"""Settings that mean the same in every process that reads them."""

_OWN: Mapping[str, Mapping[str, Place]] = {
    "gateway": {
        "listen_address": Place(f"0.0.0.0:{EDGE}"),
        "open_listen_address": Place(f"0.0.0.0:{OPEN}"),
        "pages_listen_address": Place(f"0.0.0.0:{PAGES}"),
        "admin_address": Place("127.0.0.1:7444"),
        "run_directory": Place(mount=Mount("run", "emptyDir", is_written=True)),
        "server_certificate_file": Place(mount=_EDGE, file="tls.crt"),
        "server_private_key_file": Place(mount=_EDGE, file="tls.key"),
        # The edge lets in all kinds of callers; which kind one is, each service judges itself.
        "institutions_authority_file": Place(mount=_AUTHORITIES, file="callers.crt"),
        "revocation_list_file": Place(
            mount=Mount("revocation-list", "configMap", "revocation-list"), file="revoked.crl"
        ),
        # As long as a load balancer may still send calls to a pod that leaves.
        "settle": Place("5"),
        "drain": Place("15"),
    },
    "audit": {"promises_directory": Place(mount=_claimed("promises", is_written=True))},
    "sequencer": {
        "witness_address": Place(f"witness.{WITNESS}.svc.cluster.local:{RPC}"),
        "witness_key_file": Place(mount=_LOG_KEYS, file="witness.pub"),
    },
    "portal": {
        "gateway_address": Place(f"dns:///gateway.{NAMESPACE}.svc.cluster.local:{EDGE}"),
        "client_certificate_file": Place(mount=_CALLING, file="tls.crt"),
        "client_private_key_file": Place(mount=_CALLING, file="tls.key"),
        "gateway_authority_file": Place(mount=_AUTHORITIES, file="institutions.crt"),
        "provider_secret_file": Place(mount=_secret("provider-client"), file="secret"),
        "session_key_file": Place(mount=_secret("session-key"), file="key"),
    },
    "witness": {
        "state_directory": Place(mount=_claimed("state", is_written=True)),
        "witness_key_file": Place(mount=_secret("witness-key"), file="key"),
    },
}
"""Settings that mean something else in one process, or that it alone gets."""

OVERLAY = frozenset(
    (
        "environment",
        "log_level",
        "otlp_endpoint",
        "trace_sampling",
        "mock_numbers",
        "national_register_cbe_number",
        "national_register_address",
        "national_register_server_name",
        "crossroads_bank_cbe_number",
        "tokens_issuer",
        "provider_issuer",
        "public_origin",
        "security_contact",
    )
)
"""What differs by installation: an overlay gives it, in the ConfigMap `mesh` that all read."""


def settings_of(process: mesh.Process) -> type[BaseSettings]:
    """What a process reads from its environment."""
    kind: type[BaseSettings] = importlib.import_module(f"{process.package}.settings").Settings
    return kind


def places(process: mesh.Process) -> dict[str, Place]:
    """The settings of a process by the names in its environment; NoPlace if one is nowhere."""
    found: dict[str, Place] = {}
    for name, field in settings_of(process).model_fields.items():
        place = _place(process, name)
        if place is not None:
            found[name.upper()] = place
        elif field.is_required() and name not in OVERLAY:
            raise NoPlace(f"{process.name} reads {name.upper()}, which nothing gives")
    return found


def serving_in(database: str) -> Place:
    """Where what serves finds its database."""
    return Place(mount=_secret("database", f"{database}-database"), file="dsn")


def owner_of(database: str) -> Place:
    """Where a job finds a database as its owner; nothing that serves is told."""
    return Place(mount=_secret("owner", f"{database}-owner"), file="dsn")


def mounts(places: Mapping[str, Place]) -> Iterator[Mount]:
    """The folders that these settings need, each once, in the order of their names."""
    found = {place.mount for place in places.values() if place.mount is not None}
    yield from sorted(found, key=lambda mount: mount.name)


def host(name: str, namespace: str = NAMESPACE) -> str:
    """The name under which all replicas of a process are found."""
    return f"{name}.{namespace}.svc.cluster.local"


def _place(process: mesh.Process, name: str) -> Place | None:
    own = _OWN.get(process.name, {})
    if name in own:
        return own[name]
    if name in _ALL:
        return _ALL[name]
    if name in ("certificate_file", "private_key_file", "authority_file"):
        tls = _secret("tls", f"{process.workload}-tls")
        files = {"certificate_file": "tls.crt", "private_key_file": "tls.key"}
        return Place(mount=tls, file=files.get(name, "ca.crt"))
    if name == "database_dsn_file":
        return serving_in(process.database)
    if name == "database_owner_dsn_file":
        return owner_of(process.database)
    for suffix, port in (("_health_address", HEALTH), ("_address", RPC)):
        if name.endswith(suffix) and name.removesuffix(suffix) in _PROCESSES:
            return Place(f"dns:///{host(name.removesuffix(suffix))}:{port}")
    return None
