"""Organizations as they are written: the onboarding records of a network, in YAML."""

from collections.abc import Set
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from services.concepts import written
from services.concepts.data_contract import ContractName, parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import InvalidArgument
from services.concepts.legal_context import parse_legal_context
from services.concepts.problems import Problem
from services.concepts.reference import (
    Endpoint,
    Expectation,
    Network,
    Onboarding,
    Organization,
    Reference,
)
from services.concepts.reviewed import LoadRefused, problems_of

Connection = Annotated[str, Field(strict=True, pattern="^(" + "|".join(Network.__members__) + ")$")]


class _Endpoint(written.Part):
    address: written.Text
    server_name: written.Text
    in_mesh: written.Flag = False


class _Expectation(written.Part):
    legal_context: written.Text
    data_contract: written.Text
    contract_version: Annotated[int, Field(strict=True, ge=1, le=9999)] = 1
    hourly: Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]

    @model_validator(mode="after")
    def _named(self) -> Self:
        try:
            self.expectation()
        except InvalidArgument as invalid:
            raise ValueError(invalid.violations[0].description) from None
        return self

    def expectation(self) -> Expectation:
        """What is announced."""
        contract = parse_contract_name(self.data_contract, self.contract_version)
        return Expectation(parse_legal_context(self.legal_context), contract, self.hourly)


class _Organization(written.Part):
    cbe_number: written.Number
    name: written.Text
    sector_institution: written.Place | None = None
    public_key_sha256: tuple[written.Fingerprint, ...] = ()
    officer_key_sha256: tuple[written.Fingerprint, ...] = ()
    web_names: tuple[written.WebName, ...] = ()
    kind: Annotated[str, Field(strict=True, max_length=64)] = ""
    manages: tuple[written.Number, ...] = ()
    endpoint: _Endpoint | None = None
    network: Connection | None = None
    environment: Annotated[str, Field(strict=True, max_length=32)] = ""
    contacts: tuple[written.Text, ...] = ()
    expects: tuple[_Expectation, ...] = ()


class _Document(written.Part):
    organizations: Annotated[tuple[_Organization, ...], written.SOME]


def read(plain: object, reference: Reference) -> list[Organization]:
    """The organizations of a file; `reference` is what the registry holds already."""
    try:
        document = _Document.model_validate(plain)
    except ValidationError as invalid:
        raise LoadRefused(problems_of(invalid)) from None
    seen: set[EnterpriseNumber] = set()
    problems = []
    for n, one in enumerate(document.organizations):
        if one.cbe_number in seen:
            problems.append(Problem(f"organizations[{n}].cbe_number", "stands in the file twice"))
        seen.add(one.cbe_number)
    if problems:
        raise LoadRefused(problems)
    managed = _managed(document, reference)
    return [_organization(one, managed) for one in document.organizations]


def _managed(document: _Document, reference: Reference) -> set[EnterpriseNumber]:
    """Whoever stands behind a managing institution, once the file is loaded."""
    written = {one.cbe_number for one in document.organizations}
    staying = {
        number
        for one in reference.organizations.values()
        if one.cbe_number not in written
        for number in one.manages
    }
    return staying.union(*(one.manages for one in document.organizations))


def _organization(one: _Organization, managed: Set[EnterpriseNumber]) -> Organization:
    return Organization(
        one.cbe_number,
        one.name,
        one.sector_institution,
        tuple(sorted(set(one.public_key_sha256))),
        tuple(sorted(set(one.manages))),
        _endpoint(one.endpoint),
        _network(one, managed),
        Onboarding(
            one.environment,
            one.contacts,
            tuple(sorted((told.expectation() for told in one.expects), key=_order)),
        ),
        tuple(sorted(set(one.officer_key_sha256))),
        tuple(one.web_names),
        one.kind,
    )


def _network(one: _Organization, managed: Set[EnterpriseNumber]) -> Network:
    """As written, or else as its place and its managing institution say."""
    if one.network is not None:
        return Network[one.network]
    if one.cbe_number in managed:
        return Network.SECONDARY
    return Network.EXTENSION if one.sector_institution is None else Network.PRIMARY


def _order(told: Expectation) -> tuple[str, ContractName]:
    return told.legal_context, told.contract


def _endpoint(told: _Endpoint | None) -> Endpoint | None:
    return Endpoint(told.address, told.server_name, told.in_mesh) if told is not None else None
