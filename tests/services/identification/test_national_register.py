"""Search, verification and creation ask the National Register too, and fail closed without it."""

from datetime import UTC, datetime

import pytest
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from cbss.identification.v1 import origin_pb2, search_pb2

from services.concepts.failures import InvalidArgument
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin
from services.identification.model.persons import (
    Given,
    Group,
    Identity,
    Origin,
    Proof,
    Register,
    Version,
)
from services.identification.model.searches import AddressCriteria
from services.identification.model.sources import Bearer
from services.identification.wire import searches
from services.kit.errors import PeerFailed, PeerUnavailable
from tests.services.identification.doors import head, listening, opened
from tests.services.identification.test_public import (
    by_sound,
    checks,
    creation,
    described,
    home,
    made,
    proof,
    search,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)
JAN = Ssin(82640900156)
RN, KSZ = origin_pb2.ORIGIN_RN_RR, origin_pb2.ORIGIN_BCSS_KSZ


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as made:
        yield made


@pytest.fixture
async def gateway(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as running:
        yield rpc.IdentificationServiceStub(await running.channel("gateway"))


def known(ssin=JAN, last="Peeters", first="Jan", **groups):
    identity = Identity(ssin, last, (first,), IncompleteDate(1982, 4, 9), Sex.MALE, Register.RRN)
    versions = [
        Version(Given(Group[name.upper()], content), Origin.RN_RR, Proof.REGISTER, AT)
        for name, content in groups.items()
    ]
    return Bearer(identity, tuple(versions))


def verification(shown):
    return search_pb2.VerifyPersonRequest(**head(), proof=shown)


SEARCHES = [
    search(by_sound("Peters", "Jan")),
    search(ssin=JAN.digits),
    search(
        address=search_pb2.AddressCriteria(
            country_code="150", postal_code="9000", street_name="Molenstraat"
        )
    ),
]


@pytest.mark.parametrize("request_", SEARCHES, ids=["sound", "number", "address"])
async def test_whom_the_national_register_knows_is_found_and_it_is_written_down_before(
    parts, gateway, request_
):
    parts.register.known[JAN] = known()

    answer = await gateway.SearchPersons(request_)

    [one] = answer.candidates
    assert (one.ssin, one.last_name, one.register, one.origin) == (
        JAN.digits,
        "Peeters",
        "RRN",
        RN,
    )
    assert one.score >= 80
    assert [code for code, _ in parts.trail.intents] == ["PERSON_SEARCH"]
    [(_, entry)] = parts.trail.entries
    assert entry.origins == {JAN: {Origin.RN_RR}}
    assert entry.register.code.code == "MSG00000"


async def test_a_person_of_both_registers_stands_once_and_the_national_one_tells(parts, gateway):
    own = await made(gateway)
    parts.register.known = {
        Ssin(int(own)): known(Ssin(int(own)), first="Johan"),
        JAN: known(last="Pieters"),
    }

    answer = await gateway.SearchPersons(search(by_sound("Peeters", "Jan")))

    assert {(one.ssin, one.origin) for one in answer.candidates} == {(own, RN), (JAN.digits, RN)}
    assert [list(one.first_names) for one in answer.candidates if one.ssin == own] == [["Johan"]]


async def test_without_the_national_register_a_search_says_that_it_is_incomplete(parts, gateway):
    own = await made(gateway)
    parts.register.away = PeerUnavailable()
    parts.trail.entries.clear()

    answer = await gateway.SearchPersons(search(by_sound("Peeters", "Jan")))

    assert answer.status.code == "HAN20200"
    assert [(one.ssin, one.origin) for one in answer.candidates] == [(own, KSZ)]
    [(_, entry)] = parts.trail.entries
    assert entry.register.code.code == "CBSS20001"


async def test_where_the_register_is_cut_its_origin_is_not_told(parts, gateway):
    parts.register.known[JAN] = known()
    parts.access.fields = frozenset({"ssin", "last_name"})

    [one] = (await gateway.SearchPersons(search(ssin=JAN.digits))).candidates

    assert (one.register, one.origin, one.last_name) == ("", 0, "Peeters")


async def test_nobody_of_the_national_register_gets_a_second_number(parts, gateway):
    parts.register.known[JAN] = known()

    shown = await gateway.CreateBisPerson(creation(described("Peters")))

    [one] = shown.possible_duplicates.candidates
    assert (one.ssin, one.origin) == (JAN.digits, RN)
    assert await parts.owner.fetchval("select count(*) from person") == 0
    [(_, entry)] = parts.trail.entries
    assert (entry.because, entry.origins) == ("POSSIBLE_DUPLICATES", {JAN: {Origin.RN_RR}})
    token = shown.possible_duplicates.token
    answer = await gateway.CreateBisPerson(creation(described("Peters"), token))
    assert answer.created.ssin not in ("", JAN.digits)


@pytest.mark.parametrize("fault", [PeerUnavailable(), PeerFailed()])
async def test_without_an_answer_of_the_national_register_no_number_is_made(parts, gateway, fault):
    parts.register.away = fault

    answer = await gateway.CreateBisPerson(creation())

    assert (answer.status.code, answer.WhichOneof("outcome")) == ("CBSS10005", None)
    assert await parts.owner.fetchval("select count(*) from person") == 0
    [(_, entry)] = parts.trail.entries
    assert entry.is_act
    assert entry.because == fault.reason()
    assert entry.register.code.code == "CBSS20001"


async def test_nothing_is_asked_that_is_not_written_down(parts, gateway):
    parts.trail.away = True

    for call, request in (
        (gateway.SearchPersons, SEARCHES[0]),
        (gateway.VerifyPerson, verification(proof(JAN.digits))),
        (gateway.CreateBisPerson, creation()),
    ):
        with pytest.raises(PeerUnavailable):
            await call(request)

    assert parts.register.asked == []


async def test_nothing_is_asked_for_a_purpose_that_allows_nothing(parts, gateway):
    denied = search(by_sound(), purpose="NOBODY:KNOWS")

    assert (await gateway.SearchPersons(denied)).status.code == "MSG00013"
    assert (parts.register.asked, parts.trail.intents) == ([], [])


async def test_an_identity_is_verified_with_the_national_register(parts, gateway):
    parts.register.known[JAN] = known(
        civil_state={"code": "20"}, birth={"date": {"year": 1982}}, nationality={}
    )
    parts.access.fields = frozenset({"civil_state"})

    right = await gateway.VerifyPerson(verification(proof(JAN.digits, "Peeters")))
    wrong = await gateway.VerifyPerson(verification(proof(JAN.digits, "Claes")))

    assert (right.verified, right.extended.civil_state.code) == (True, "20")
    assert list(right.data_filters.filtered_elements) == ["birth", "nationalities"]
    assert (wrong.verified, list(wrong.differing_fields)) == (False, ["last_name"])
    assert parts.register.asked[0] == (JAN, frozenset({Group.CIVIL_STATE}))
    assert parts.trail.intents == [("PERSON_VERIFICATION", JAN)] * 2
    [(_, seen), _] = parts.trail.entries
    assert seen.origins == {JAN: {Origin.RN_RR}}


async def test_the_national_register_is_right_where_the_registers_differ(parts, gateway):
    own = await made(gateway, described(main_address=home()))
    parts.register.known[Ssin(int(own))] = known(Ssin(int(own)), last="Claes")

    assert not (await gateway.VerifyPerson(verification(proof(own, "Peeters")))).verified
    assert (await gateway.VerifyPerson(verification(proof(own, "Claes")))).verified


async def test_without_the_national_register_no_identity_is_verified(parts, gateway):
    own = await made(gateway)
    parts.register.away = PeerUnavailable()

    answer = await gateway.VerifyPerson(verification(proof(own)))

    assert (answer.status.code, answer.verified) == ("CBSS10002", False)
    assert list(answer.differing_fields) == []


async def test_an_address_is_asked_as_it_was_told(parts, gateway):
    await gateway.SearchPersons(SEARCHES[2])

    assert parts.register.asked == [AddressCriteria("150", "9000", "Molenstraat", "", "")]


@pytest.fixture
async def directory(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as running:
        yield rpc.IdentificationServiceStub(await running.channel("directory"))


async def test_a_proof_is_compared_with_whom_the_national_register_knows(parts, directory):
    parts.register.known[JAN] = known()

    answer = await directory.CheckIdentities(
        checks(proof(JAN.digits), proof(JAN.digits, "Claes"), proof("71713000318"))
    )

    assert [
        (one.verified, list(one.differing_fields), one.national_register.code)
        for one in answer.results
    ] == [
        (True, [], "MSG00000"),
        (False, ["last_name"], "MSG00000"),
        (False, ["ssin"], "MSG00100"),
    ]


async def test_the_national_register_is_told_on_whose_behalf_a_proof_is_compared(parts, directory):
    await directory.CheckIdentities(checks(proof(JAN.digits)))

    [told] = parts.register.inquiries
    assert (told.ticket.int, told.head.ticket, told.head.legal_context) == (
        *(7, "t-1", "PCSW:IDENTIFICATION"),
    )
    assert told.received_at == datetime(2026, 3, 31, 10, tzinfo=UTC)
    # The directory, which let the caller in, has written it down.
    assert (parts.trail.intents, parts.trail.entries) == ([], [])


async def test_without_the_national_register_no_proof_is_right_even_of_our_own(
    parts, gateway, directory
):
    own = await made(gateway)
    parts.register.away = PeerUnavailable()

    [one] = (await directory.CheckIdentities(checks(proof(own)))).results

    assert (one.verified, list(one.differing_fields)) == (False, ["ssin"])
    assert one.national_register.code == "CBSS20001"
    assert [(fact.field_name, fact.field_value) for fact in one.national_register.information] == [
        ("reason", "PEER_UNAVAILABLE")
    ]


async def test_a_proof_that_cannot_be_read_is_asked_of_nobody(parts, directory):
    [one] = (await directory.CheckIdentities(checks(proof("71713000319")))).results

    assert (list(one.differing_fields), one.HasField("national_register")) == (["ssin"], False)
    assert parts.register.asked == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda asked: asked.inquiries.pop(), "inquiries"),
        (lambda asked: asked.inquiries[1].ClearField("legal_context"), "legal_context"),
        (
            lambda asked: asked.inquiries[1].ClearField("information_cbss"),
            "inquiries[1].information_cbss.ticket_cbss",
        ),
    ],
)
def test_each_proof_comes_with_its_call(change, field):
    asked = checks(proof(JAN.digits), proof(JAN.digits))
    change(asked)

    with pytest.raises(InvalidArgument) as refused:
        searches.decode_checks(asked)

    assert [one.field for one in refused.value.violations] == [field]
