"""The RPCs, over mutual TLS with real certificates."""

import pytest
from cbss.common.v1 import period_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from cbss.directory.v1 import registration_pb2
from google.type import date_pb2

from services.directory.callers import CALLERS
from tests.services.directory.examples import CENTRE, FEDERAL, NETWORK
from tests.services.directory.requests import (
    contracting,
    customer,
    day,
    days,
    event,
    list_subscriptions,
    listing,
    registering,
    subscribe,
    unregistering,
    unsubscribe,
)
from tests.services.directory.serving import (
    CENTRE_PROGRAM,
    INSTITUTIONS,
    card,
    forwarded,
    reason,
    stub,
)
from tests.services.directory.test_wire import asked

WORKLOADS = (
    "gateway",
    "routing",
    "identification",
    "access",
    "audit",
    "buffer",
    "directory",
    "operator",
)
REQUESTS = {
    "LocateDossiers": pb.LocateDossiersRequest(questions=[asked()]),
    "ListOrganizations": pb.ListOrganizationsRequest(),
    "ListDataContracts": pb.ListDataContractsRequest(),
    "RegisterDataContract": contracting(),
    "RegisterPerson": registering(),
    "UnregisterPerson": unregistering(),
    "ListRegistrations": listing(),
    "ListMyFiles": pb.ListMyFilesRequest(),
    "Subscribe": subscribe(),
    "Unsubscribe": unsubscribe(),
    "ListSubscriptions": list_subscriptions(),
    "LocateSubscribers": pb.LocateSubscribersRequest(events=[event()]),
    "ListFigures": pb.ListFiguresRequest(period=days("2026-01-01", "2026-12-31")),
    "PreviewSubscribers": pb.PreviewSubscribersRequest(event=event(), reason="a complaint"),
}
CARD = card()
ROWS = [(method.rpartition("/")[2], workloads) for method, workloads in CALLERS.items()]


def client(method):
    """Whom the gateway forwards for an RPC: the centre, or a citizen where only citizens may."""
    return CARD if method == "ListMyFiles" else forwarded(CENTRE_PROGRAM)


async def test_dossiers_are_located_in_the_order_of_the_questions(directory):
    response = await (await stub(directory)).LocateDossiers(
        pb.LocateDossiersRequest(
            questions=[asked(data_contract="OTHER"), asked(), asked(ssin="89672220419")]
        )
    )

    known = pb.LocatedDossiers(
        customer_quality_codes=["002"],
        sources=[pb.LocatedSource(cbe_number=FEDERAL.digits, quality_codes=["001"])],
    )
    assert list(response.results) == [pb.LocatedDossiers(), known, pb.LocatedDossiers()]


@pytest.mark.parametrize(
    ("method", "request_of", "rows", "names"),
    [
        (
            "ListOrganizations",
            pb.ListOrganizationsRequest,
            lambda page: [one.cbe_number for one in page.organizations],
            [NETWORK.digits, CENTRE.digits, FEDERAL.digits],
        ),
        (
            "ListDataContracts",
            pb.ListDataContractsRequest,
            lambda page: [one.version for one in page.data_contracts],
            [1, 2],
        ),
    ],
)
async def test_pages_follow_each_other_to_the_end(directory, method, request_of, rows, names):
    call, request = getattr(await stub(directory, "operator"), method), request_of(page_size=1)
    whole, seen = await call(request_of()), []

    while True:
        page = await call(request)
        seen += rows(page)
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token

    assert seen == rows(whole) == names
    assert whole.next_page_token == ""


async def token(directory, workload, client=None):
    """The token of the second page, as a caller gets it."""
    page = await (await stub(directory, workload)).ListDataContracts(
        pb.ListDataContractsRequest(page_size=1), metadata=forwarded(client) if client else None
    )
    return page.next_page_token


