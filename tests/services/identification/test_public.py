"""The public RPCs over mutual TLS: who may call, what is answered, what the trail then holds."""

import uuid

import grpc
import pytest
from cbss.common.v1 import information_pb2
from cbss.data.v1 import address_pb2, localized_text_pb2
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.identification.v1 import bis_pb2, enterprise_pb2, history_pb2, search_pb2
from cbss.identification.v1 import identification_service_pb2 as pb
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.rpc import error_details_pb2, status_pb2
from google.type import date_pb2

from services.concepts.ssin import parse_ssin
from services.identification.callers import CALLERS
from services.identification.model.persons import Origin
from services.kit.errors import PeerFailed, PeerUnavailable
from tests.services.identification.doors import OTHER, STRANGER, head, listening, opened

BIRTH = date_pb2.Date(year=1982, month=4, day=9)


def described(last="Peeters", first=("Jan",), sex="SEX_MALE", birth=BIRTH, **others):
    place = data_pb.Place(country_code="129")
    return data_pb.LegalPersonData(
        name=data_pb.PersonName(last_name=last, first_names=first),
        birth=data_pb.LifeEvent(date=birth, place=place),
        sex=sex,
        **others,
    )


def home(number="12", *, undisclosable=False, since=None):
    street = localized_text_pb2.LocalizedText(language="LANGUAGE_NL", text="Molenstraat")
    address = address_pb2.Address(
        kind="ADDRESS_KIND_BELGIAN",
        street_names=[street],
        house_number=number,
        postal_code="9000",
        country_code="150",
        undisclosable=undisclosable,
    )
    return data_pb.DatedAddress(address=address, since=since)


def creation(person=None, token="", request_id=None, **how):
    return bis_pb2.CreateBisPersonRequest(
        **head(**how),
        request_id=request_id or str(uuid.uuid4()),
        person=described() if person is None else person,
        proof_level="PROOF_LEVEL_DECLARED",
        duplicates_token=token,
    )


def by_sound(last="Peeters", first="", birth=BIRTH, maximum=0, **others):
    return search_pb2.PhoneticCriteria(last_name=last, first_name=first, birth_date=birth, **others)


def search(phonetic=None, ssin="", address=None, maximum=0, **how):
    return search_pb2.SearchPersonsRequest(
        **head(**how), phonetic=phonetic, ssin=ssin, address=address, maximum=maximum
    )


def proof(ssin, last="Peeters", birth=BIRTH, **others):
    return search_pb2.IdentityProof(ssin=ssin, last_name=last, birth_date=birth, **others)


def checks(*proofs):
    """Proofs that came with one call to the directory."""
    told = information_pb2.InformationCbss(ticket_cbss=str(uuid.UUID(int=7)))
    told.received_at.FromJsonString("2026-03-31T10:00:00Z")
    inquiry = search_pb2.Inquiry(**head(), information_cbss=told)
    return search_pb2.CheckIdentitiesRequest(proofs=proofs, inquiries=[inquiry] * len(proofs))


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as made:
        yield made


