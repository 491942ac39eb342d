"""BIS numbers made, persons updated, numbers replaced: through the RPCs, on PostgreSQL."""

import asyncio
import uuid
from datetime import UTC, date, datetime

import pytest
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.identification.v1 import bis_pb2
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.type import date_pb2

from services.concepts.sex import Sex
from services.concepts.ssin import SsinKind, parse_ssin
from services.identification.model.persons import Group, Origin
from services.identification.rules.history import known_at, true_on
from services.kit.errors import PeerFailed, PeerUnavailable
from tests.services.identification.doors import head, listening, opened
from tests.services.identification.test_public import (
    creation,
    described,
    home,
    made,
    search,
)
from tests.support.waiting import until

BLOCKED = "select count(*) from pg_locks where not granted"
HIGH, LOW = "PROOF_LEVEL_AUTHENTIC_DOCUMENT", "PROOF_LEVEL_DECLARED"


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as made:
        yield made


@pytest.fixture
async def gateway(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as running:
        yield rpc.IdentificationServiceStub(await running.channel("gateway"))


def day(year, month=1, of_month=1):
    return date_pb2.Date(year=year, month=month, day=of_month)


@pytest.mark.parametrize(
    ("sex", "kind", "parity"),
    [
        ("SEX_MALE", SsinKind.BIS_SEX_KNOWN, Sex.MALE),
        ("SEX_FEMALE", SsinKind.BIS_SEX_KNOWN, Sex.FEMALE),
        ("SEX_UNSPECIFIED", SsinKind.BIS_SEX_UNKNOWN, None),
    ],
)
async def test_makes_a_number_that_says_what_is_known(parts, gateway, sex, kind, parity):
    person = described(sex=sex, main_address=home())
    person.main_address.address.country_code = "129"

    answer = await gateway.CreateBisPerson(creation(person))

    ssin = parse_ssin(answer.created.ssin)
    assert (ssin.kind, ssin.sex, str(ssin.birth)) == (kind, parity, "1982-04-09")
    ((_, entry),) = parts.trail.entries
    assert (entry.is_act, entry.subjects) == (True, (ssin,))


async def test_the_same_request_is_answered_with_the_same_number(gateway):
    request = creation(request_id=str(uuid.uuid4()))

    answers = [await gateway.CreateBisPerson(request) for _ in range(2)]

    assert answers[0].created.ssin == answers[1].created.ssin != ""


async def test_a_request_identification_serves_one_request_only(gateway):
    request = creation(request_id=str(uuid.uuid4()))
    await gateway.CreateBisPerson(request)
    request.person.name.last_name = "Claes"

    with pytest.raises(PeerFailed) as refused:
        await gateway.CreateBisPerson(request)

    assert refused.value.facts["reason"] == "REQUEST_ID_REUSED"


async def test_shows_possible_duplicates_and_makes_a_number_for_who_has_seen_them(parts, gateway):
    first = await made(gateway)
    parts.trail.entries.clear()

    shown = await gateway.CreateBisPerson(creation(described("Peters")))

    assert [one.ssin for one in shown.possible_duplicates.candidates] == [first]
    assert shown.WhichOneof("outcome") == "possible_duplicates"
    ((_, entry),) = parts.trail.entries
    assert [one.digits for one in entry.subjects] == [first]
    assert entry.origins == {entry.subjects[0]: {Origin.BCSS_KSZ}}
    token = shown.possible_duplicates.token
    second = await gateway.CreateBisPerson(creation(described("Peters"), token))
    assert second.created.ssin not in ("", first)


async def test_duplicates_are_shown_as_far_as_is_granted(parts, gateway):
    first = await made(gateway)
    parts.access.fields = frozenset({"ssin"})

    shown = await gateway.CreateBisPerson(creation(described("Peters")))

    (one,) = shown.possible_duplicates.candidates
    assert (one.ssin, one.last_name) == (first, "")


async def test_a_token_serves_the_request_it_was_given_for(gateway):
    await made(gateway)
    shown = await gateway.CreateBisPerson(creation(described("Peters")))
    token = shown.possible_duplicates.token

    others = [
        creation(described("Peeterss"), token),
        creation(described("Peters"), "damaged"),
        creation(described("Peters"), token[:-1]),
    ]

    for request in others:
        answer = await gateway.CreateBisPerson(request)
        assert answer.WhichOneof("outcome") == "possible_duplicates"


async def test_who_came_since_must_be_seen_too(gateway):
    await made(gateway)
    shown = await gateway.CreateBisPerson(creation(described("Peters")))
    again = await gateway.CreateBisPerson(creation(described("Petters")))
    await gateway.CreateBisPerson(creation(described("Petters"), again.possible_duplicates.token))

    answer = await gateway.CreateBisPerson(
        creation(described("Peters"), shown.possible_duplicates.token)
    )

    assert len(answer.possible_duplicates.candidates) == 2


async def test_of_64_creations_of_one_person_at_once_one_makes_a_number(parts, gateway):
    answers = await asyncio.gather(
        *(gateway.CreateBisPerson(creation(), timeout=30) for _ in range(64))
    )

    outcomes = [answer.WhichOneof("outcome") for answer in answers]
    assert (outcomes.count("created"), outcomes.count("possible_duplicates")) == (1, 63)
    assert await parts.owner.fetchval("select count(*) from person") == 1


async def test_of_64_persons_of_one_day_at_once_each_gets_the_next_number(parts, gateway):
    names = [f"{a}{b}ora{c}ek" for a in "BDGK" for b in "aeio" for c in "lmnt"]

    answers = await asyncio.gather(
        *(gateway.CreateBisPerson(creation(described(name)), timeout=30) for name in names)
    )

    while seen := [n for n, one in enumerate(answers) if not one.created.ssin]:
        for at in seen:
            token = answers[at].possible_duplicates.token
            answers[at] = await gateway.CreateBisPerson(creation(described(names[at]), token))
    counters = sorted(parse_ssin(one.created.ssin).counter for one in answers)
    # Men have the odd numbers, and none is left out.
    assert counters == list(range(1, 128, 2))


async def test_who_only_asks_does_not_wait_for_who_changes(parts, gateway):
    ssin = await made(gateway)
    async with parts.owner.acquire() as connection:
        changing = connection.transaction()
        await changing.start()
        await connection.execute("lock table person in share mode")
        waiting = [
            asyncio.create_task(gateway.CreateBisPerson(creation(described(name)), timeout=30))
            for name in ("Wouters", "Dubois", "Goossens", "Lambert") * 5
        ]

        async def are_blocked():
            return await connection.fetchval(BLOCKED) >= 4

        await until(are_blocked)
        found = await gateway.SearchPersons(search(ssin=ssin), timeout=5)

        assert [one.ssin for one in found.candidates] == [ssin]
        assert not any(task.done() for task in waiting)
        await changing.rollback()
    await asyncio.gather(*waiting)


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (described(""), "person.name.last_name"),
        (described(birth=None), "person.birth.date"),
        (described(birth=day(2999)), "person.birth.date"),
        (described(birth=day(1982, 2, 30)), "person.birth.date"),
        (described(birth=day(1899)), "person.birth.date"),
        (described(sex="SEX_UNSPECIFIED"), "person"),
        (described(birth=date_pb2.Date(year=1982)), "person"),
        (described(decease=data_pb.LifeEvent(date=day(1970))), "person.decease.date"),
        (described(first=("a", "b", "c", "d")), "person.name.first_names"),
        (
            described(nationalities=[data_pb.Nationality(country_code="15")]),
            "person.nationalities[0].country_code",
        ),
    ],
)
async def test_names_what_forbids_a_number(parts, gateway, person, field):
    answer = await gateway.CreateBisPerson(creation(person))

    assert answer.status.code == "MSG00008"
    assert answer.refused.anomalies[0].field_name == field
    assert await parts.owner.fetchval("select count(*) from person") == 0


