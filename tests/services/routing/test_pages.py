"""Tokens of the next page: for the same caller and question only, and opaque."""

from dataclasses import replace

import pytest
from cbss.routing.v1 import routing_service_pb2 as pb

from services.concepts.status import status
from services.kit.caller import Caller, ClientCertificate
from services.kit.errors import PageTokenInvalid
from services.kit.paging import PageTokens
from services.routing.model import SourceAnswer
from services.routing.rules.answers import LONGEST_NEXT
from services.routing.wire import pages
from tests.services.routing import examples as ex

TOKENS = PageTokens(b"secret", pages.LONGEST)


def caller(identifier="NTRBE-0207401539", certificate="cd" * 32):
    return Caller("gateway", ClientCertificate(identifier, "ab" * 32, certificate, "app"))


def asked(**changes):
    request = pb.ConsultRequest(
        legal_context="PCSW:EXAMPLE", data_contract="EXAMPLE", ssin=ex.PERSON.digits
    )
    request.information_customer.customer_identification.cbe_number = ex.CENTRE.digits
    request.information_customer.ticket = changes.pop("ticket", "t-1")
    for name, value in changes.items():
        setattr(request, name, value)
    return request


def given(**nexts):
    return [
        replace(SourceAnswer(one, status("MSG00000")), next=nexts.get(name, ""))
        for name, one in (("first", ex.first), ("second", ex.second))
    ]


def token(**nexts):
    return pages.encode_page(TOKENS, asked(), caller(), given(**nexts))


def test_a_token_says_where_each_source_goes_on_that_had_more():
    made = token(second="page:2")
    request = asked(page_token=made, ticket="t-2")

    # A renewed certificate and a ticket of its own make no other question.
    renewed = caller(certificate="ef" * 32)
    assert pages.decode_page(TOKENS, request, renewed) == {ex.SECOND: "page:2"}
    assert "page" not in made


def test_nobody_goes_on_where_all_was_told():
    assert token() == ""
    assert pages.decode_page(TOKENS, asked(), caller()) == {}


@pytest.mark.parametrize(
    "other",
    [
        {"legal_context": "PCSW:OTHER"},
        {"data_contract": "OTHER"},
        {"contract_version": 2},
        {"ssin": ex.SUCCESSOR.digits},
        {"cbe_number": "0314595348", "ssin": ""},
    ],
)
def test_a_token_is_of_no_use_for_another_question(other):
    with pytest.raises(PageTokenInvalid):
        pages.decode_page(TOKENS, asked(page_token=token(first="2"), **other), caller())


def test_a_token_is_of_no_use_to_another_caller_nor_altered():
    made = token(first="2")

    for who, told in (
        (caller("NTRBE-0207401638"), made),
        (caller(), made[:-2]),
        (caller(), "A" * (pages.LONGEST + 1)),
    ):
        with pytest.raises(PageTokenInvalid):
            pages.decode_page(TOKENS, asked(page_token=told), who)


def test_as_many_sources_as_a_contract_can_have_go_on():
    most = [
        replace(
            SourceAnswer(ex.first, status("MSG00000")),
            source=replace(ex.first, supplier=replace(ex.first.supplier, cbe_number=number)),
            next="n" * LONGEST_NEXT,
        )
        for number in map(type(ex.FIRST), range(1, 65))
    ]

    made = pages.encode_page(TOKENS, asked(), caller(), most)

    assert len(pages.decode_page(TOKENS, asked(page_token=made), caller())) == 64
