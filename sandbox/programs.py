"""How each process is started: its command, its settings, when it is ready."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sandbox.credentials import EDGE, Vault
from sandbox.identities import Credentials
from sandbox.institutions.contracts import HANDICAP_SOURCES
from sandbox.leftovers import edge_vacant
from sandbox.organizations import organizations
from sandbox.processes import Program, healthy, module
from sandbox.sealed import SealedKey
from sandbox.servers.databases import DsnFiles
from sandbox.state import State
from sandbox.topology import OFFICIAL_STATUSES, PROVIDER, Ports
from services import mesh


@dataclass(frozen=True)
class Programs:
    """The programs of one sandbox."""

    state: State
    ports: Ports
    vault: Vault
    databases: Mapping[str, DsnFiles]
    redis_url_file: Path
    messages: Path | None
    traces: str | None = None

    def service(self, name: str) -> Program:
        """A service of the mesh."""
        settings = {
            "ENVIRONMENT": "demo",
            **self._listening(name),
            **_identity(self.vault.workload(name)),
            "AUTHORITY_FILE": str(self.vault.authority_file("mesh")),
            **self._database(name),
            **self._peers(name),
            **self._authorities(),
        }
        asked = organizations()
        if name in ("directory", "identification"):
            settings["NATIONAL_REGISTER_CBE_NUMBER"] = asked["rrn"].cbe_number
        if name == "identification":
            settings["NATIONAL_REGISTER_ADDRESS"] = self.ports.address("rrn")
            settings["NATIONAL_REGISTER_SERVER_NAME"] = "rrn"
            settings["SOURCES_AUTHORITY_FILE"] = str(self.vault.authority_file("sources"))
            settings["CROSSROADS_BANK_CBE_NUMBER"] = asked["cbss"].cbe_number
        if name == "audit":
            settings["SUBJECT_KEYS_FILE"] = str(self.vault.subject_keys)
            settings["LOG_DIRECTORY"] = str(self.state.log)
            settings["LOG_PUBLIC_KEY_FILE"] = str(self.vault.log_public_key("log"))
            settings["PROMISES_DIRECTORY"] = str(self.state.promises)
            settings["PROMISES_KEY_FILE"] = str(self.vault.log_key("promises"))
        if name == "routing":
            settings["SOURCES_AUTHORITY_FILE"] = str(self.vault.authority_file("sources"))
            settings["REDIS_URL_FILE"] = str(self.redis_url_file)
            settings["CONTENT_KEY_FILE"] = str(self.vault.content_key)
        if name == "coding":
            sealed = SealedKey(self.state.secrets)
            sealed.make()
            settings["MASTER_KEY_FILE"] = str(sealed.file)
            settings["PASSPHRASE_FILE"] = str(sealed.passphrase)
        return self._program(name, mesh.process(name).package, settings)

    def companion(self, name: str) -> Program:
        """A process beside a service."""
        process = mesh.process(name)
        settings = {
            "ENVIRONMENT": "demo",
            **self._listening(name),
            **_identity(self.vault.workload(process.workload)),
            "AUTHORITY_FILE": str(self.vault.authority_file("mesh")),
            **self._database(name),
            **self._peers(name),
            **self._authorities(),
        }
        if name in ("notices", "batches"):
            settings["CONTENT_KEY_FILE"] = str(self.vault.content_key)
        return self._program(name, process.package, settings)

    def batches_worker(self) -> Program:
        """What works on batches."""
        name = "batches-worker"
        settings = {
            **self._watched(name),
            **_identity(self.vault.workload("routing")),
            "AUTHORITY_FILE": str(self.vault.authority_file("mesh")),
            "SOURCES_AUTHORITY_FILE": str(self.vault.authority_file("sources")),
            "REDIS_URL_FILE": str(self.redis_url_file),
            **self._database(name),
            "CONTENT_KEY_FILE": str(self.vault.content_key),
            **self._peers(name),
        }
        return self._program(name, mesh.process(name).package, settings)

    def portal(self) -> Program:
        """What people see in a browser."""
        calling = self.vault.files("portal")
        settings = {
            **self._listening("portal"),
            **_identity(self.vault.workload("portal")),
            "AUTHORITY_FILE": str(self.vault.authority_file("mesh")),
            "PUBLIC_ORIGIN": self.ports.origin,
            "GATEWAY_ADDRESS": self.ports.address("gateway"),
            "GATEWAY_NAME": EDGE,
            **{f"CLIENT_{setting}": file for setting, file in _identity(calling).items()},
            "GATEWAY_AUTHORITY_FILE": str(self.vault.authority_file("institutions")),
            "PROVIDER_ISSUER": self.ports.issuer,
            "PROVIDER_SECRET_FILE": str(self.vault.signing_in.provider_secret),
            "REDIS_URL_FILE": str(self.redis_url_file),
            "LOG_PUBLIC_KEY_FILE": str(self.vault.log_public_key("log")),
            "SESSION_KEY_FILE": str(self.vault.signing_in.session_key),
        }
        return self._program("portal", mesh.process("portal").package, settings)

    def provider(self) -> Program:
        """What signs people in."""
        settings = {
            **self._listening(PROVIDER),
            "ISSUER": self.ports.issuer,
            "KEY_FILE": str(self.vault.signing_in.provider_key),
            "SECRET_FILE": str(self.vault.signing_in.provider_secret),
            "REDIRECT": f"{self.ports.origin}/signed-in",
        }
        return self._program(PROVIDER, "sandbox.provider", settings)

    def sequencer(self) -> Program:
        """What makes the log of the trail grow."""
        settings = {
            **self._watched("sequencer"),
            **self._database("sequencer"),
            "LOG_DIRECTORY": str(self.state.log),
            "LOG_KEY_FILE": str(self.vault.log_key("log")),
            "WITNESS_ADDRESS": self.ports.address("witness"),
            "WITNESS_KEY_FILE": str(self.vault.log_public_key("witness")),
        }
        return self._program("sequencer", mesh.process("sequencer").package, settings)

    def witness(self) -> Program:
        """What watches over the log of the trail."""
        settings = {
            **self._listening("witness"),
            "STATE_DIRECTORY": str(self.state.witness),
            "WITNESS_KEY_FILE": str(self.vault.log_key("witness")),
            "LOG_KEYS_FILE": str(self.vault.log_public_key("log")),
        }
        return self._program("witness", mesh.process("witness").package, settings)

    def gateway(self) -> Program:
        """The edge."""
        edge = _identity(self.vault.files("edge"))
        settings = {
            **self._listening("gateway"),
            "OPEN_LISTEN_ADDRESS": self.ports.address("gateway-open"),
            "PAGES_LISTEN_ADDRESS": self.ports.address("gateway-pages"),
            "PORTAL_ADDRESS": self.ports.address("portal"),
            "PORTAL_HEALTH_ADDRESS": self.ports.address("portal-health"),
            "ADMIN_ADDRESS": self.ports.address("gateway-admin"),
            "RUN_DIRECTORY": str(self.state.gateway),
            **{f"SERVER_{setting}": file for setting, file in edge.items()},
            "INSTITUTIONS_AUTHORITY_FILE": str(self.vault.clients_authorities),
            "REVOCATION_LIST_FILE": str(self.vault.revocation_list),
            **_identity(self.vault.workload("gateway")),
            "AUTHORITY_FILE": str(self.vault.authority_file("mesh")),
            **self._peers("gateway"),
        }
        for peer in mesh.process_named(mesh.upstreams()):
            settings[f"{peer.upper()}_HEALTH_ADDRESS"] = self.ports.address(f"{peer}-health")
        program = self._program("gateway", mesh.process("gateway").package, settings)
        return replace(program, vacant=partial(edge_vacant, self.state))

    def source(self, name: str) -> Program:
        """An authentic source, simulated, that the mesh dials."""
        official = name == OFFICIAL_STATUSES
        place = organizations()["cbss" if official else name].place
        assert place is not None
        settings = {
            **self._listening(name),
            **_identity(self.vault.source(name)),
            "AUTHORITY_FILE": str(self.vault.authority_file("mesh")),
            **self._known(place),
        }
        return self._program(name, "sandbox.institutions.supplier", settings)

    def attached(self, name: str) -> Program:
        """One that calls the mesh to be asked, as the program of its organization."""
        one = organizations()[name]
        assert one.place is not None
        settings = {
            **self._watched(name),
            **_identity(self.vault.files(name)),
            "AUTHORITY_FILE": str(self.vault.authority_file("institutions")),
            "CBE_NUMBER": one.cbe_number,
            "GATEWAY_ADDRESS": self.ports.address("gateway"),
            "GATEWAY_NAME": EDGE,
            **self._known(one.place),
        }
        return self._program(name, "sandbox.institutions.attached", settings)

    def _known(self, place: str) -> dict[str, str]:
        """From where a source at a place has its answers."""
        known = {"PLACE": place, "SOURCE_CODE": HANDICAP_SOURCES.get(place, "")}
        if self.messages is not None:
            known["MESSAGES_DIRECTORY"] = str(self.messages.absolute())
        return known

    def _program(self, name: str, started: str, settings: Mapping[str, str]) -> Program:
        ready = partial(healthy, self.ports.address(f"{name}-health"))
        return Program(name, module(started), ready, settings)

    def _listening(self, name: str) -> dict[str, str]:
        return {"LISTEN_ADDRESS": self.ports.address(name), **self._watched(name), **self._traced()}

    def _watched(self, name: str) -> dict[str, str]:
        return {
            "HEALTH_ADDRESS": self.ports.address(f"{name}-health"),
            "METRICS_ADDRESS": self.ports.address(f"{name}-metrics"),
        }

    def _authorities(self) -> dict[str, str]:
        """Who vouches for which kind of caller."""
        names = {
            "OPERATORS": "operators",
            "COMMITTEE": "committees",
            "INSTITUTIONS": "institutions",
            "CITIZENS": "citizens",
        }
        return {
            "TOKENS_ISSUER": self.ports.issuer,
            "TOKENS_KEYS_FILE": str(self.vault.signing_in.tokens_keys),
            **{
                f"{kind}_AUTHORITY_FILE": str(self.vault.authority_file(name))
                for kind, name in names.items()
            },
        }

    def _traced(self) -> dict[str, str]:
        # Whoever looks at traces here wants to see the call that was made, not one of a hundred.
        on = {"OTLP_ENDPOINT": self.traces or "", "TRACE_SAMPLING": "1"}
        return {} if self.traces is None else on

    def _database(self, name: str) -> dict[str, str]:
        database = mesh.process(name).database
        return {"DATABASE_DSN_FILE": str(self.databases[database].service)} if database else {}

    def _peers(self, name: str) -> dict[str, str]:
        return {
            f"{peer.upper()}_ADDRESS": self.ports.address(peer) for peer in mesh.process(name).calls
        }


def _identity(files: Credentials) -> dict[str, str]:
    return {
        "CERTIFICATE_FILE": str(files.certificate),
        "PRIVATE_KEY_FILE": str(files.private_key),
    }
