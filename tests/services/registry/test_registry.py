"""Acts from their preparation until they are in force, on both stores."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.admission.errors import OrganizationUnknown
from services.concepts.data_contract import ContractName
from services.concepts.party import Certificate
from services.concepts.reference import Expectation
from services.registry.errors import (
    ActDecided,
    ActUnknown,
    ChangeNotOwn,
    ChangeRefused,
    OfficesMixed,
    OperatorNameless,
    RegistryEmpty,
    RequestReused,
    SecondPersonNeeded,
)
from services.registry.model import (
    Actor,
    KeyChange,
    KeyStep,
    Listing,
    PutOrganization,
    RegisterContract,
    RetireContract,
    SetVolumes,
    State,
    WithdrawOrganization,
)
from tests.services.directory.examples import CENTRE, FEDERAL, FINGERPRINT, organization
from tests.services.registry.conftest import BANK, COMMITTEE
from tests.services.registry.rules.test_contracts import RESULT, trial

SECOND = "5c" * 32
GHENT = PutOrganization(organization(public_key_sha256=(FINGERPRINT,)))
VOLUMES = (Expectation("A:PURPOSE", ContractName("TRIAL", 1), 100),)
CERTIFICATE = Certificate(CENTRE, FINGERPRINT, "")


def key(step, value=SECOND, number=CENTRE):
    return KeyChange(step, number, value)


async def keys(network):
    return (await network.reference()).organizations[CENTRE].public_key_sha256


async def test_nothing_is_told_before_there_is_anything(network):
    with pytest.raises(RegistryEmpty):
        await network.registry.snapshot(b"")


async def test_an_organization_is_admitted_by_two_and_once_the_trail_has_it(network):
    act = await network.prepare(GHENT)
    assert act.state is State.PREPARED
    assert await network.registry.unrecorded() == []

    decided = await network.approve(act)
    assert (decided.state, decided.decided_by) == (State.APPROVED, COMMITTEE.name)
    with pytest.raises(RegistryEmpty):
        await network.registry.snapshot(b"")

    await network.record()
    reference = await network.reference()
    assert (reference.version, set(reference.organizations)) == (1, {CENTRE})
    assert await network.registry.unrecorded() == []


async def test_a_snapshot_travels_only_to_who_does_not_have_it(network):
    await network.admit(GHENT)
    head = await network.registry.snapshot(b"")

    again = await network.registry.snapshot(head.digest)

    assert head.content
    assert (again.digest, again.content) == (head.digest, b"")


WIDENING = [
    key(KeyStep.ADMIT),
    key(KeyStep.NAME_OFFICER),
    SetVolumes(CENTRE, VOLUMES),
    PutOrganization(organization(FEDERAL)),
]


@pytest.mark.parametrize("change", WIDENING, ids=lambda one: type(one).__name__)
async def test_what_widens_waits_for_a_second_person(network, change):
    await network.admit(GHENT)
    before = await network.reference()

    act = await network.prepare(change)
    await network.record()

    assert act.state is State.PREPARED
    assert await network.reference() == before


NARROWING = [
    key(KeyStep.WITHDRAW, FINGERPRINT),
    key(KeyStep.DISMISS_OFFICER),
    SetVolumes(CENTRE, ()),
    WithdrawOrganization(CENTRE),
]


@pytest.mark.parametrize("change", NARROWING, ids=lambda one: type(one).__name__)
async def test_what_withdraws_is_in_force_at_once_and_recorded_after(network, change):
    await network.admit(GHENT)

    act = await network.prepare(change)

    assert (act.state, act.version, act.recorded) == (State.IN_FORCE, 2, False)
    assert (await network.reference()).version == 2
    (recorded,) = await network.record()
    assert recorded.act_id == act.act_id
    assert (await network.reference()).version == 2


async def test_two_keys_overlap_while_one_replaces_the_other(network):
    await network.admit(GHENT)
    await network.admit(key(KeyStep.ADMIT))
    assert await keys(network) == tuple(sorted((FINGERPRINT, SECOND)))

    await network.prepare(key(KeyStep.WITHDRAW, FINGERPRINT))

    assert await keys(network) == (SECOND,)


async def test_a_contract_takes_one_person_and_the_trail(network):
    await network.admit(GHENT)

    act = await network.prepare(RegisterContract(trial()))
    assert act.state is State.APPROVED
    assert (await network.reference()).contracts == {}
    await network.record()

    assert set((await network.reference()).contracts) == {trial().name}
    await network.prepare(RetireContract(trial().name))
    assert (await network.reference()).contracts[trial().name].is_retired


async def test_a_version_keeps_what_the_version_before_it_had(network):
    await network.admit(GHENT)
    await network.prepare(RegisterContract(trial()))
    await network.record()
    second = trial(result=RESULT[:1], name=ContractName("TRIAL", 2))

    with pytest.raises(ChangeRefused) as refused:
        await network.prepare(RegisterContract(second))
    with pytest.raises(ChangeRefused):
        await network.prepare(RegisterContract(trial(title="Another")))

    fields = {one.field for one in refused.value.violations}
    assert fields == {
        "changes[0].data_contract.result.kind",
        "changes[0].data_contract.result.inner",
    }


async def test_who_prepared_does_not_decide_and_nobody_has_both_offices(network):
    act = await network.prepare(GHENT)

    with pytest.raises(SecondPersonNeeded):
        await network.registry.decide(act.act_id, BANK, approved=True)
    await network.approve(act)

    with pytest.raises(OfficesMixed):
        await network.prepare(PutOrganization(organization(FEDERAL)), by=COMMITTEE)
    other = await network.prepare(PutOrganization(organization(FEDERAL)), by=Actor("other"))
    with pytest.raises(OfficesMixed):
        await network.registry.decide(other.act_id, BANK, approved=True)


async def test_what_is_refused_is_recorded_and_decided_once(network):
    act = await network.prepare(GHENT)
    refused = await network.registry.decide(act.act_id, COMMITTEE, approved=False)

    assert refused.state is State.REFUSED
    with pytest.raises(ActDecided):
        await network.approve(act)
    assert [one.act_id for one in await network.record()] == [act.act_id]
    with pytest.raises(RegistryEmpty):
        await network.registry.snapshot(b"")


async def test_the_same_request_gives_the_same_act_and_another_is_refused(network):
    wanted = UUID(int=77)
    first = await network.registry.prepare(wanted, [GHENT], BANK)

    assert await network.registry.prepare(wanted, [GHENT], BANK) == first
    with pytest.raises(RequestReused):
        await network.registry.prepare(wanted, [WithdrawOrganization(CENTRE)], BANK)


async def test_what_has_become_impossible_meanwhile_fails_by_itself(network):
    await network.admit(GHENT)
    late = await network.prepare(key(KeyStep.ADMIT))
    await network.approve(late)
    await network.prepare(WithdrawOrganization(CENTRE))

    await network.record()

    acts = await network.registry.list(Listing(waiting_only=False, before=1 << 40, most=10))
    (kept,) = [one for one in acts if one.act_id == late.act_id]
    assert (kept.state, kept.failure, kept.recorded) == (State.FAILED, "CHANGE_REFUSED", True)


async def test_acts_are_listed_the_last_first(network):
    first = await network.prepare(GHENT)
    await network.approve(first)
    second = await network.prepare(PutOrganization(organization(FEDERAL)))

    async def listed(**chosen):
        wanted = Listing(**{"waiting_only": False, "before": 1 << 40, "most": 10} | chosen)
        return [one.act_id for one in await network.registry.list(wanted)]

    assert await listed() == [second.act_id, first.act_id]
    assert await listed(waiting_only=True) == [second.act_id]
    assert await listed(before=second.sequence) == [first.act_id]
    assert await listed(most=1) == [second.act_id]


async def test_an_institution_reads_its_entry_and_prepares_its_own_change(network):
    await network.admit(GHENT)

    act = await network.registry.prepare_own(UUID(int=50), [key(KeyStep.ADMIT)], CERTIFICATE)
    own, waiting = await network.registry.own_entry(CERTIFICATE)

    assert (act.state, act.prepared_by) == (State.PREPARED, CENTRE.digits)
    assert (own.cbe_number, [one.act_id for one in waiting]) == (CENTRE, [act.act_id])


@pytest.mark.parametrize(
    "change",
    [PutOrganization(organization(FEDERAL)), key(KeyStep.ADMIT, number=FEDERAL), GHENT],
    ids=["another organization", "another's key", "itself as a whole"],
)
async def test_an_institution_changes_nothing_else(network, change):
    await network.admit(GHENT)

    with pytest.raises(ChangeNotOwn):
        await network.registry.prepare_own(UUID(int=50), [change], CERTIFICATE)


async def test_a_stranger_reads_nothing(network):
    await network.admit(GHENT)

    with pytest.raises(OrganizationUnknown):
        await network.registry.own_entry(replace(CERTIFICATE, public_key_sha256=SECOND))


async def test_who_hands_on_for_others_prepares_contracts_only(network):
    await network.admit(GHENT)

    with pytest.raises(ChangeNotOwn):
        await network.prepare(key(KeyStep.ADMIT), by=Actor("bank.person", is_forwarded=True))


async def test_who_has_no_name_and_what_is_not_there_is_refused(network):
    with pytest.raises(OperatorNameless):
        await network.prepare(GHENT, by=Actor(""))
    with pytest.raises(ActUnknown):
        await network.registry.decide(UUID(int=999), COMMITTEE, approved=True)
    with pytest.raises(ActUnknown):
        await network.registry.confirm([UUID(int=999)])
