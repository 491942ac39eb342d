"""Organizations and data contracts as messages of `cbss.registry.v1`, and back."""

import re
from collections.abc import Sequence

from cbss.registry.v1 import reference_pb2 as pb

from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.legal_context import parse_legal_context
from services.concepts.organization import parse_sector_institution
from services.concepts.reference import (
    Endpoint,
    Expectation,
    Network,
    Onboarding,
    Organization,
    Reference,
)
from services.concepts.written import parse_web_name
from services.wire import values
from services.wire.data_contracts import (
    LONGEST_CODE,
    LONGEST_TEXT,
    decode_choice,
    decode_contract,
    encode_contract,
)

LONGEST_ENVIRONMENT = 32
MOST_KEYS = 16
MOST_HOURLY = 1_000_000_000
_KEY = re.compile(r"[0-9a-f]{64}")


def decode_reference(digest: bytes, content: bytes) -> Reference:
    """The reference data that a serialized snapshot holds."""
    told = pb.Snapshot.FromString(content)
    organizations = [
        decode_organization(one, f"organizations[{n}]") for n, one in enumerate(told.organizations)
    ]
    contracts = [
        decode_contract(one, f"data_contracts[{n}]") for n, one in enumerate(told.data_contracts)
    ]
    return Reference(
        told.version,
        digest,
        {one.cbe_number: one for one in organizations},
        {one.name: one for one in contracts},
    )


def encode_reference(reference: Reference) -> bytes:
    """Reference data as a serialized snapshot, the same bytes for the same data."""
    told = pb.Snapshot(
        version=reference.version,
        organizations=[
            encode_organization(one) for _, one in sorted(reference.organizations.items())
        ],
        data_contracts=[encode_contract(one) for _, one in sorted(reference.contracts.items())],
    )
    content: bytes = told.SerializeToString(deterministic=True)
    return content


def decode_organization(told: pb.Organization, path: str) -> Organization:
    """The organization that a message describes."""
    at, endpoint = told.sector_institution, told.endpoint
    return Organization(
        parse_enterprise_number(told.cbe_number, field=f"{path}.cbe_number"),
        values.decode_text(told.name, f"{path}.name", LONGEST_TEXT, shortest=1),
        parse_sector_institution(at.sector, at.institution, field=f"{path}.sector_institution")
        if told.HasField("sector_institution")
        else None,
        _keys(told.public_key_sha256, f"{path}.public_key_sha256"),
        tuple(
            parse_enterprise_number(one, field=f"{path}.managed_cbe_numbers[{n}]")
            for n, one in enumerate(told.managed_cbe_numbers)
        ),
        Endpoint(
            values.decode_text(
                endpoint.address, f"{path}.endpoint.address", LONGEST_TEXT, shortest=1
            ),
            values.decode_text(
                endpoint.server_name, f"{path}.endpoint.server_name", LONGEST_TEXT, shortest=1
            ),
            endpoint.in_mesh,
        )
        if told.HasField("endpoint")
        else None,
        decode_choice(Network, told.network, f"{path}.network"),
        Onboarding(
            values.decode_text(told.environment, f"{path}.environment", LONGEST_ENVIRONMENT),
            tuple(
                values.decode_text(one, f"{path}.contacts[{n}]", LONGEST_TEXT, shortest=1)
                for n, one in enumerate(told.contacts)
            ),
            decode_volumes(told.expected_volumes, f"{path}.expected_volumes"),
        ),
        _keys(told.officer_key_sha256, f"{path}.officer_key_sha256"),
        tuple(_web_name(one, f"{path}.web_names[{n}]") for n, one in enumerate(told.web_names)),
        values.decode_text(told.kind, f"{path}.kind", LONGEST_CODE),
    )


def encode_organization(of: Organization) -> pb.Organization:
    """An organization as a message."""
    return pb.Organization(
        cbe_number=of.cbe_number.digits,
        name=of.name,
        sector_institution=None if of.place is None else values.encode_place(of.place),
        public_key_sha256=of.public_key_sha256,
        managed_cbe_numbers=[one.digits for one in of.manages],
        endpoint=None
        if of.endpoint is None
        else pb.Endpoint(
            address=of.endpoint.address,
            server_name=of.endpoint.server_name,
            in_mesh=of.endpoint.in_mesh,
        ),
        network=f"NETWORK_{of.network.name}",
        environment=of.onboarding.environment,
        contacts=of.onboarding.contacts,
        expected_volumes=encode_volumes(of.onboarding.expectations),
        officer_key_sha256=of.officer_key_sha256,
        web_names=of.web_names,
        kind=of.kind,
    )


def decode_key(told: str, path: str) -> str:
    """The fingerprint of a key."""
    if _KEY.fullmatch(told) is None:
        raise invalid(path, "must be 64 lower-case hexadecimal digits")
    return told


def decode_number(told: str, path: str) -> EnterpriseNumber:
    """The number of an organization."""
    return parse_enterprise_number(told, field=path)


def decode_volumes(told: Sequence[pb.ExpectedVolume], path: str) -> tuple[Expectation, ...]:
    """The volumes that an organization announced."""
    found = []
    for n, one in enumerate(told):
        if not 1 <= one.hourly <= MOST_HOURLY:
            raise invalid(f"{path}[{n}].hourly", f"must be 1 to {MOST_HOURLY}")
        fields = f"{path}[{n}].data_contract", f"{path}[{n}].contract_version"
        contract = parse_contract_name(one.data_contract, one.contract_version, fields=fields)
        found.append(Expectation(parse_legal_context(one.legal_context), contract, one.hourly))
    return tuple(found)


def encode_volumes(of: Sequence[Expectation]) -> list[pb.ExpectedVolume]:
    """Announced volumes as messages."""
    return [
        pb.ExpectedVolume(
            legal_context=one.legal_context,
            data_contract=one.contract.code,
            contract_version=one.contract.version,
            hourly=one.hourly,
        )
        for one in of
    ]


def _keys(told: Sequence[str], path: str) -> tuple[str, ...]:
    if len(told) > MOST_KEYS:
        raise invalid(path, f"must be at most {MOST_KEYS}")
    return tuple(sorted({decode_key(one, f"{path}[{n}]") for n, one in enumerate(told)}))


def _web_name(text: str, path: str) -> str:
    try:
        return parse_web_name(text)
    except ValueError as wrong:
        raise invalid(path, str(wrong)) from None
