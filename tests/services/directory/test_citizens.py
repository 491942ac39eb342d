"""A citizen reads who keeps a file on him, and only on him; the trail has it first."""

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from cbss.directory.v1 import directory_service_pb2 as pb

from sandbox.authority import Authority
from services.admission.model import Call, Stage
from services.admission.usecases import Citizens as AdmittedCitizens
from services.admission.wire import encode_record
from services.concepts.citizen import Citizen
from services.concepts.code_lists import code_lists
from services.concepts.delays import Delay
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.concepts.quality_words import QualityWords, quality_words
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.text import Text
from services.directory.model import QualityCode
from services.directory.rules.citizens import told_at
from services.directory.usecases.catalogues import CatalogueKeeper
from services.directory.usecases.citizens import Citizens
from services.kit.errors import PeerUnavailable
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    FEDERAL_PLACE,
    NOW,
    PERSON,
    REGION,
    organization,
    registration,
)
from tests.services.directory.fakes import Clock, FakePeers, FakeStore
from tests.services.directory.requests import days
from tests.services.directory.serving import CENTRE_PROGRAM, card, forwarded, reason, stub

CARD = card()


async def asked(directory, metadata=CARD, **what):
    raw = await stub(directory, "gateway")
    return await raw.ListMyFiles(pb.ListMyFilesRequest(**what), metadata=metadata)


async def refusal(directory, metadata=CARD, **what):
    raw = await stub(directory, "gateway")
    return await reason(raw.ListMyFiles, pb.ListMyFilesRequest(**what), metadata=metadata)


async def test_a_citizen_reads_who_keeps_a_file_in_which_quality_and_period(directory):
    answer = await asked(directory)

    centre, federal = answer.files
    assert (centre.cbe_number, centre.organization_name) == (CENTRE.digits, "Centre")
    assert (centre.quality_code, centre.quality.nl) == ("002", "Leefloon")
    assert centre.quality.de == "Eingliederungseinkommen"
    assert centre.period == days("2020-01-01")
    assert centre.ssin == PERSON.digits
    assert (federal.cbe_number, federal.quality_code) == (FEDERAL.digits, "001")
    assert federal.quality.fr == "Personne handicapée (allocation)"


async def test_the_reading_is_on_the_trail_without_the_card(directory):
    answer = await asked(directory)

    [entry] = directory.peers.entries
    assert (entry.stage, entry.permitted, entry.person) == (Stage.OUTCOME, True, PERSON)
    assert str(entry.call.ticket) == answer.ticket_cbss
    assert encode_record(entry, uuid4(), NOW).client_certificate_sha256 == ""


async def test_nothing_is_told_that_cannot_be_put_in_writing(directory):
    directory.peers.away["record"] = PeerUnavailable()

    assert await refusal(directory) == "PEER_UNAVAILABLE"


async def test_files_of_others_are_not_told(directory):
    await directory.store.register([registration(1, person=ANOTHER, quality=3)])

    mine, other = await asked(directory), await asked(directory, card(ANOTHER.digits))

    assert {one.quality_code for one in mine.files} == {"001", "002"}
    assert [one.quality_code for one in other.files] == ["003"]


async def test_a_card_with_a_replaced_number_shows_what_is_kept_on_the_new_one(directory):
    directory.peers.person = ResolvedSsin(SsinState.REPLACED, ANOTHER)
    await directory.store.register([registration(1, person=ANOTHER, quality=3)])

    answer = await asked(directory)

    assert [(one.ssin, one.quality_code) for one in answer.files] == [
        (PERSON.digits, "002"),
        (ANOTHER.digits, "003"),
        (PERSON.digits, "001"),
    ]


async def test_pages_go_on_to_the_end_each_on_the_trail(directory):
    first = await asked(directory, page_size=1)
    second = await asked(directory, page_size=1, page_token=first.next_page_token)

    whole = await asked(directory)
    assert [*first.files, *second.files] == list(whole.files)
    assert second.next_page_token == whole.next_page_token == ""
    assert len(directory.peers.entries) == 3


