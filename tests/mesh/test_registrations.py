"""An institution registers whom it knows, on the running mesh: through the edge, with its trail."""

from uuid import uuid4

import grpc
import pytest
from cbss.common.v1 import information_pb2, organization_pb2, period_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import directory_service_pb2_grpc as rpc
from cbss.directory.v1 import registration_pb2, subscription_pb2
from google.type import date_pb2

from sandbox.organizations import organizations
from tests.mesh.asking import DISABLED, NOBODY, outcome, reason
from tests.support.waiting import until

REGISTRATION = "PCSW:REGISTRATION"


def request(kind, ssin=DISABLED, who="pcsw-ghent", context=REGISTRATION, **fields):
    """A request about a person, by a welfare centre on its sector's register."""
    customer = organization_pb2.Organization(cbe_number=organizations()[who].cbe_number)
    common = {
        "information_customer": information_pb2.InformationCustomer(
            ticket=str(uuid4()), customer_identification=customer
        ),
        "legal_context": context,
        "ssin": ssin,
        "register": registration_pb2.REGISTER_SECONDARY,
    }
    return kind(**common | fields)


def years(begin, end):
    """From the first day of a year to the last of another."""
    return period_pb2.Period(
        begin_date=date_pb2.Date(year=begin, month=1, day=1),
        end_date=date_pb2.Date(year=end, month=12, day=31),
    )


async def call(mesh, method, asked, who="pcsw-ghent"):
    async with mesh.institution(who).channel() as channel:
        return await getattr(rpc.DirectoryServiceStub(channel), method)(asked, timeout=5)


async def test_a_centre_lists_its_registrations_and_the_trail_has_it(mesh, trail):
    answer = await call(mesh, "ListRegistrations", request(pb.ListRegistrationsRequest))

    assert outcome(answer) == "DATA_FOUND MSG00000"
    centre = organizations()["pcsw-ghent"].cbe_number
    assert {one.cbe_number for one in answer.registrations} == {centre}
    assert await trail.stages(answer.information_cbss.ticket_cbss) == ["OUTCOME"]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"context": "PCSW:NOTHING"}, "NO_RESULT MSG00013"),
        ({"ssin": NOBODY}, "NO_RESULT MSG00005"),
        ({"ssin": "95661501156"}, "NO_RESULT MSG00006"),
        ({"sector": 16}, "NO_RESULT CBSS10003"),
        ({"register": registration_pb2.REGISTER_PRIMARY}, "NO_DATA_FOUND MSG00100"),
    ],
)
async def test_a_list_that_is_not_open_ends_with_a_status(mesh, changed, expected):
    answer = await call(mesh, "ListRegistrations", request(pb.ListRegistrationsRequest, **changed))

    assert outcome(answer) == expected


async def test_a_registration_that_does_not_exist_cannot_be_ended_and_the_try_is_an_act(
    mesh, trail
):
    asked = request(pb.UnregisterPersonRequest, quality_code="003", period=years(1999, 1999))

    answer = await call(mesh, "UnregisterPerson", asked)

    assert outcome(answer) == "NO_RESULT CBSS10004"
    assert await trail.stages(answer.information_cbss.ticket_cbss) == ["ACT"]


BORN = date_pb2.Date(year=1971, month=11, day=30)
NAME = registration_pb2.IdentityProof(last_name="Dubois", birth_date=BORN)
PROVEN = ["INTENT", "OUTCOME", "ACT"]
"""The National Register was about to be asked, has answered, and this came of it."""
SAM = "95661501255"
"""Whom the National Register knows and no register of the bank."""
SAMS = registration_pb2.IdentityProof(
    last_name="Vermeulen", birth_date=date_pb2.Date(year=1995, month=6, day=15)
)
CARD = registration_pb2.IdentityProof(card_number="591999990179")


async def register(mesh, quality, proof, ssin=DISABLED, period=None):
    asked = request(
        pb.RegisterPersonRequest,
        ssin,
        quality_code=quality,
        period=period or years(2026, 2026),
        proof=proof,
    )
    return await call(mesh, "RegisterPerson", asked)