async def test_a_page_token_is_of_use_to_its_own_caller_only(directory):
    mine, other = (INSTITUTIONS.program(f"NTRBE-{one.digits}") for one in (CENTRE, NETWORK))
    request = pb.ListDataContractsRequest(page_token=await token(directory, "gateway", mine))
    gateway, operator = await stub(directory, "gateway"), await stub(directory, "operator")

    again = await gateway.ListDataContracts(request, metadata=forwarded(mine))

    assert [one.version for one in again.data_contracts] == [2]
    call = gateway.ListDataContracts
    assert await reason(call, request, metadata=forwarded(other)) == "PAGE_TOKEN_INVALID"
    assert await reason(operator.ListDataContracts, request) == "PAGE_TOKEN_INVALID"


async def test_a_page_token_of_one_list_is_of_no_use_to_another(directory):
    request = pb.ListOrganizationsRequest(page_token=await token(directory, "operator"))

    found = await reason((await stub(directory, "operator")).ListOrganizations, request)

    assert found == "PAGE_TOKEN_INVALID"


@pytest.mark.parametrize("method", ["ListOrganizations", "ListDataContracts"])
@pytest.mark.parametrize("damaged", ["x", "é", "A" * 5000])
async def test_a_damaged_page_token_is_refused(directory, method, damaged):
    request = type(REQUESTS[method])(page_token=damaged)

    assert (
        await reason(getattr(await stub(directory, "operator"), method), request)
        == "PAGE_TOKEN_INVALID"
    )


@pytest.mark.parametrize(("method", "listed"), ROWS)
@pytest.mark.parametrize("workload", WORKLOADS)
async def test_answers_who_is_listed_and_refuses_who_is_not(directory, method, listed, workload):
    call = getattr(await stub(directory, workload), method)
    metadata = client(method)
    named = {"metadata": metadata} if workload == "gateway" else {}

    if workload in listed and method == "Unsubscribe":
        assert await reason(call, REQUESTS[method], **named) == "SUBSCRIPTION_UNKNOWN"
    elif workload in listed:
        assert await call(REQUESTS[method], **named)
    else:
        assert await reason(call, REQUESTS[method], **named) == "CALLER_NOT_LISTED"


# What needs no catalogue, and what reads it first.
INDEPENDENT = {"RegisterDataContract", "Unsubscribe", "ListFigures"}


