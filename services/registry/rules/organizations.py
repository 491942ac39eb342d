"""Whether the organizations of a network hold together.

One key for two organizations would make one of them able to ask as the other; who looks after how
programs are used is not one of them. Source: the onboarding record of the bank ("unique file"), the
circles of trust (slide 38).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import FieldViolation
from services.concepts.reference import Network, Organization

Organizations = Mapping[EnterpriseNumber, Organization]


def problems(
    changed: Mapping[EnterpriseNumber, str], organizations: Organizations
) -> Iterator[FieldViolation]:
    """What is wrong with organizations that were changed, each with where the change stands."""
    programs = _holders(organizations, "public_key_sha256")
    officers = _holders(organizations, "officer_key_sha256")
    managed = {other for one in organizations.values() for other in one.manages}
    for number, path in changed.items():
        one = organizations.get(number)
        if one is None:
            continue
        for key in one.public_key_sha256:
            if programs[key] != {number}:
                yield FieldViolation(f"{path}.public_key_sha256", "is the key of another")
            if key in officers:
                yield FieldViolation(f"{path}.public_key_sha256", "is the key of an officer")
        if any(key in programs for key in one.officer_key_sha256):
            yield FieldViolation(f"{path}.officer_key_sha256", "is the key of a program")
        if any(other not in organizations or other == number for other in one.manages):
            what = "must be other organizations of the network"
            yield FieldViolation(f"{path}.managed_cbe_numbers", what)
        yield from _of_network(one, path, is_behind=number in managed)
        expected = one.onboarding.expectations
        if len({(told.legal_context, told.contract) for told in expected}) < len(expected):
            yield FieldViolation(f"{path}.expected_volumes", "says the same twice")


def alone(one: Organization) -> Organization:
    """An organization that nobody manages any more, linked as its place says."""
    network = Network.EXTENSION if one.place is None else Network.PRIMARY
    return replace(one, network=network) if one.network is Network.SECONDARY else one


def _of_network(one: Organization, path: str, *, is_behind: bool) -> Iterator[FieldViolation]:
    if (one.network is Network.SECONDARY) != is_behind:
        what = "must be SECONDARY exactly behind a managing institution"
        yield FieldViolation(f"{path}.network", what)
    if one.network is Network.INTEGRATOR and one.place is not None:
        yield FieldViolation(f"{path}.network", "is outside the network: without a place")


def _holders(organizations: Organizations, keys: str) -> Mapping[str, Collection[EnterpriseNumber]]:
    found: dict[str, set[EnterpriseNumber]] = {}
    for number, one in organizations.items():
        for key in getattr(one, keys):
            found.setdefault(key, set()).add(number)
    return found