@pytest.mark.parametrize(("quality", "proof"), [("003", NAME), ("004", CARD)])
async def test_a_centre_registers_a_person_on_proof_and_ends_it(mesh, trail, quality, proof):
    registered = await register(mesh, quality, proof)
    again = await register(mesh, quality, proof, period=years(2025, 2026))
    ending = request(pb.UnregisterPersonRequest, quality_code=quality, period=years(2025, 2025))
    ended = await call(mesh, "UnregisterPerson", ending)
    listed = await call(mesh, "ListRegistrations", request(pb.ListRegistrationsRequest, as_of=BORN))

    assert {outcome(one) for one in (registered, again, ended)} == {"DATA_FOUND MSG00000"}
    assert [one.period for one in registered.registrations] == [years(2026, 2026)]
    assert list(again.overlapping) == list(registered.registrations)
    assert [one.period for one in again.registrations] == [years(2025, 2026)]
    assert [one.period for one in ended.registrations] == [years(2025, 2025)]
    assert outcome(listed) == "NO_DATA_FOUND MSG00100"
    for one in (registered, again):
        assert await trail.stages(one.information_cbss.ticket_cbss) == PROVEN
    assert await trail.stages(ended.information_cbss.ticket_cbss) == ["ACT"]


@pytest.mark.parametrize(
    ("ssin", "proof", "expected", "stages"),
    [
        (
            DISABLED,
            registration_pb2.IdentityProof(last_name="Dupont", birth_date=BORN),
            "NO_RESULT CBSS10001",
            PROVEN,
        ),
        (SAM, NAME, "NO_RESULT CBSS10001", PROVEN),
        (
            DISABLED,
            registration_pb2.IdentityProof(first_name="Marc"),
            "NO_RESULT MSG00008",
            ["ACT"],
        ),
    ],
    ids=["another name", "another's name", "no proof"],
)
async def test_without_proof_nobody_is_registered_and_the_try_is_an_act(
    mesh, trail, ssin, proof, expected, stages
):
    answer = await register(mesh, "006", proof, ssin)

    assert outcome(answer) == expected
    assert await trail.stages(answer.information_cbss.ticket_cbss) == stages
    listed = await call(mesh, "ListRegistrations", request(pb.ListRegistrationsRequest, ssin))
    assert "006" not in {one.quality_code for one in listed.registrations}


async def test_who_is_known_to_the_national_register_alone_is_registered_while_it_answers(
    mesh, trail
):
    asked = request(
        *(pb.RegisterPersonRequest, SAM), quality_code="006", period=years(2026, 2026), proof=SAMS
    )
    await mesh.stop("rrn")
    try:
        unsure = await call(mesh, "RegisterPerson", asked)
        ours = await register(mesh, "006", NAME)
    finally:
        await mesh.start("rrn")

    async def registered():
        # The same ticket: that a proof could not be checked is no final answer.
        return outcome(await call(mesh, "RegisterPerson", asked)) == "DATA_FOUND MSG00000"

    await until(registered)

    assert {outcome(unsure), outcome(ours)} == {"NO_RESULT CBSS10002"}
    assert await trail.stages(unsure.information_cbss.ticket_cbss) == PROVEN
    listed = await call(mesh, "ListRegistrations", request(pb.ListRegistrationsRequest, SAM))
    assert "006" in {one.quality_code for one in listed.registrations}
    ending = request(
        *(pb.UnregisterPersonRequest, SAM), quality_code="006", period=years(2026, 2026)
    )
    await call(mesh, "UnregisterPerson", ending)