@pytest.mark.parametrize("method", sorted(REQUESTS.keys() - INDEPENDENT))
async def test_nothing_is_told_from_a_catalogue_that_is_too_old(directory, method):
    directory.clock.seconds += 61
    workload = min(CALLERS[f"cbss.directory.v1.DirectoryService/{method}"])
    call = getattr(await stub(directory, workload), method)
    metadata = client(method) if workload == "gateway" else None

    found = await reason(call, REQUESTS[method], metadata=metadata)

    assert found == "CATALOGUE_STALE"


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("LocateDossiers", pb.LocateDossiersRequest()),
        ("LocateDossiers", pb.LocateDossiersRequest(questions=[asked(ssin="71713000319")])),
        ("ListOrganizations", pb.ListOrganizationsRequest(page_size=-1)),
        ("RegisterPerson", registering(quality_code="2")),
        ("RegisterPerson", registering(quality_code="٠٠٢")),
        ("RegisterPerson", registering(phase=100)),
        ("RegisterPerson", registering(register=0)),
        ("RegisterPerson", registering(legal_context="")),
        ("RegisterPerson", registering(information_customer=customer(ticket=""))),
        ("RegisterPerson", registering(information_customer=customer(ticket="T" * 37))),
        ("RegisterPerson", registering(period=period_pb2.Period())),
        ("RegisterPerson", registering(proof=registration_pb2.IdentityProof(card_number="1"))),
        ("RegisterPerson", registering(proof=registration_pb2.IdentityProof(last_name="x" * 49))),
        ("UnregisterPerson", unregistering(period=days("2020-01-01"))),
        ("ListRegistrations", listing(sector=1000)),
        ("ListRegistrations", listing(as_of=date_pb2.Date(year=2026, month=2, day=30))),
        ("Subscribe", subscribe(quality_codes=[])),
        ("Subscribe", subscribe(mode=0)),
        ("Subscribe", subscribe(fields=["Rights"])),
        ("Subscribe", subscribe(minimum_phase=100)),
        ("Subscribe", subscribe(event_type="r010")),
        ("Unsubscribe", unsubscribe("nonsense")),
        ("ListSubscriptions", list_subscriptions(page_size=-1)),
        ("LocateSubscribers", pb.LocateSubscribersRequest()),
        ("LocateSubscribers", pb.LocateSubscribersRequest(events=[event(ssin="1")])),
        ("PreviewSubscribers", pb.PreviewSubscribersRequest(event=event())),
        ("ListFigures", pb.ListFiguresRequest(period=days("2026-01-01"))),
        ("ListFigures", pb.ListFiguresRequest(period=days("2000-01-01", "2026-01-01"))),
        ("RegisterDataContract", contracting(code="fresh")),
        ("RegisterDataContract", contracting(title="")),
        ("RegisterDataContract", contracting(minimum_phase=100)),
        ("RegisterDataContract", contracting(integration_check=0)),
        ("RegisterDataContract", contracting(required_fields=["a"] * 65)),
        ("ListDataContracts", pb.ListDataContractsRequest(page_size=-1)),
        ("ListMyFiles", pb.ListMyFilesRequest(page_size=-1)),
    ],
)
async def test_what_makes_no_sense_is_refused(directory, method, wrong):
    workload = min(CALLERS[f"cbss.directory.v1.DirectoryService/{method}"])
    call = getattr(await stub(directory, workload), method)
    metadata = client(method) if workload == "gateway" else None

    assert await reason(call, wrong, metadata=metadata) == "INVALID_ARGUMENT"


async def test_a_person_is_registered_listed_and_unregistered_over_the_wire(directory):
    gateway, said = await stub(directory, "gateway"), forwarded(CENTRE_PROGRAM)

    registered = await gateway.RegisterPerson(registering(quality_code="003"), metadata=said)
    listed = await gateway.ListRegistrations(listing(as_of=day("2026-06-01")), metadata=said)
    ended = await gateway.UnregisterPerson(
        unregistering(quality_code="003", period=days("2026-01-01", "2026-11-30")), metadata=said
    )

    assert registered.request == registering(quality_code="003")
    assert registered.information_cbss.ticket_cbss
    assert registered.registrations[0].quality_code == "003"
    assert {one.quality_code for one in listed.registrations} == {"002", "003"}
    assert ended.registrations[0].period == days("2026-01-01", "2026-11-30")


async def test_a_subscription_is_given_and_located_over_the_wire(directory):
    gateway, said = await stub(directory, "gateway"), forwarded(CENTRE_PROGRAM)
    given = (await gateway.Subscribe(subscribe(), metadata=said)).subscription

    listed = await gateway.ListSubscriptions(list_subscriptions(), metadata=said)
    located = await (await stub(directory)).LocateSubscribers(REQUESTS["LocateSubscribers"])
    await gateway.Unsubscribe(unsubscribe(given.subscription_id), metadata=said)

    assert list(listed.subscriptions) == [given]
    (found,) = located.results[0].subscribers
    assert (found.subscription, found.quality_codes) == (given, ["002"])


async def test_a_registered_contract_is_listed_and_reasons_against_one_are_told(directory):
    operator = await stub(directory, "operator")

    await operator.RegisterDataContract(contracting())
    listed = await (await stub(directory, "operator")).ListDataContracts(
        pb.ListDataContractsRequest()
    )
    refused = await reason(operator.RegisterDataContract, contracting(code="B", result_type="x.Y"))
    taken = await reason(operator.RegisterDataContract, contracting(title="Another"))

    assert "FRESH" in [one.code for one in listed.data_contracts]
    assert (refused, taken) == ("CONTRACT_REFUSED", "CONTRACT_EXISTS")
