"""Organizations as they are written: the onboarding records of a network, in YAML."""

from collections.abc import Iterator, Set
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from services.concepts import written
from services.concepts.data_contract import ContractName, parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import InvalidArgument
from services.concepts.legal_context import parse_legal_context
from services.directory.load.refusal import LoadRefused, Problem, problems_of
from services.directory.model import (
    Endpoint,
    Expectation,
    Holdings,
    Network,
    Onboarding,
    Organization,
)

Kind = Annotated[str, Field(strict=True, pattern="^(" + "|".join(Network.__members__) + ")$")]


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
    """For the logging service; checked here with the rest."""
    web_names: tuple[written.WebName, ...] = ()
    """For the logging service too: what people are sent to is one of them."""
    kind: Annotated[str, Field(strict=True, max_length=64)] = ""
    """For access, which knows the kinds of organization."""
    manages: tuple[written.Number, ...] = ()
    endpoint: _Endpoint | None = None
    network: Kind | None = None
    environment: Annotated[str, Field(strict=True, max_length=32)] = ""
    contacts: tuple[written.Text, ...] = ()
    expects: tuple[_Expectation, ...] = ()


class _Document(written.Part):
    organizations: Annotated[tuple[_Organization, ...], written.SOME]


def read(plain: object, held: Holdings) -> list[Organization]:
    """The organizations of a file; `held` is what the store holds already."""
    try:
        document = _Document.model_validate(plain)
    except ValidationError as invalid:
        raise LoadRefused(problems_of(invalid)) from None
    problems = list(_contradictions(document, held))
    if problems:
        raise LoadRefused(problems)
    managed = _managed(document, held)
    return [_organization(one, managed) for one in document.organizations]


def _managed(document: _Document, held: Holdings) -> set[EnterpriseNumber]:
    """Whoever stands behind a managing institution, once the file is loaded."""
    written = {one.cbe_number for one in document.organizations}
    staying = {
        number
        for one in held.organizations
        if one.cbe_number not in written
        for number in one.manages
    }
    return staying.union(*(one.manages for one in document.organizations))


def _contradictions(document: _Document, held: Holdings) -> Iterator[Problem]:
    written = {one.cbe_number for one in document.organizations}
    known = written.union(held.keys)
    # Of organizations that stand in the file again, the keys they have now do not count.
    keys = {
        key
        for one in held.organizations
        if one.cbe_number not in written
        for key in one.public_key_sha256
    }
    seen: set[EnterpriseNumber] = set()
    managed = _managed(document, held)
    for n, one in enumerate(document.organizations):
        if one.cbe_number in seen:
            yield Problem(f"organizations[{n}].cbe_number", "stands in the file twice")
        # One key for two organizations would make one of them able to ask as the other.
        if not keys.isdisjoint(one.public_key_sha256):
            where = f"organizations[{n}].public_key_sha256"
            yield Problem(where, "is the key of another organization")
        for m, number in enumerate(one.manages):
            if number not in known or number == one.cbe_number:
                where = f"organizations[{n}].manages[{m}]"
                yield Problem(where, "is not another organization of the network")
        for field, what in _admission_problems(one, behind=one.cbe_number in managed):
            yield Problem(f"organizations[{n}].{field}", what)
        seen.add(one.cbe_number)
        keys.update(one.public_key_sha256)
    # Who looks at how programs are used is not one of them.
    for n, one in enumerate(document.organizations):
        if not keys.isdisjoint(one.officer_key_sha256):
            yield Problem(f"organizations[{n}].officer_key_sha256", "is the key of a program")


def _admission_problems(one: _Organization, *, behind: bool) -> Iterator[tuple[str, str]]:
    if one.network is not None and (one.network == Network.SECONDARY.name) != behind:
        yield "network", "must be SECONDARY exactly behind a managing institution"
    if one.network == Network.INTEGRATOR.name and one.sector_institution is not None:
        yield "network", "is outside the network: without a place"
    if len({_order(told.expectation()) for told in one.expects}) < len(one.expects):
        yield "expects", "says the same twice"


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
