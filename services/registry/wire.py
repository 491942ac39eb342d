"""Between messages and model: changes, acts, and what is in force."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from cbss.registry.v1 import archive_pb2, change_pb2, reference_pb2
from cbss.registry.v1 import registry_service_pb2 as pb

from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import invalid
from services.concepts.reference import Reference
from services.kit.caller import Caller
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens, page_size
from services.registry.model import (
    Act,
    Actor,
    Change,
    Head,
    KeyChange,
    KeyStep,
    Listing,
    PutOrganization,
    RegisterContract,
    RetireContract,
    SetVolumes,
    WithdrawOrganization,
)
from services.registry.rules.changes import about
from services.wire import registry, values
from services.wire.data_contracts import decode_contract, encode_contract

MOST_CHANGES = 1_000
MOST_OWN_CHANGES = 16
MOST_CONFIRMED = 100
DEFAULT_PAGE, LARGEST_PAGE = 20, 100
LAST = 1 << 62
FORWARDING = "directory"
"""Takes registrations of data contracts for operators, and hands them on."""
LONGEST_NAME = 64
_KEYS = {
    "admitted_key": KeyStep.ADMIT,
    "withdrawn_key": KeyStep.WITHDRAW,
    "named_officer": KeyStep.NAME_OFFICER,
    "dismissed_officer": KeyStep.DISMISS_OFFICER,
}
_FIELDS = {step: field for field, step in _KEYS.items()}


def decode_changes(told: Sequence[change_pb2.Change], *, most: int) -> tuple[Change, ...]:
    """The changes that are asked for, in order."""
    if not 1 <= len(told) <= most:
        raise invalid("changes", f"must be 1 to {most}")
    return tuple(_change(one, f"changes[{n}]") for n, one in enumerate(told))


def _change(told: change_pb2.Change, path: str) -> Change:
    what = told.WhichOneof("what")
    where = f"{path}.{what}"
    match what:
        case "organization":
            return PutOrganization(registry.decode_organization(told.organization, where))
        case "withdrawn_organization":
            return WithdrawOrganization(registry.decode_number(told.withdrawn_organization, where))
        case "volumes":
            expected = told.volumes.expected_volumes
            return SetVolumes(
                registry.decode_number(told.volumes.cbe_number, f"{where}.cbe_number"),
                registry.decode_volumes(expected, f"{where}.expected_volumes"),
            )
        case "data_contract":
            return RegisterContract(decode_contract(told.data_contract, where))
        case "retired_contract":
            fields = f"{where}.code", f"{where}.version"
            named = told.retired_contract
            return RetireContract(parse_contract_name(named.code, named.version, fields=fields))
        case None:
            raise invalid(path, "must change something")
    key = getattr(told, what)
    return KeyChange(
        _KEYS[what],
        registry.decode_number(key.cbe_number, f"{where}.cbe_number"),
        registry.decode_key(key.public_key_sha256, f"{where}.public_key_sha256"),
    )


def encode_change(of: Change, *, with_descriptors: bool = True) -> change_pb2.Change:
    """A change as a message."""
    match of:
        case PutOrganization(organization):
            return change_pb2.Change(organization=registry.encode_organization(organization))
        case WithdrawOrganization(number):
            return change_pb2.Change(withdrawn_organization=number.digits)
        case SetVolumes(number, expectations):
            volumes = registry.encode_volumes(expectations)
            told = change_pb2.VolumesOf(cbe_number=number.digits, expected_volumes=volumes)
            return change_pb2.Change(volumes=told)
        case RegisterContract(contract):
            described = encode_contract(contract)
            if not with_descriptors:
                described.ClearField("descriptor_set")
            return change_pb2.Change(data_contract=described)
        case RetireContract(name):
            named = change_pb2.ContractVersion(code=name.code, version=name.version)
            return change_pb2.Change(retired_contract=named)
        case KeyChange(step, number, key):
            key_of = change_pb2.KeyOf(cbe_number=number.digits, public_key_sha256=key)
            told_of = change_pb2.Change()
            getattr(told_of, _FIELDS[step]).CopyFrom(key_of)
            return told_of


def encode_act(of: Act) -> change_pb2.Act:
    """An act as a message, without the descriptors of data contracts."""
    return change_pb2.Act(
        act_id=str(of.act_id),
        sequence=of.sequence,
        changes=[encode_change(one, with_descriptors=False) for one in of.changes],
        state=f"ACT_STATE_{of.state.name}",
        prepared_by=of.prepared_by,
        prepared_at=values.encode_instant(of.prepared_at),
        decided_by=of.decided_by,
        decided_at=None if of.decided_at is None else values.encode_instant(of.decided_at),
        recorded=of.recorded,
        version=of.version,
        failure=of.failure,
        content_sha256=of.content_sha256,
    )


def encode_archive(
    head: Head, acts: Sequence[Act], differing: Sequence[str], at: datetime
) -> bytes:
    """All that is kept, as the file of an archive."""
    told = archive_pb2.Archive(
        snapshot=reference_pb2.Snapshot.FromString(head.content),
        acts=map(encode_act, acts),
        differing=differing,
        made_at=values.encode_instant(at),
    )
    content: bytes = told.SerializeToString(deterministic=True)
    return content


def decode_id(text: str, path: str = "act_id") -> UUID:
    """The identification of an act."""
    try:
        found = UUID(text)
    except ValueError:
        raise invalid(path, "must be a UUID in canonical text") from None
    if str(found) != text:
        raise invalid(path, "must be a UUID in canonical text")
    return found


def decode_ids(told: Sequence[str]) -> list[UUID]:
    """The identifications of some acts."""
    if not 1 <= len(told) <= MOST_CONFIRMED:
        raise invalid("act_ids", f"must be 1 to {MOST_CONFIRMED}")
    return [decode_id(one, f"act_ids[{n}]") for n, one in enumerate(told)]


def decode_actor(caller: Caller, forwarded: str = "") -> Actor:
    """Who acts: a person by the own certificate, or for whom the directory forwards a contract."""
    if caller.workload != FORWARDING:
        return Actor(caller.operator)
    return Actor(values.decode_text(forwarded, "operator", LONGEST_NAME), is_forwarded=True)


def decode_listing(tokens: PageTokens, request: pb.ListActsRequest, caller: Caller) -> Listing:
    """Which page of acts is asked."""
    before = LAST
    if request.page_token:
        match tokens.position(
            request.page_token, caller=caller.operator, query=_query(request.waiting_only)
        ):
            case [int(sequence)]:
                before = sequence
            case _:
                raise PageTokenInvalid
    most = page_size(request.page_size, default=DEFAULT_PAGE, most=LARGEST_PAGE)
    return Listing(request.waiting_only, before, most)


def encode_listing(
    tokens: PageTokens, listing: Listing, caller: Caller, found: Sequence[Act]
) -> pb.ListActsResponse:
    """A page of acts."""
    goes_on = len(found) == listing.most
    return pb.ListActsResponse(
        acts=map(encode_act, found),
        next_page_token=tokens.token(
            [found[-1].sequence], caller=caller.operator, query=_query(listing.waiting_only)
        )
        if goes_on
        else "",
    )


def _query(waiting_only: bool) -> bytes:
    return b"acts waiting" if waiting_only else b"acts"


class Travelling:
    """Reference data and changes as they travel and rest; remembers what it read last."""

    def __init__(self) -> None:
        self._last = Reference(0, b"")

    def read(self, head: Head) -> Reference:
        """What is in force."""
        if head.version == 0:
            return Reference(0, b"")
        if head.digest != self._last.digest:
            self._last = registry.decode_reference(head.digest, head.content)
        return self._last

    def write(self, reference: Reference) -> Head:
        """What is in force from now on."""
        content = registry.encode_reference(reference)
        return Head(reference.version, sha256(content).digest(), content)

    def read_changes(self, content: bytes) -> tuple[Change, ...]:
        """The changes of an act."""
        held = change_pb2.Act.FromString(content)
        return decode_changes(held.changes, most=MOST_CHANGES)

    def write_changes(self, changes: Sequence[Change]) -> bytes:
        """The changes of an act as they rest."""
        held = change_pb2.Act(changes=map(encode_change, changes))
        content: bytes = held.SerializeToString(deterministic=True)
        return content

    def about(self, changes: Sequence[Change]) -> Collection[EnterpriseNumber]:
        """The organizations that changes are about."""
        return about(changes)