async def test_a_centre_subscribes_and_an_operator_sees_that_it_would_be_told(mesh, trail):
    centre = organization_pb2.Organization(cbe_number=organizations()["pcsw-ghent"].cbe_number)
    wish = subscription_pb2.SubscriptionWish(
        data_contract="FAMILY_COMPOSITION",
        quality_codes=["002"],
        fields=["members"],
        mode=subscription_pb2.DELIVERY_MODE_QUEUE,
        period=years(2026, 2099),
    )
    common = {
        "information_customer": information_pb2.InformationCustomer(
            ticket=str(uuid4()), customer_identification=centre
        ),
        "legal_context": "PCSW:HOUSEHOLD_CHANGES",
    }
    event = subscription_pb2.PersonEvent(ssin=DISABLED, data_contract="FAMILY_COMPOSITION")
    preview = pb.PreviewSubscribersRequest(event=event, reason="a story")

    answer = await call(mesh, "Subscribe", pb.SubscribeRequest(**common, wish=wish))
    async with mesh.workload("operator", "directory").channel() as channel:
        operator = rpc.DirectoryServiceStub(channel)
        told = await operator.PreviewSubscribers(preview, timeout=5)
        ending = {"subscription_id": answer.subscription.subscription_id}
        ending["last_day"] = date_pb2.Date(year=2026, month=1, day=1)
        await call(mesh, "Unsubscribe", pb.UnsubscribeRequest(**common, **ending))
        nobody = await operator.PreviewSubscribers(preview, timeout=5)

    assert outcome(answer) == "DATA_FOUND MSG00000"
    assert [one.granted_fields for one in told.subscribers] == [["members"]]
    assert list(nobody.subscribers) == []
    assert await trail.stages(answer.ticket_cbss) == ["ACT"]
    assert await trail.stages(told.ticket_cbss) == ["OUTCOME"]


async def test_nobody_acts_for_an_organization_that_it_does_not_manage(mesh):
    asked = request(pb.ListRegistrationsRequest, who="pcsw-liege")

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(mesh, "ListRegistrations", asked)

    assert reason(refused.value) == "CUSTOMER_NOT_THE_CALLER"


async def test_a_repeat_under_its_ticket_changes_nothing_even_after_another_change(mesh, trail):
    asked = request(
        pb.RegisterPersonRequest, quality_code="003", period=years(2021, 2023), proof=NAME
    )
    first = await call(mesh, "RegisterPerson", asked)
    ending = request(pb.UnregisterPersonRequest, quality_code="003", period=years(2021, 2021))
    ended = await call(mesh, "UnregisterPerson", ending)
    place = await trail.last()
    again = await call(mesh, "RegisterPerson", asked)
    asked.phase = 5
    with pytest.raises(grpc.aio.AioRpcError) as reused:
        await call(mesh, "RegisterPerson", asked)
    late = request(pb.ListRegistrationsRequest, as_of=date_pb2.Date(year=2022, month=6, day=1))
    listed = await call(mesh, "ListRegistrations", late)

    assert [outcome(one) for one in (first, ended)] == ["DATA_FOUND MSG00000"] * 2
    assert again == first
    assert await trail.last() > place
    assert reason(reused.value) == "TICKET_REUSED"
    assert "003" not in {one.quality_code for one in listed.registrations}


async def test_a_subscription_asked_twice_under_one_ticket_is_one(mesh):
    wish = subscription_pb2.SubscriptionWish(
        data_contract="FAMILY_COMPOSITION",
        quality_codes=["002"],
        mode=subscription_pb2.DELIVERY_MODE_STREAM,
        period=years(2032, 2032),
    )
    customer = request(pb.ListRegistrationsRequest).information_customer
    asked = pb.SubscribeRequest(
        information_customer=customer, legal_context="PCSW:HOUSEHOLD_CHANGES", wish=wish
    )
    first, again = [await call(mesh, "Subscribe", asked) for _ in range(2)]
    asked.wish.quality_codes[:] = ["005"]
    with pytest.raises(grpc.aio.AioRpcError) as reused:
        await call(mesh, "Subscribe", asked)

    assert first.subscription.subscription_id
    assert again == first
    assert reused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert reason(reused.value) == "TICKET_REUSED"
