"""What changes make of the reference data, and how many persons it takes to decide them.

To open takes two, to stop takes one: what admits or widens is prepared by one person and decided
by another, what withdraws takes effect at once. A data contract opens nothing by itself: that takes
a deliberation, and so two again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import FieldViolation
from services.concepts.reference import DataContract, Expectation, Organization, Reference
from services.registry.errors import ChangeNotOwn, ChangeRefused
from services.registry.model import (
    Change,
    KeyChange,
    KeyStep,
    PutOrganization,
    RegisterContract,
    RetireContract,
    SetVolumes,
    WithdrawOrganization,
)
from services.registry.rules import contracts, organizations

MOST_KEYS = 16


class Need(Enum):
    """What an act needs before it takes effect."""

    NOTHING = 0
    """It withdraws: it takes effect at once, and is recorded after."""
    RECORD = 1
    """It opens nothing by itself: it takes effect once the trail has it."""
    SECOND_PERSON = 2
    """It admits or widens."""


def need(changes: Iterable[Change], reference: Reference) -> Need:
    """What an act with these changes needs: as much as the one that needs most."""
    return max((_need(change, reference) for change in changes), key=lambda one: one.value)


def _need(change: Change, reference: Reference) -> Need:
    match change:
        case WithdrawOrganization() | RetireContract():
            return Need.NOTHING
        case KeyChange(step=KeyStep.WITHDRAW | KeyStep.DISMISS_OFFICER):
            return Need.NOTHING
        case RegisterContract():
            return Need.RECORD
        case SetVolumes():
            return Need.SECOND_PERSON if _grows(change, reference) else Need.NOTHING
    return Need.SECOND_PERSON


def _grows(change: SetVolumes, reference: Reference) -> bool:
    known = reference.organizations.get(change.number)
    before = {
        (one.legal_context, one.contract): one.hourly
        for one in (known.onboarding.expectations if known else ())
    }
    return any(
        one.hourly > before.get((one.legal_context, one.contract), 0) for one in change.expectations
    )


def about(changes: Iterable[Change]) -> frozenset[EnterpriseNumber]:
    """The organizations that changes are about."""
    found = set()
    for change in changes:
        match change:
            case PutOrganization(organization):
                found.add(organization.cbe_number)
            case WithdrawOrganization(number) | KeyChange(number=number) | SetVolumes(number):
                found.add(number)
    return frozenset(found)


def check_own(changes: Iterable[Change], own: EnterpriseNumber) -> None:
    """Refuse what an organization may not prepare for itself."""
    for change in changes:
        if not isinstance(change, KeyChange | SetVolumes) or change.number != own:
            raise ChangeNotOwn


def check_forwarded(changes: Iterable[Change]) -> None:
    """Refuse what another service does not prepare for people: all but data contracts."""
    if not all(isinstance(change, RegisterContract) for change in changes):
        raise ChangeNotOwn


def apply_change(
    changes: Sequence[Change], reference: Reference, lists: contracts.Lists
) -> Reference:
    """What the changes make of the reference data, all of them or ChangeRefused."""
    made = _Made.by(changes, reference, lists)
    found = [*made.problems, *organizations.problems(made.touched, made.organizations)]
    if found:
        raise ChangeRefused(violations=found)
    return made.after(reference)


def replay_change(
    changes: Sequence[Change], reference: Reference, lists: contracts.Lists
) -> Reference:
    """What changes made that took effect: whether they could is not asked again."""
    return _Made.by(changes, reference, lists).after(reference)


class _Made:
    """Reference data on which changes are made, and what is wrong with them."""

    def __init__(self, reference: Reference, lists: contracts.Lists) -> None:
        self.organizations: dict[EnterpriseNumber, Organization] = {**reference.organizations}
        self.contracts: dict[ContractName, DataContract] = {**reference.contracts}
        self.touched: dict[EnterpriseNumber, str] = {}
        self.problems: list[FieldViolation] = []
        self._lists = lists

    @classmethod
    def by(cls, changes: Sequence[Change], reference: Reference, lists: contracts.Lists) -> "_Made":
        """What all the changes make, one after the other."""
        made = cls(reference, lists)
        for n, change in enumerate(changes):
            made.apply(change, f"changes[{n}]")
        return made

    def after(self, reference: Reference) -> Reference:
        """The version that comes after this one."""
        return Reference(reference.version + 1, b"", self.organizations, self.contracts)

    def apply(self, change: Change, path: str) -> None:
        match change:
            case PutOrganization(organization):
                self.organizations[organization.cbe_number] = organization
                self.touched[organization.cbe_number] = f"{path}.organization"
            case WithdrawOrganization(number):
                self._withdraw(number, path)
            case KeyChange(step, number, key):
                self._change(number, path, lambda one: _KEYS[step](one, key))
            case SetVolumes(number, expectations):
                self._change(number, path, lambda one: _expecting(one, expectations))
            case RegisterContract(contract):
                self._register(contract, f"{path}.data_contract")
            case RetireContract(name):
                self._retire(name, path)

    def _withdraw(self, number: EnterpriseNumber, path: str) -> None:
        if number not in self.organizations:
            self._refuse(path, "names no organization of the network")
            return
        gone = self.organizations.pop(number)
        # Who managed it does so no more; whom it managed is linked as its place says.
        for other in [one for one in self.organizations.values() if number in one.manages]:
            staying = tuple(one for one in other.manages if one != number)
            self.organizations[other.cbe_number] = replace(other, manages=staying)
        for managed in gone.manages:
            if managed in self.organizations:
                self.organizations[managed] = organizations.alone(self.organizations[managed])

    def _change(
        self, number: EnterpriseNumber, path: str, make: Callable[[Organization], Organization]
    ) -> None:
        known = self.organizations.get(number)
        if known is None:
            self._refuse(path, "names no organization of the network")
            return
        made = make(known)
        if max(len(made.public_key_sha256), len(made.officer_key_sha256)) > MOST_KEYS:
            self._refuse(path, f"leaves more than {MOST_KEYS} keys")
        self.organizations[number] = made
        self.touched[number] = path

    def _register(self, contract: DataContract, path: str) -> None:
        known = self.contracts.get(contract.name)
        if known is not None and known != contract:
            self._refuse(path, "is registered in this version already, with other content")
        earlier = [
            name
            for name in self.contracts
            if name.code == contract.name.code and name.version < contract.name.version
        ]
        before = self.contracts[max(earlier)] if earlier else None
        for one in contracts.problems(contract, before, self._lists):
            self._refuse(f"{path}.{one.field}", one.description)
        self.contracts[contract.name] = contract

    def _retire(self, name: ContractName, path: str) -> None:
        known = self.contracts.get(name)
        if known is None:
            self._refuse(path, "names no data contract")
            return
        self.contracts[name] = replace(known, is_retired=True)

    def _refuse(self, field: str, description: str) -> None:
        self.problems.append(FieldViolation(field, description))


def _expecting(one: Organization, expectations: tuple[Expectation, ...]) -> Organization:
    return replace(one, onboarding=replace(one.onboarding, expectations=expectations))


def _with(keys: Iterable[str], key: str) -> tuple[str, ...]:
    return tuple(sorted({*keys, key}))


def _without(keys: Iterable[str], key: str) -> tuple[str, ...]:
    return tuple(one for one in keys if one != key)


_KEYS: Mapping[KeyStep, Callable[[Organization, str], Organization]] = {
    KeyStep.ADMIT: lambda one, key: replace(
        one, public_key_sha256=_with(one.public_key_sha256, key)
    ),
    KeyStep.WITHDRAW: lambda one, key: replace(
        one, public_key_sha256=_without(one.public_key_sha256, key)
    ),
    KeyStep.NAME_OFFICER: lambda one, key: replace(
        one, officer_key_sha256=_with(one.officer_key_sha256, key)
    ),
    KeyStep.DISMISS_OFFICER: lambda one, key: replace(
        one, officer_key_sha256=_without(one.officer_key_sha256, key)
    ),
}
