"""Organizations as they are written: the onboarding records of a network, in YAML."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import ValidationError

from services.concepts.enterprise_number import EnterpriseNumber
from services.directory.load import fields
from services.directory.load.refusal import LoadRefused, Problem, problems_of
from services.directory.model import Endpoint, Holdings, Organization


class _Endpoint(fields.Part):
    address: fields.Text
    server_name: fields.Text
    in_mesh: fields.Flag = False


class _Organization(fields.Part):
    cbe_number: fields.Number
    name: fields.Text
    sector_institution: fields.Place | None = None
    public_key_sha256: tuple[fields.Fingerprint, ...] = ()
    manages: tuple[fields.Number, ...] = ()
    endpoint: _Endpoint | None = None


class _Document(fields.Part):
    organizations: Annotated[tuple[_Organization, ...], fields.SOME]


def read(plain: object, held: Holdings) -> list[Organization]:
    """The organizations of a file; `held` is what the store holds already."""
    try:
        document = _Document.model_validate(plain)
    except ValidationError as invalid:
        raise LoadRefused(problems_of(invalid)) from None
    problems = list(_contradictions(document, held))
    if problems:
        raise LoadRefused(problems)
    return [_organization(one) for one in document.organizations]


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
    for n, one in enumerate(document.organizations):
        if one.cbe_number in seen:
            yield Problem(f"organizations[{n}].cbe_number", "stands in the file twice")
        # One key for two organizations would make one of them able to ask as the other.
        if not keys.isdisjoint(one.public_key_sha256):
            where = f"organizations[{n}].public_key_sha256"
            yield Problem(where, "is the key of another organization")
        for m, managed in enumerate(one.manages):
            if managed not in known or managed == one.cbe_number:
                where = f"organizations[{n}].manages[{m}]"
                yield Problem(where, "is not another organization of the network")
        seen.add(one.cbe_number)
        keys.update(one.public_key_sha256)


def _organization(one: _Organization) -> Organization:
    return Organization(
        one.cbe_number,
        one.name,
        one.sector_institution,
        tuple(sorted(set(one.public_key_sha256))),
        tuple(sorted(set(one.manages))),
        _endpoint(one.endpoint),
    )


def _endpoint(told: _Endpoint | None) -> Endpoint | None:
    return Endpoint(told.address, told.server_name, told.in_mesh) if told is not None else None
