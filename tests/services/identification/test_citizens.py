"""A citizen reads what the registers keep about him, and only about him; the trail has it first."""

from datetime import date, timedelta

import grpc
import pytest
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.identification.v1 import bis_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from cbss.identification.v1 import person_data_pb2 as pb
from google.rpc import error_details_pb2, status_pb2

from sandbox.authority import Authority
from services.concepts.ssin import Ssin
from services.identification.citizens import name_groups, titles
from services.identification.model.persons import Group
from tests.services.identification.doors import (
    CENTRE,
    INSPECTION,
    card,
    forwarded,
    head,
    listening,
    opened,
)
from tests.services.identification.examples import MARC, SAM
from tests.services.identification.test_public import creation, described, home, made
from tests.services.identification.test_registering import HIGH, LOW, day, outcomes

OTHERS = Authority.founded("institutions of the tests")
ADDRESS = data_pb.LEGAL_PERSON_DATA_GROUP_ADDRESS


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as opening:
        yield opening


@pytest.fixture
async def running(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as served:
        yield served


@pytest.fixture
async def gateway(running):
    return rpc.IdentificationServiceStub(await running.channel("gateway"))


@pytest.fixture
async def raw(running, authority):
    return rpc.IdentificationServiceStub(await running.raw(authority.workload("gateway")))


def asked(stub, ssin, **what):
    return stub.ListMyPersonData(pb.ListMyPersonDataRequest(**what), metadata=card(ssin))


async def refusal(call):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    status_pb2.Status.FromString(details).details[0].Unpack(info)
    return info.reason


async def test_a_citizen_reads_his_data_with_their_history_and_who_had_his_number_made(
    gateway, raw
):
    ssin = await made(gateway, described(main_address=home("1", since=day(2010))))
    await outcomes(gateway, ssin, HIGH, main_address=home("2", since=day(2020)))
    await made(gateway, described(last="Somebody"))

    answer = await asked(raw, ssin)

    [number] = answer.numbers
    assert (number.ssin, number.created_by_cbe_number) == (ssin, CENTRE.digits)
    assert number.HasField("created_at")
    assert {one.ssin for one in answer.data} == {ssin}
    addresses = [one.version for one in answer.data if one.version.group == ADDRESS]
    # As it was known first, and as it is known better since.
    assert [one.data.main_address.address.house_number for one in addresses] == ["1", "1", "2"]
    assert [one.HasField("known_until") for one in addresses] == [True, False, False]
    [name] = [one for one in answer.data if one.title.fr == "Nom"]
    assert name.version.data.name.last_name == "Peeters"


async def test_that_an_inspection_had_the_number_made_is_told_once_its_delay_is_over(
    parts, gateway, raw
):
    created = (await gateway.CreateBisPerson(creation(purpose=INSPECTION))).created.ssin

    async def told():
        [number] = (await asked(raw, created)).numbers
        return number.created_by_cbe_number, number.HasField("created_at")

    async def age(days):
        await parts.owner.execute(
            "update creation set created_at = now() - $1::interval", timedelta(days=days)
        )

    assert await told() == ("", False)
    await age(364)
    assert await told() == ("", False)
    await age(366)
    assert await told() == (CENTRE.digits, True)


async def test_what_must_not_be_disclosed_is_told_to_the_person_himself(gateway, raw):
    hidden = home("7", undisclosable=True, since=day(2020))
    ssin = await made(gateway, described(main_address=hidden))

    answer = await asked(raw, ssin)

    [one] = [one.version.data for one in answer.data if one.version.group == ADDRESS]
    assert one.main_address.address.house_number == "7"


async def test_either_number_leads_to_what_is_kept_on_both(parts, gateway, raw):
    old, new = await made(gateway), await made(gateway, described(last="Maes"))
    request = bis_pb2.ReplaceSsinRequest(**head(), ssin=old, replaced_by=new)
    assert (await gateway.ReplaceSsin(request)).status.code == "MSG00000"

    answers = [await asked(raw, ssin) for ssin in (old, new)]

    for answer in answers:
        assert {one.ssin: one.replaced_by for one in answer.numbers} == {old: new, new: ""}
        names = {one.version.data.name.last_name for one in answer.data}
        assert {"Peeters", "Maes"} <= names
    assert [one.person for one in parts.trail.own] == [Ssin(int(old)), Ssin(int(new))]


async def test_of_who_is_only_searched_by_his_name_that_is_told_with_his_cards(parts, raw):
    await parts.owner.execute(
        "insert into person (ssin, state, deceased_on) values ($1, 1, 20250200)", MARC.number
    )
    await parts.owner.execute(
        "insert into identity (ssin, last_name, first_names, last_name_id, first_name_id,"
        " birth_date, sex, register, proof)"
        " values ($1, 'Dupont', '{Marc}', 1, 2, 19710000, 1, 1, 4)",
        MARC.number,
    )
    await parts.owner.execute(
        "insert into card (card_number, ssin, valid_until) values (590000000075, $1, $2),"
        " (590000000176, $3, null)",
        *(MARC.number, date(2030, 1, 2), SAM.number),
    )

    answer = await asked(raw, MARC.digits)

    titled = [one.title.nl for one in answer.data]
    assert titled == ["Naam", "Geboorte", "Geslacht"]
    assert answer.data[1].version.data.birth.date.year == 1971
    [number], [shown] = answer.numbers, answer.cards
    assert (number.deceased_on.month, number.created_by_cbe_number) == (2, "")
    assert (shown.card_number, shown.valid_until.year) == ("590000000075", 2030)


async def test_pages_go_on_to_the_end_each_on_the_trail(parts, gateway, raw):
    ssin = await made(gateway, described(main_address=home("1", since=day(2010))))
    await outcomes(gateway, ssin, LOW, main_address=home("2", since=day(2020)))

    whole, token, pages = await asked(raw, ssin), "", []
    while token or not pages:
        pages.append(await asked(raw, ssin, page_size=2, page_token=token))
        token = pages[-1].next_page_token

    assert len(pages) == 3
    assert [one for page in pages for one in page.data] == list(whole.data)
    assert [len(page.numbers) for page in pages] == [1, 0, 0]
    tickets = [str(one.call.ticket) for one in parts.trail.own]
    assert tickets == [one.ticket_cbss for one in (whole, *pages)]


async def test_a_stranger_to_the_registers_is_told_nothing_and_that_is_recorded(parts, raw):
    answer = await asked(raw, SAM.digits)

    assert not answer.numbers
    assert not answer.data
    assert [one.person for one in parts.trail.own] == [SAM]


async def test_nothing_is_told_that_cannot_be_put_in_writing(parts, gateway, raw):
    ssin = await made(gateway)
    parts.trail.away = True

    assert await refusal(asked(raw, ssin)) == "PEER_UNAVAILABLE"


@pytest.mark.parametrize(
    "metadata",
    [
        forwarded(OTHERS.organization("p", "Centre", "NTRBE-0899990348")),
        card(MARC.digits, authority=OTHERS),
        card("71713000319"),
        card("x"),
    ],
)
async def test_who_is_no_citizen_is_refused_on_the_trail(parts, raw, metadata):
    call = raw.ListMyPersonData(pb.ListMyPersonDataRequest(), metadata=metadata)

    assert await refusal(call) == "CITIZEN_UNKNOWN"

    [reading] = parts.trail.own
    assert (reading.person, reading.reason) == (None, "CITIZEN_UNKNOWN")


async def test_only_citizens_behind_the_gateway_may_ask(running, authority, raw):
    assert await refusal(raw.ListMyPersonData(pb.ListMyPersonDataRequest())) == "CALLER_UNKNOWN"
    for workload in ("operator", "routing", "directory", "buffer", "access", "audit"):
        other = rpc.IdentificationServiceStub(await running.raw(authority.workload(workload)))
        assert await refusal(asked(other, MARC.digits)) == "CALLER_NOT_LISTED"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [({"page_size": -1}, "INVALID_ARGUMENT"), ({"page_token": "x"}, "PAGE_TOKEN_INVALID")],
)
async def test_a_page_that_makes_no_sense_is_refused(raw, wrong, reason):
    assert await refusal(asked(raw, MARC.digits, **wrong)) == reason


async def test_a_page_token_is_of_use_to_its_own_citizen_only(gateway, raw):
    first = await asked(raw, await made(gateway), page_size=1)

    call = asked(raw, SAM.digits, page_token=first.next_page_token)

    assert await refusal(call) == "PAGE_TOKEN_INVALID"


def test_every_group_has_words_and_a_file_without_them_is_refused():
    assert titles().keys() == set(Group)
    groups = {group.name: said for group, said in titles().items()}
    del groups["NAME"]
    with pytest.raises(ValueError, match="differ"):
        name_groups(groups)