@pytest.fixture
async def running(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as served:
        yield served


@pytest.fixture
async def gateway(running):
    return rpc.IdentificationServiceStub(await running.channel("gateway"))


async def made(gateway, person=None):
    answer = await gateway.CreateBisPerson(creation(person))
    return answer.created.ssin


REQUESTS = {
    "SearchPersons": search(by_sound()),
    "VerifyPerson": search_pb2.VerifyPersonRequest(**head(), proof=proof("71713000318")),
    "CreateBisPerson": creation(),
    "UpdatePerson": bis_pb2.UpdatePersonRequest(
        **head(), ssin="71713000318", person=described(), proof_level="PROOF_LEVEL_DECLARED"
    ),
    "ReplaceSsin": bis_pb2.ReplaceSsinRequest(
        **head(), ssin="71713000318", replaced_by="95661501255"
    ),
    "GetEnterprise": enterprise_pb2.GetEnterpriseRequest(
        information_customer=head()["information_customer"], number="0899990150"
    ),
    "RegisterEnterprise": enterprise_pb2.RegisterEnterpriseRequest(
        **head(), enterprise=enterprise_pb2.Enterprise(cbe_number="0899990150", name="CBSS")
    ),
    "ResolveSsins": pb.ResolveSsinsRequest(ssins=["71713000318"]),
    "ResolveEnterprises": enterprise_pb2.ResolveEnterprisesRequest(cbe_numbers=["0899990150"]),
    "ListReplacements": pb.ListReplacementsRequest(),
    "ListPersonVersions": history_pb2.ListPersonVersionsRequest(
        ssin="71713000318", reason="a test"
    ),
    "CheckIdentities": checks(proof("71713000318")),
}
WORKLOADS = ("operator", "gateway", "routing", "directory", "buffer", "access", "audit")
# Citizens call with a card: test_citizens.py.
ROWS = [
    (method.rpartition("/")[2], allowed)
    for method, allowed in CALLERS.items()
    if not method.endswith("/ListMyPersonData")
]
PUBLIC = [name for name, allowed in ROWS if allowed == {"gateway"}]


@pytest.mark.parametrize(("name", "allowed"), ROWS)
async def test_answers_who_is_listed_and_nobody_else(running, name, allowed):
    for workload in WORKLOADS:
        stub = rpc.IdentificationServiceStub(await running.channel(workload))
        if workload in allowed:
            await getattr(stub, name)(REQUESTS[name])
            continue
        with pytest.raises(PeerFailed) as refused:
            await getattr(stub, name)(REQUESTS[name])
        assert refused.value.facts["reason"] == "CALLER_NOT_LISTED"


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize(
    ("customer", "code", "reason"),
    [
        (STRANGER, "UNAUTHENTICATED", "ORGANIZATION_UNKNOWN"),
        (OTHER, "PERMISSION_DENIED", "CUSTOMER_NOT_THE_CALLER"),
    ],
)
async def test_turns_away_who_is_not_known(parts, gateway, name, customer, code, reason):
    request = type(REQUESTS[name])()
    request.CopyFrom(REQUESTS[name])
    request.information_customer.CopyFrom(head(customer)["information_customer"])

    with pytest.raises(PeerFailed) as refused:
        await getattr(gateway, name)(request)

    assert (refused.value.facts["code"], refused.value.facts["reason"]) == (code, reason)
    assert parts.trail.turned == [(name, reason)]
    assert parts.trail.entries == []


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "GetEnterprise"])
async def test_a_purpose_that_no_deliberation_knows_is_refused_alike_for_everybody(
    parts, gateway, name
):
    request = type(REQUESTS[name])()
    request.CopyFrom(REQUESTS[name])
    request.legal_context = "PCSW:CURIOSITY"
    await made(gateway)
    parts.trail.entries.clear()

    answer = await getattr(gateway, name)(request)

    assert answer.status.code == "MSG00013"
    assert {field.name for field, _ in answer.ListFields()} <= {
        "information_customer",
        "information_cbss",
        "legal_context",
        "status",
    }
    assert [code for _, _, code in parts.trail.denied] == ["MSG00013"]
    assert parts.trail.entries == []


@pytest.mark.parametrize("name", [name for name in PUBLIC if name != "VerifyPerson"])
async def test_answers_nothing_that_the_trail_does_not_have(parts, gateway, name):
    parts.trail.away = True

    with pytest.raises(PeerUnavailable):
        await getattr(gateway, name)(REQUESTS[name])

    assert await parts.owner.fetchval("select count(*) from person") == 0
    assert await parts.owner.fetchval("select count(*) from enterprise") == 0


async def test_finds_by_sound_and_records_everybody_that_is_shown(parts, gateway):
    ssin = await made(gateway, described("Müller-Dubois", ("Anne",), "SEX_FEMALE"))
    await made(gateway, described("Claes", ("Piet",)))
    parts.trail.entries.clear()

    answer = await gateway.SearchPersons(search(by_sound("Mueller Duboix", "Ann")))

    assert (answer.status.code, len(answer.candidates)) == ("MSG00000", 1)
    assert answer.candidates[0].score > 70
    [(contract, entry)] = parts.trail.entries
    assert (contract, entry.subjects) == ("PERSON_SEARCH", (parse_ssin(ssin),))
    assert entry.origins == {parse_ssin(ssin): {Origin.BCSS_KSZ}}


async def test_finds_names_that_were_exchanged(gateway):
    ssin = await made(gateway)

    answer = await gateway.SearchPersons(search(by_sound("Jan", "Peeters")))

    assert [one.ssin for one in answer.candidates] == [ssin]


async def test_a_number_beats_other_criteria_with_a_warning(gateway):
    ssin = await made(gateway)

    answer = await gateway.SearchPersons(search(by_sound("Claes"), ssin=ssin))

    assert [one.ssin for one in answer.candidates] == [ssin]
    assert [one.code for one in answer.reasons] == ["21007001"]