async def test_a_page_token_is_of_use_to_its_own_citizen_only(directory):
    first = await asked(directory, page_size=1)
    other = card(ANOTHER.digits)

    found = await refusal(directory, other, page_token=first.next_page_token)

    assert found == "PAGE_TOKEN_INVALID"
    assert await refusal(directory, page_token="x") == "PAGE_TOKEN_INVALID"


INSPECTION = Delay(
    begins=date(2018, 9, 5),
    source="law",
    legal_context="X",
    days=365,
    places=frozenset({str(FEDERAL_PLACE)}),
)


@pytest.mark.parametrize(
    ("days_ago", "told"), [(364, {CENTRE}), (365, {CENTRE, FEDERAL}), (None, {CENTRE, FEDERAL})]
)
async def test_the_file_of_an_inspection_is_told_once_its_delay_is_over(days_ago, told):
    store, peers = FakeStore(), FakePeers()
    inspection = organization(FEDERAL, place=FEDERAL_PLACE)
    await store.store_organizations([organization(CENTRE), inspection])
    opened = registration(2, 2, quality=1)
    await store.register([registration(1, quality=2), opened])
    if days_ago is not None:
        # It may have begun long before it was recorded.
        store.recorded_at[opened.dossier] = NOW - timedelta(days=days_ago)
    catalogues = CatalogueKeeper(
        store,
        interval=timedelta(0),
        maximum_age=timedelta(minutes=1),
        today=NOW.date,
        timer=Clock(),
    )
    await catalogues.refresh()
    citizens = Citizens(
        *(catalogues, store, peers, AdmittedCitizens(peers, {"CN=authority"}), [INSPECTION])
    )
    call = Call(
        ticket=uuid4(),
        rpc="x",
        received_at=NOW,
        day=NOW.date(),
        certificate=Certificate(None, "", ""),
    )

    files, after = await citizens.list_my_files(call, Citizen(PERSON, "CN=authority"), None, 2)

    assert {one.organization.cbe_number for one in files} == told
    assert after is None


def test_organizations_that_nothing_is_delayed_for_are_asked_for_at_once():
    catalogue = SimpleNamespace(
        keys={CENTRE: 1, FEDERAL: 2, REGION: 3},
        organizations={
            CENTRE: organization(CENTRE),
            FEDERAL: organization(FEDERAL, place=FEDERAL_PLACE),
            REGION: organization(REGION, place=None),
        },
    )

    assert told_at(catalogue, [], NOW) == [(None, [1, 2, 3])]
    before = NOW - timedelta(days=365)
    assert told_at(catalogue, [INSPECTION], NOW) == [(None, [1, 3]), (before, [2])]


@pytest.mark.parametrize(
    "metadata",
    [
        forwarded(CENTRE_PROGRAM),
        card(authority=Authority.founded("institutions of the tests")),
        card("71713000319"),
        card("x"),
    ],
)
async def test_who_is_no_citizen_is_refused_on_the_trail(directory, metadata):
    assert await refusal(directory, metadata) == "CITIZEN_UNKNOWN"

    [entry] = directory.peers.entries
    assert (entry.stage, entry.permitted, entry.person) == (Stage.REFUSAL, False, None)
    assert entry.reason == "CITIZEN_UNKNOWN"


async def test_without_a_certificate_nobody_is_a_citizen(directory):
    assert await refusal(directory, []) == "CALLER_UNKNOWN"


def test_every_listed_quality_has_words_in_three_languages():
    said = quality_words()

    for sector, codes in code_lists().qualities.items():
        for code in codes:
            assert isinstance(said.quality(SectorInstitution(sector, 0), code), Text)
    assert said.quality(None, QualityCode(902)).nl == "Voorlopig geregistreerd"
    assert said.quality(SectorInstitution(17, 1), QualityCode(500)) is None
    assert said.quality(None, QualityCode(1)) is None


def test_words_that_leave_a_quality_out_are_refused():
    held = quality_words()
    partial = object.__new__(QualityWords)
    partial._anywhere, partial._sectors = held._anywhere, {17: {}}

    with pytest.raises(ValueError, match="differ"):
        partial.check()
