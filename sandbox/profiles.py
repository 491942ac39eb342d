"""The profile of a sandbox: where its mesh is called and as whom, for the command `cbss`."""

from pathlib import Path

from cli.profile import Door, Keys, Organization, Profile, Trail
from sandbox.credentials import COMMITTEE, EDGE, OPERATORS, Vault
from sandbox.identities import Credentials
from sandbox.organizations import organizations
from sandbox.servers.databases import dsn_files
from sandbox.state import State
from sandbox.topology import SERVICES, Ports
from services.kit.files import replace_file


def write_profile(state: State, ports: Ports, vault: Vault) -> None:
    """Write it where the command looks for it."""
    text = profile_of(state, ports, vault).model_dump_json(indent=1, exclude_none=True)
    replace_file(state.profile, text.encode(), mode=0o600)


def profile_of(state: State, ports: Ports, vault: Vault) -> Profile:
    """The profile of a sandbox that listens on these ports."""
    institutions, mesh = vault.authority_file("institutions"), vault.authority_file("mesh")

    def door(name: str, authority: Path, server_name: str) -> Door:
        return Door(address=ports.address(name), authority=authority, server_name=server_name)

    return Profile(
        gateway=door("gateway", institutions, EDGE),
        open_door=door("gateway-open", institutions, EDGE),
        services={name: door(name, mesh, name) for name in SERVICES},
        people={name: _keys(vault.workload(name)) for name in (*OPERATORS, *COMMITTEE)},
        organizations={
            one.name: Organization(
                cbe_number=one.cbe_number,
                place=one.place,
                program=_keys(vault.files(one.name)),
                officer=_keys(vault.officer(one.name)),
            )
            for one in organizations().values()
        },
        trail=_trail(state, ports, vault),
    )


def _trail(state: State, ports: Ports, vault: Vault) -> Trail:
    stores = dsn_files(state.secrets)["audit"]
    return Trail(
        owner_dsn_file=stores.owner,
        dsn_file=stores.service,
        log=state.log,
        log_key=vault.log_public_key("log"),
        witness_key=vault.log_public_key("witness"),
        witness=ports.address("witness"),
        subject_keys=vault.subject_keys,
        registry_dsn_file=dsn_files(state.secrets)["registry"].owner,
        promises=state.promises,
        promises_key=vault.log_public_key("promises"),
    )


def _keys(files: Credentials) -> Keys:
    return Keys(certificate=files.certificate, key=files.private_key)
