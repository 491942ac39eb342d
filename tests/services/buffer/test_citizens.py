"""A citizen reads the facts on him, and only on him; the trail has it first."""

import hashlib
from urllib.parse import quote

import grpc
import pytest
import yaml
from cbss.buffer.v1 import buffer_service_pb2 as pb
from cbss.buffer.v1 import buffer_service_pb2_grpc as rpc
from cryptography.hazmat.primitives.serialization import Encoding
from google.rpc import error_details_pb2, status_pb2

from sandbox.authority import Authority
from services.admission.model import Stage
from services.buffer.citizens import Words, WordsFile, words
from services.buffer.definitions import fact_types
from services.buffer.model import FedFact
from services.concepts.organization import SectorInstitution
from services.kit.errors import PeerUnavailable
from services.kit.forwarded import HEADER
from tests.architecture.project import ROOT
from tests.services.buffer.examples import CITIZENS, MARC, NOBODY, fact

OTHERS = Authority.founded("institutions of the tests")


def forwarded(issued):
    """What the gateway says of a client's certificate."""
    digest = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).hexdigest()
    return [(HEADER, f'Hash={digest};Cert="{quote(issued.pem.decode(), safe="")}"')]


def card(ssin=MARC.digits, authority=CITIZENS):
    """What the gateway says of a citizen's card."""
    return forwarded(authority.citizen(ssin, "Citizen"))


CARD = card()


async def asked(buffer, authority, metadata=CARD, workload="gateway", **what):
    raw = rpc.BufferServiceStub(await buffer.raw(authority.workload(workload)))
    return await raw.ListMyFacts(pb.ListMyFactsRequest(**what), metadata=metadata)


async def refusal(buffer, authority, metadata=CARD, **what):
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await asked(buffer, authority, metadata, **what)
    details = dict(refused.value.trailing_metadata())["grpc-status-details-bin"]
    info = error_details_pb2.ErrorInfo()
    status_pb2.Status.FromString(details).details[0].Unpack(info)
    return info.reason


async def test_a_citizen_reads_each_fact_with_its_source_and_expiry(buffer, authority):
    answer = await asked(buffer, authority)

    holder, expired, wage = answer.facts
    assert (holder.fact_type, holder.ssin) == ("BIM_HOLDER", MARC.digits)
    assert holder.fact.nl == "Recht op verhoogde tegemoetkoming als gerechtigde"
    assert holder.supplier.sector_institution.sector == 11
    assert holder.supplier_name.fr == "Collège intermutualiste national"
    assert (holder.expires_on.year, holder.period.HasField("end_date")) == (2027, False)
    assert wage.period.end_date.month == 6
    assert (wage.value, wage.value_name.nl) == (3, "met gezin ten laste")
    assert (wage.decided_on.month, wage.decided_on.day) == (1, 29)
    # What the source did not say is not said.
    for silent in (expired, holder):
        assert not any(map(silent.HasField, ("value", "value_name", "decided_on")))
    # It is not used any more, but it is still there.
    assert expired.period.begin_date.year == 2010


async def test_facts_on_others_are_not_told_and_those_on_a_new_number_are(buffer, authority):
    buffer.store.fed.append(FedFact(NOBODY, fact("IVT")))

    mine = await asked(buffer, authority)
    buffer.store.replaced[MARC] = NOBODY
    both = await asked(buffer, authority)

    assert {one.ssin for one in mine.facts} == {MARC.digits}
    assert {one.ssin for one in both.facts} == {MARC.digits, NOBODY.digits}


async def test_pages_go_on_to_the_end_each_on_the_trail(buffer, authority):
    first = await asked(buffer, authority, page_size=2)
    second = await asked(buffer, authority, page_size=2, page_token=first.next_page_token)

    whole = await asked(buffer, authority)
    assert [*first.facts, *second.facts] == list(whole.facts)
    assert second.next_page_token == whole.next_page_token == ""
    tickets = [str(one.call.ticket) for one in buffer.trail.readings]
    assert tickets == [one.ticket_cbss for one in (first, second, whole)]
    assert {one.person for one in buffer.trail.readings} == {MARC}


async def test_nothing_is_told_that_cannot_be_put_in_writing(buffer, authority):
    buffer.trail.away = PeerUnavailable()

    assert await refusal(buffer, authority) == "PEER_UNAVAILABLE"


@pytest.mark.parametrize(
    "metadata",
    [
        forwarded(OTHERS.organization("p", "Centre", "NTRBE-0899990348")),
        card(authority=OTHERS),
        card("71713000319"),
        card("x"),
    ],
)
async def test_who_is_no_citizen_is_refused_on_the_trail(buffer, authority, metadata):
    assert await refusal(buffer, authority, metadata) == "CITIZEN_UNKNOWN"

    [reading] = buffer.trail.readings
    assert (reading.person, reading.reason) == (None, "CITIZEN_UNKNOWN")
    assert (reading.stage, reading.permitted) == (Stage.REFUSAL, False)


async def test_only_citizens_behind_the_gateway_may_ask(buffer, authority):
    assert await refusal(buffer, authority, workload="operator") == "CALLER_NOT_LISTED"
    assert await refusal(buffer, authority, []) == "CALLER_UNKNOWN"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"page_size": -1}, "INVALID_ARGUMENT"),
        ({"page_token": "x"}, "PAGE_TOKEN_INVALID"),
    ],
)
async def test_a_page_that_makes_no_sense_is_refused(buffer, authority, wrong, reason):
    assert await refusal(buffer, authority, **wrong) == reason


async def test_a_page_token_is_of_use_to_its_own_citizen_only(buffer, authority):
    first = await asked(buffer, authority, page_size=1)
    other = card(NOBODY.digits)

    found = await refusal(buffer, authority, other, page_token=first.next_page_token)

    assert found == "PAGE_TOKEN_INVALID"


def test_every_kind_of_fact_has_words_and_a_file_without_them_is_refused():
    assert all(words().fact(one) for one in fact_types())
    assert words().fact("GONE") is None
    assert words().supplier(SectorInstitution(99, 0)) is None
    text = (ROOT / "services/buffer/data/citizens.yaml").read_text("utf-8")
    assert words().category("RIS", 4) is words().category("IGO", 1) is None
    for part, said in (("fact_types", "kinds"), ("categories", "categories")):
        held = yaml.safe_load(text)
        del held[part]["RIS"]
        with pytest.raises(ValueError, match=f"differ in .*{said}"):
            Words(WordsFile.model_validate(held))