@pytest.mark.parametrize(
    ("request_", "code", "field"),
    [
        (search(), "31000007", "ssin"),
        (search(by_sound("")), "31000007", "phonetic.last_name"),
        (search(by_sound(birth=None)), "31000007", "phonetic.birth_date"),
        (
            search(by_sound(birth=date_pb2.Date(year=1982))),
            "31009001",
            "phonetic.tolerance",
        ),
        (search(by_sound(tolerance=11)), "31000008", "phonetic.tolerance"),
        (search(by_sound("1234")), "31000008", "phonetic.last_name"),
        (search(by_sound(), maximum=81), "31000008", "maximum"),
        (search(by_sound(), maximum=-1), "31000008", "maximum"),
        (search(ssin="71713000319"), "31000008", "ssin"),
        (search(address=search_pb2.AddressCriteria()), "31000007", "address.postal_code"),
    ],
)
async def test_names_what_cannot_be_searched(parts, gateway, request_, code, field):
    answer = await gateway.SearchPersons(request_)

    assert answer.status.code == "MSG00008"
    assert (answer.reasons[0].code, answer.reasons[0].field_name) == (code, field)
    assert parts.trail.entries[0][1].because == "CONTENT_INVALID"


async def test_shows_no_more_than_is_granted(parts, gateway):
    await made(gateway)
    parts.access.fields = frozenset({"ssin", "last_name"})

    answer = await gateway.SearchPersons(search(by_sound()))

    (one,) = answer.candidates
    assert (one.last_name, list(one.first_names), one.HasField("birth_date")) == (
        "Peeters",
        [],
        False,
    )
    assert "birth_date" in answer.data_filters.filtered_elements


async def test_nobody_is_found_at_an_address_that_must_not_be_disclosed(gateway):
    ssin = await made(gateway, described(main_address=home()))
    await made(gateway, described("Claes", main_address=home(undisclosable=True)))
    where = search_pb2.AddressCriteria(postal_code="9000", street_name="Moolenstraat")

    answer = await gateway.SearchPersons(search(address=where))

    assert [one.ssin for one in answer.candidates] == [ssin]


async def test_verifies_and_unlocks_the_extended_data(parts, gateway):
    ssin = await made(gateway)
    parts.trail.entries.clear()
    parts.access.fields = frozenset({"birth"})

    answer = await gateway.VerifyPerson(
        search_pb2.VerifyPersonRequest(**head(), proof=proof(ssin, "PEETERS", first_name="jan"))
    )

    assert (answer.verified, answer.reasons[0].code) == (True, "12007001")
    assert answer.extended.birth.place.country_code == "129"
    assert not answer.extended.HasField("name")
    assert parts.trail.entries[0][1].origins == {parse_ssin(ssin): {Origin.BCSS_KSZ}}


async def test_names_what_differs_and_never_whether_somebody_is_known(parts, gateway):
    ssin = await made(gateway)
    wrong = proof(ssin, "Claes", date_pb2.Date(year=1983))
    nobody = proof("71713000318", "Claes", date_pb2.Date(year=1983))

    answers = [
        await gateway.VerifyPerson(search_pb2.VerifyPersonRequest(**head(), proof=one))
        for one in (wrong, nobody)
    ]

    for answer in answers:
        assert (answer.verified, answer.status.code) == (False, "MSG00100")
        assert list(answer.differing_fields) == ["last_name", "birth_date"]
        assert {one.code for one in answer.reasons} == {"22007007"}
        assert not answer.HasField("extended")
    assert [entry.origins for _, entry in parts.trail.entries[-2:]] == [{}, {}]


async def test_verifies_by_card_as_long_as_it_is_valid(parts, gateway):
    ssin = await made(gateway)
    await parts.owner.execute(
        "insert into card values (591999990179, $1, null), (591999995536, $1, '2020-01-01')",
        int(ssin),
    )

    async def verified(card):
        shown = search_pb2.IdentityProof(ssin=ssin, card_number=card)
        request = search_pb2.VerifyPersonRequest(**head(), proof=shown)
        return (await gateway.VerifyPerson(request)).verified

    assert [await verified(one) for one in ("591-9999901-79", "591999995536", "592999991168")] == [
        True,
        False,
        False,
    ]


async def test_the_directory_learns_which_fields_differ(running, gateway):
    ssin = await made(gateway)
    directory = rpc.IdentificationServiceStub(await running.channel("directory"))

    answer = await directory.CheckIdentities(
        checks(
            proof(ssin),
            proof(ssin, "Claes"),
            proof("71713000318"),
            proof(ssin, card_number="591999990170"),
        )
    )

    assert [(one.verified, list(one.differing_fields)) for one in answer.results] == [
        (True, []),
        (False, ["last_name"]),
        (False, ["ssin"]),
        (False, ["card_number"]),
    ]


async def test_an_unusable_envelope_is_an_error_with_the_field(running, authority):
    raw = rpc.IdentificationServiceStub(await running.raw(authority.workload("gateway")))
    request = search(by_sound())
    request.information_customer.ticket = ""

    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await raw.SearchPersons(request)

    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    wrong = error_details_pb2.BadRequest()
    (packed,) = [
        one for one in status_pb2.Status.FromString(details).details if one.Is(wrong.DESCRIPTOR)
    ]
    packed.Unpack(wrong)
    assert wrong.field_violations[0].field == "information_customer.ticket"