@pytest.mark.parametrize(
    "person",
    [
        described(birth=date_pb2.Date(year=1982), main_address=home()),
        described(
            birth=date_pb2.Date(year=1982, month=4),
            contact_address=data_pb.ContactAddress(type="1", address=home().address),
        ),
    ],
)
async def test_an_incomplete_birth_date_needs_an_address(gateway, person):
    if person.HasField("main_address"):
        person.main_address.address.country_code = "111"

    answer = await gateway.CreateBisPerson(creation(person))

    assert answer.created.ssin[4:6] == "00"


def updating(ssin, level, **groups):
    person = data_pb.LegalPersonData(**groups)
    return bis_pb2.UpdatePersonRequest(**head(), ssin=ssin, person=person, proof_level=level)


def named(last, since=None):
    return data_pb.PersonName(last_name=last, first_names=["Jan"], since=since)


async def outcomes(gateway, *request, **groups):
    answer = await gateway.UpdatePerson(updating(*request, **groups))
    return [bis_pb2.UpdateStatus.Name(one.status)[14:] for one in answer.updates]


async def test_a_lower_level_of_proof_never_overwrites_a_higher_one(gateway):
    ssin = await made(gateway)
    state = data_pb.CivilState(code="10", since=day(2000))

    assert await outcomes(gateway, ssin, HIGH, name=named("Claes")) == ["ACCEPTED"]
    assert await outcomes(gateway, ssin, LOW, name=named("Maes"), civil_state=state) == [
        "REFUSED",
        "ACCEPTED",
    ]
    assert await outcomes(gateway, ssin, LOW, name=named("Claes")) == ["UNCHANGED"]

    found = await gateway.SearchPersons(search(ssin=ssin))
    assert found.candidates[0].last_name == "Claes"


