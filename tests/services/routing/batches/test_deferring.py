"""Consultations that may be answered in a batch: asked so, or because the answer was not whole."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest
from cbss.routing.v1 import routing_service_pb2 as pb

from services.concepts.decision import Denied
from services.concepts.failures import InvalidArgument
from services.concepts.status import status
from services.kit.errors import TicketReused
from services.routing.batches.deferred import decode_deferred, encode_answer
from services.routing.batches.usecases.deferring import Deferrals
from services.routing.model import Outcome, Party, SourceAnswer
from services.routing.wire.questions import decode_question, decode_results_action
from tests.services.routing import examples as ex
from tests.services.routing.batches.examples import person

ANNA = person(1)
WHOLE = SourceAnswer(ex.contract.sources[0], status("MSG00000"))


def request(action="BATCH_ONLY", ssin=ANNA, ticket="t-1", **more):
    asked = pb.ConsultRequest(
        legal_context="PCSW:EXAMPLE",
        data_contract="EXAMPLE",
        ssin=ssin,
        results_action=f"RESULTS_ACTION_{action}",
        **more,
    )
    asked.information_customer.ticket = ticket
    asked.information_customer.customer_identification.cbe_number = ex.CENTRE.digits
    return asked


@dataclass
class FakeConsultations:
    """Finds what it is told to."""

    found: tuple
    count: int = 0

    async def consult(self, exchange):
        self.count += 1
        return Outcome(exchange, Party(ex.centre, ex.centre), status("MSG00000"), self.found)


async def answered(country, asked, *found):
    """The answer to a request, and how often sources were asked at once."""
    exchange = replace(ex.exchange, question=decode_question(asked, ex.exchange.day))
    consulting = FakeConsultations(found)

    async def submissions():
        return country.submissions

    came = await Deferrals(consulting, submissions).answer(
        exchange, decode_results_action(asked), lambda: decode_deferred(asked, exchange, uuid4())
    )
    answer = encode_answer(asked, exchange, came, lambda _: "further", country.now)
    return answer, consulting.count


async def test_who_wants_it_in_a_batch_only_asks_no_source_at_once(country):
    answer, consulted = await answered(country, request())
    await country.work()

    (result,) = await country.results(UUID(answer.batch_id))

    assert (answer.status.code, consulted, len(answer.results)) == ("CBSS00001", 0, 0)
    assert (answer.ssin.ssin, answer.next_page_token) == (ANNA, "")
    assert (result.ssin.ssin, result.status.code) == (ANNA, "MSG00000")
    assert country.audit.heads() == [("INTENT", 1, ""), ("OUTCOME", 1, "")]


@pytest.mark.parametrize("action", ["UNSPECIFIED", "ONLINE_ONLY", "ONLINE_ELSE_BATCH"])
async def test_an_answer_that_is_whole_comes_at_once(country, action):
    answer, consulted = await answered(country, request(action), WHOLE)

    assert (answer.status.code, answer.batch_id, consulted) == ("MSG00000", "", 1)
    assert not country.audit.records


@pytest.mark.parametrize(
    "lacking", [replace(WHOLE, next="2"), replace(WHOLE, trouble="PEER_UNAVAILABLE")]
)
async def test_an_answer_that_is_not_whole_comes_in_a_batch_too(country, lacking):
    answer, _ = await answered(country, request("ONLINE_ELSE_BATCH"), WHOLE, lacking)
    kept, _ = await answered(country, request("ONLINE_ONLY"), WHOLE, lacking)

    assert (answer.status.code, len(answer.results)) == ("CBSS00001", 2)
    assert answer.batch_id
    # All of it comes there: it does not go on here.
    assert (answer.next_page_token, kept.next_page_token) == ("", "further")


async def test_where_no_batch_is_allowed_what_was_found_at_once_is_the_answer(country):
    country.mesh.verdict = Denied("MODE_NOT_COVERED", None, "v1")
    else_batch, _ = await answered(country, request("ONLINE_ELSE_BATCH"), replace(WHOLE, next="2"))
    only_batch, _ = await answered(country, request())

    assert (else_batch.status.code, else_batch.next_page_token) == ("MSG00000", "further")
    assert (only_batch.status.code, only_batch.batch_id) == ("MSG00013", "")


async def test_the_same_question_under_its_ticket_is_one_batch(country):
    first, _ = await answered(country, request())
    again, _ = await answered(country, request())
    with pytest.raises(TicketReused):
        await answered(country, request(ssin=person(2)))

    assert first.batch_id == again.batch_id


@pytest.mark.parametrize("more", [{"page_token": "x"}, {"via": [ex.CENTRE.digits]}])
def test_what_goes_on_or_comes_through_others_is_answered_online(more):
    with pytest.raises(InvalidArgument) as refused:
        decode_results_action(request("ONLINE_ELSE_BATCH", **more))

    assert refused.value.violations[0].field == "results_action"


def test_a_way_that_is_not_listed_is_refused():
    asked = request()
    asked.results_action = 9
    with pytest.raises(InvalidArgument):
        decode_results_action(asked)
