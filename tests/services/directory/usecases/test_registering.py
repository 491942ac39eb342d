"""Registering persons: what is asked of whom, what ends it, and that the trail has it first."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from services.admission.errors import CustomerNotTheCaller, OrganizationUnknown
from services.admission.model import Call, Granted, Stage
from services.admission.usecases import Admission
from services.concepts.code_lists import code_lists
from services.concepts.decision import Denied
from services.concepts.head import Head
from services.concepts.incomplete_date import IncompleteDate
from services.concepts.party import Certificate
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.concepts.user_id import UserId
from services.directory.errors import DossierOverlaps
from services.directory.model import (
    Asked,
    CheckedProof,
    Listing,
    Proof,
    ProofVerdict,
    QualityCode,
    Register,
    Registering,
    Unregistering,
)
from services.directory.usecases import CatalogueKeeper, CatalogueMembers, Registrar, Verifier
from services.directory.usecases.registering import CONTRACT
from services.kit.errors import PeerUnavailable
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    FINGERPRINT,
    NATIONAL_REGISTER,
    NOW,
    PERSON,
    TODAY,
    contract,
    dossier,
    organization,
    registration,
    source,
)
from tests.services.directory.fakes import FakePeers, FakeStore

CALL = Call(
    ticket=UUID(int=1),
    rpc="rpc",
    received_at=NOW,
    day=TODAY,
    certificate=Certificate(CENTRE, FINGERPRINT, "cc" * 32),
)
OFFICIAL = UserId("57631410249")
ASKED = Asked(Head("T1", CENTRE, "PCSW:REGISTRATION", OFFICIAL), PERSON)
PROOF = Proof(last_name="Mock", birth_date=IncompleteDate(1971, 11))


def registering(asked=ASKED, **changed):
    fields = {
        "register": Register.PRIMARY,
        "quality_code": QualityCode(2),
        "phase": 0,
        "begin": date(2026, 1, 1),
        "end": None,
        "proof": PROOF,
    }
    return Registering(asked, **fields | changed)


def unregistering(asked=ASKED, **changed):
    fields = {
        "register": Register.PRIMARY,
        "quality_code": QualityCode(2),
        "begin": date(2020, 1, 1),
        "end": date(2026, 11, 30),
    }
    return Unregistering(asked, **fields | changed)


def listing(asked=ASKED, **changed):
    fields = {"register": Register.ALL, "sector": None, "as_of": None, "known_at": None}
    return Listing(asked, **fields | changed)


@pytest.fixture
async def bank():
    """A registry in which the welfare centre knows the person since 2020 in quality 002."""
    store, peers = FakeStore(), FakePeers()
    await store.store_organizations([organization(public_key_sha256=(FINGERPRINT,)), source()])
    await store.store_contracts([contract()])
    await store.register([registration(1, quality=2)])
    keeper = CatalogueKeeper(
        store, interval=timedelta(0), maximum_age=timedelta(minutes=1), today=lambda: TODAY
    )
    await keeper.refresh()
    admission = Admission(CatalogueMembers(keeper), peers, peers)
    verifier = Verifier(peers, admission, peers, NATIONAL_REGISTER, lambda: UUID(int=9))
    registry = Registrar(
        *(keeper, admission, peers, verifier, store, store, code_lists(), lambda: NOW)
    )
    return SimpleNamespace(store=store, peers=peers, registry=registry)


async def test_a_person_is_registered_and_what_overlaps_is_told(bank):
    outcome = await bank.registry.register(CALL, registering(end=date(2026, 12, 31), phase=4))

    assert outcome.status.code.code == "MSG00000"
    assert [one.dossier for one in outcome.registrations] == [dossier(1, 2, phase=4)]
    assert [one.dossier for one in outcome.overlapping] == [dossier(1, 2)]
    assert outcome.registrations[0].organization == CENTRE


async def test_the_trail_has_the_act_before_anything_changes(bank):
    bank.peers.away["record"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await bank.registry.register(CALL, registering())

    assert bank.store.changes == []


async def test_the_act_says_who_whom_under_what_and_for_which_days(bank):
    await bank.registry.register(CALL, registering())

    entry = bank.peers.entries[-1]
    assert (entry.stage, entry.permitted, entry.person) == (Stage.ACT, True, PERSON)
    assert (entry.contract, entry.call.head.legal_context) == (CONTRACT, "PCSW:REGISTRATION")
    assert entry.period.begin == date(2026, 1, 1)
    assert entry.party.customer.cbe_number == CENTRE
    assert entry.decision is bank.peers.verdict
    assert entry.call.head.user == OFFICIAL


def checked(verdict, register=None):
    return CheckedProof(ProofVerdict[verdict], register and status(register))


REFUSED = [
    ({"verdict": Denied("NOT_ACCEDED", None, "s")}, {}, "MSG00013", "NOT_ACCEDED"),
    ({}, {"asked": replace(ASKED, person=None)}, "MSG00011", "SSIN_MALFORMED"),
    ({"person": ResolvedSsin(SsinState.UNKNOWN)}, {}, "MSG00005", "SSIN_UNKNOWN"),
    ({"person": ResolvedSsin(SsinState.CANCELED)}, {}, "MSG00005", "SSIN_CANCELED"),
    ({"person": ResolvedSsin(SsinState.REPLACED, ANOTHER)}, {}, "MSG00006", "SSIN_REPLACED"),
    ({}, {"quality_code": QualityCode(110)}, "MSG00008", "CONTENT_INVALID"),
    ({}, {"quality_code": QualityCode(999)}, "MSG00008", "CONTENT_INVALID"),
    ({}, {"end": date(2025, 12, 31)}, "MSG00008", "CONTENT_INVALID"),
    ({}, {"begin": date(2027, 11, 26)}, "MSG00008", "CONTENT_INVALID"),
    ({}, {"proof": Proof(first_name="Only")}, "MSG00008", "CONTENT_INVALID"),
    ({}, {"register": Register.SECONDARY}, "CBSS10003", "REGISTER_NOT_OPEN"),
    ({"proof": checked("DIFFERS", "MSG00000")}, {}, "CBSS10001", "PROOF_DIFFERS"),
    ({"proof": checked("DIFFERS")}, {}, "CBSS10001", "PROOF_DIFFERS"),
    ({"proof": checked("UNVERIFIABLE", "MSG00100")}, {}, "CBSS10002", "PROOF_UNVERIFIABLE"),
    ({"proof": checked("UNVERIFIABLE", "CBSS20001")}, {}, "CBSS10002", "NATIONAL_REGISTER_AWAY"),
]


@pytest.mark.parametrize(("said", "changed", "code", "reason"), REFUSED)
async def test_a_refusal_is_an_answer_that_changes_nothing_and_is_on_the_trail(
    bank, said, changed, code, reason
):
    vars(bank.peers).update(said)

    outcome = await bank.registry.register(CALL, registering(**changed))

    assert outcome.status.code.code == code
    assert (bank.store.changes, outcome.registrations) == ([], ())
    entry = bank.peers.entries[-1]
    assert (entry.stage, entry.permitted, entry.reason) == (Stage.ACT, False, reason)


async def test_the_answer_about_a_replaced_number_names_its_successor(bank):
    bank.peers.person = ResolvedSsin(SsinState.REPLACED, ANOTHER)

    outcome = await bank.registry.register(CALL, registering())

    assert dict(outcome.status.information) == {"newSSIN": ANOTHER.digits}


async def test_a_quality_that_the_deliberation_does_not_name_is_not_covered(bank):
    bank.peers.verdict = replace(bank.peers.verdict, quality_codes=frozenset({QualityCode(1)}))

    outcome = await bank.registry.register(CALL, registering())

    assert outcome.status.code.code == "MSG00013"
    assert bank.peers.entries[0].reason == "QUALITY_NOT_COVERED"


async def test_decease_does_not_end_what_survivors_need(bank):
    bank.peers.person = ResolvedSsin(SsinState.ACTIVE, deceased_on=IncompleteDate(2025))

    outcome = await bank.registry.register(CALL, registering())

    assert outcome.status.code.code == "MSG00000"


async def test_nothing_of_the_proof_is_asked_before_a_deliberation_allows_it(bank):
    bank.peers.verdict = Denied("NOT_IN_FORCE", None, "s")
    bank.peers.away["verify"] = AssertionError("asked")

    outcome = await bank.registry.register(CALL, registering())

    assert outcome.status.code.code == "MSG00013"


@pytest.mark.parametrize("peer", ["resolve", "check", "verify", "record"])
async def test_nothing_is_done_while_a_peer_is_away(bank, peer):
    bank.peers.away[peer] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await bank.registry.register(CALL, registering())

    assert bank.store.changes == []


@pytest.mark.parametrize("ask", ["register", "unregister", "list"])
async def test_a_stranger_is_turned_away_and_recorded(bank, ask):
    stranger = replace(CALL, certificate=replace(CALL.certificate, public_key_sha256="00" * 32))
    wanted = {"register": registering, "unregister": unregistering, "list": listing}[ask]()

    with pytest.raises(OrganizationUnknown):
        await getattr(bank.registry, ask)(stranger, wanted)

    assert [entry.reason for entry in bank.peers.entries] == ["ORGANIZATION_UNKNOWN"]


async def test_nobody_registers_for_an_organization_that_it_does_not_manage(bank):
    with pytest.raises(CustomerNotTheCaller):
        await bank.registry.register(
            CALL, registering(replace(ASKED, head=replace(ASKED.head, customer=FEDERAL)))
        )

    assert [entry.reason for entry in bank.peers.entries] == ["CUSTOMER_NOT_THE_CALLER"]


async def test_unregistering_gives_a_last_day(bank):
    outcome = await bank.registry.unregister(CALL, unregistering())

    assert outcome.status.code.code == "MSG00000"
    assert [one.dossier for one in outcome.registrations] == [dossier(1, 2, end="2026-11-30")]
    assert [entry.stage for entry in bank.peers.entries] == [Stage.ACT]


@pytest.mark.parametrize("changed", [{"quality_code": QualityCode(1)}, {"begin": date(2020, 1, 2)}])
async def test_what_was_never_registered_cannot_be_unregistered(bank, changed):
    outcome = await bank.registry.unregister(CALL, unregistering(**changed))

    assert outcome.status.code.code == "CBSS10004"


async def test_a_last_day_in_the_next_registration_is_refused(bank):
    await bank.registry.unregister(CALL, unregistering(end=date(2020, 12, 31)))
    await bank.registry.register(CALL, registering())

    with pytest.raises(DossierOverlaps):
        await bank.registry.unregister(CALL, unregistering(end=date(2026, 6, 1)))


async def test_registrations_of_the_sector_are_listed_once_the_trail_has_it(bank):
    outcome = await bank.registry.list(CALL, listing())

    assert [one.dossier for one in outcome.registrations] == [dossier(1, 2)]
    (entry,) = bank.peers.entries
    assert (entry.stage, entry.permitted) == (Stage.OUTCOME, True)


async def test_nothing_is_told_that_the_trail_does_not_have(bank):
    bank.peers.away["record"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await bank.registry.list(CALL, listing())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"as_of": date(2019, 12, 31)}, "MSG00100"),
        ({"as_of": date(2020, 1, 1)}, "MSG00000"),
        ({"sector": 16}, "CBSS10003"),
        ({"register": Register.SECONDARY}, "CBSS10003"),
    ],
)
async def test_a_list_holds_what_is_open_to_the_customer_on_the_day_asked(bank, changed, code):
    outcome = await bank.registry.list(CALL, listing(**changed))

    assert outcome.status.code.code == code


async def test_access_is_asked_for_the_customer_the_purpose_and_the_act(bank):
    await bank.registry.register(CALL, registering())

    ((customer, context, contract, day, _),) = bank.peers.checked
    assert (customer.cbe_number, context, contract) == (CENTRE, "PCSW:REGISTRATION", CONTRACT)
    assert day == TODAY
    assert isinstance(bank.peers.verdict, Granted)


async def test_that_the_national_register_is_asked_is_in_writing_before(bank):
    await bank.registry.register(CALL, registering())

    ((call, person, proof, before),) = bank.peers.verified
    intent, outcome, act = bank.peers.entries
    assert (call.ticket, call.head, person, proof) == (CALL.ticket, ASKED.head, PERSON, PROOF)
    assert before == 1
    assert (intent.stage, intent.person, intent.decision) == (
        *(Stage.INTENT, PERSON, bank.peers.verdict),
    )
    assert [one.supplier for one in intent.sources] == [NATIONAL_REGISTER]
    assert (outcome.stage, act.stage, act.sources) == (Stage.OUTCOME, Stage.ACT, ())
    assert bank.peers.abandoned == []


OUTCOMES = [
    (checked("AGREES", "MSG00000"), "MSG00000", ["MSG00000"], ""),
    (checked("AGREES", "MSG00100"), "MSG00000", ["MSG00100"], ""),
    # What it knows was compared and not told.
    (checked("DIFFERS", "MSG00000"), "MSG00100", ["MSG00100"], "PROOF_DIFFERS"),
    (checked("DIFFERS"), "MSG00100", [], "PROOF_DIFFERS"),
    (checked("UNVERIFIABLE", "MSG00100"), "CBSS10002", ["MSG00100"], "PROOF_UNVERIFIABLE"),
    (checked("UNVERIFIABLE", "CBSS20001"), "CBSS10002", ["CBSS20001"], "NATIONAL_REGISTER_AWAY"),
]


@pytest.mark.parametrize(("proof", "code", "legs", "reason"), OUTCOMES)
async def test_how_the_national_register_answered_is_on_the_trail(bank, proof, code, legs, reason):
    bank.peers.proof = proof

    await bank.registry.register(CALL, registering())

    outcome = bank.peers.entries[1]
    assert (outcome.stage, outcome.permitted) == (Stage.OUTCOME, True)
    assert (outcome.status.code.code, outcome.reason) == (code, reason)
    assert [one.status.code.code for one in outcome.sources] == legs


@pytest.mark.parametrize("fault", [PeerUnavailable(), asyncio.CancelledError()])
async def test_a_verification_that_is_given_up_has_an_ending(bank, fault):
    bank.peers.away["verify"] = fault

    with pytest.raises(type(fault)):
        await bank.registry.register(CALL, registering())

    ((owed, kind),) = bank.peers.abandoned
    assert (owed.stage, owed.person, owed.record_id) == (Stage.OUTCOME, PERSON, UUID(int=9))
    assert [one.supplier for one in owed.sources] == [NATIONAL_REGISTER]
    assert kind is type(fault)


async def test_nobody_is_asked_what_is_not_in_writing(bank):
    bank.peers.away["record"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await bank.registry.register(CALL, registering())

    assert bank.peers.verified == []


async def test_nobody_asks_the_national_register_for_what_is_refused_anyway(bank):
    await bank.registry.register(CALL, registering(quality_code=QualityCode(999)))

    assert (bank.peers.verified, len(bank.peers.entries)) == ([], 1)