async def test_keeps_what_was_true_when_and_what_was_known_when(parts, gateway):
    ssin = await made(gateway, described(main_address=home("1", since=day(2010))))
    before = datetime.now(UTC)
    await outcomes(gateway, ssin, LOW, main_address=home("2", since=day(2020)))
    between = datetime.now(UTC)
    await outcomes(gateway, ssin, HIGH, main_address=home("3", since=day(2020)))

    history = await parts.histories.history(parse_ssin(ssin))

    def number(instant, on):
        true = true_on(known_at(history, instant), on)
        (one,) = [v.given.content for v in true if v.given.group is Group.ADDRESS]
        return one["address"]["house_number"]

    now = datetime.now(UTC)
    instants = (before, between, now)
    assert [number(at, date(2015, 5, 5)) for at in instants] == ["1", "1", "1"]
    assert [number(at, date(2021, 5, 5)) for at in instants] == ["1", "2", "3"]


async def test_an_address_that_becomes_undisclosable_is_found_no_longer(parts, gateway):
    ssin = await made(gateway, described(main_address=home()))
    assert await parts.owner.fetchval("select count(*) from residence") == 1

    await outcomes(gateway, ssin, LOW, main_address=home(undisclosable=True))

    assert await parts.owner.fetchval("select count(*) from residence") == 0


async def test_what_the_national_register_keeps_is_refused(parts, gateway):
    ssin = await made(gateway)
    await parts.owner.execute("update identity set register = 1")

    assert await outcomes(gateway, ssin, HIGH, name=named("Claes")) == ["REFUSED"]


async def test_an_update_that_cannot_be_recorded_changes_nothing(parts, gateway):
    ssin = await made(gateway)
    parts.trail.away = True

    with pytest.raises(PeerUnavailable):
        await gateway.UpdatePerson(updating(ssin, HIGH, name=named("Claes")))

    parts.trail.away = False
    found = await gateway.SearchPersons(search(ssin=ssin))
    assert found.candidates[0].last_name == "Peeters"


@pytest.mark.parametrize(
    ("ssin", "groups", "code"),
    [
        ("71713000318", {"name": named("Claes")}, "MSG00005"),
        ("71713000319", {"name": named("Claes")}, "MSG00008"),
        ("71713000318", {}, "MSG00008"),
        ("71713000318", {"name": named("")}, "MSG00008"),
        ("71713000318", {"registration": data_pb.Registration(code="RAD")}, "MSG00008"),
    ],
)
async def test_an_update_of_nobody_or_of_nothing_is_refused(gateway, ssin, groups, code):
    answer = await gateway.UpdatePerson(updating(ssin, HIGH, **groups))

    assert answer.status.code == code


async def test_who_was_replaced_is_found_on_either_number_with_all_that_was_known(parts, gateway):
    old = await made(gateway)
    new = await made(gateway, described("Janssens", main_address=home()))
    await parts.owner.execute("insert into card values (591999990179, $1)", int(old))
    request = bis_pb2.ReplaceSsinRequest(**head(), ssin=old, replaced_by=new)

    answer = await gateway.ReplaceSsin(request)
    again = await gateway.ReplaceSsin(request)

    assert (answer.status.code, answer.replaced_by) == ("MSG00000", new)
    assert again.status.code == "MSG00006"
    assert again.status.information[0].field_value == new
    (found,) = (await gateway.SearchPersons(search(ssin=old))).candidates
    assert (found.ssin, found.replaces) == (new, old)
    assert await parts.owner.fetchval("select ssin from card") == int(new)
    history = await parts.histories.history(parse_ssin(new))
    names = {v.given.content["last_name"] for v in history if v.given.group is Group.NAME}
    assert names == {"Peeters", "Janssens"}
    updated = await gateway.UpdatePerson(updating(old, HIGH, name=named("Claes")))
    assert updated.status.code == "MSG00006"
    acts = [entry for code, entry in parts.trail.entries if code == "SSIN_REPLACEMENT"]
    assert {one.digits for one in acts[0].subjects} == {old, new}


async def test_a_replacement_of_what_is_no_number_names_the_field(gateway):
    request = bis_pb2.ReplaceSsinRequest(**head(), ssin="71713000318", replaced_by="1")

    answer = await gateway.ReplaceSsin(request)

    assert (answer.status.code, answer.status.information[0].field_value) == (
        "MSG00008",
        "replaced_by",
    )
