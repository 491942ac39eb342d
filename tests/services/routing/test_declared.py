"""Numbers that an enum does not declare are no values of a contract, wherever they stand."""

import pytest
from cbss.data.v1 import employer_pb2, handicap_pb2, living_wage_pb2

from services.routing.model import Payload
from services.routing.rules import payloads
from services.routing.rules.declared import holds_undeclared, values_of
from tests.services.routing import examples as ex

HANDICAP = values_of({"": handicap_pb2.HandicapFile})
EMPLOYER = values_of({"": employer_pb2.Employer})


def employer(*sizes):
    establishments = [employer_pb2.EmployerEstablishment(size=size) for size in sizes]
    return employer_pb2.Employer(establishments=establishments)


@pytest.mark.parametrize(("sizes", "undeclared"), [((0, 1, 4), False), ((1, 5), True), ((), False)])
def test_a_number_deep_in_a_list_is_found(sizes, undeclared):
    assert holds_undeclared(employer(*sizes), EMPLOYER) == undeclared


def test_a_message_without_enums_holds_nothing_undeclared():
    years = living_wage_pb2.LivingWageAmounts()
    years.years.add(year=2024)

    assert not holds_undeclared(years, values_of({"": living_wage_pb2.LivingWageAmounts}))


def test_the_enums_of_a_contract_are_known_with_their_numbers():
    assert EMPLOYER["cbss.data.v1.EmployerEstablishment"] == (("size", frozenset(range(5)), False),)
    assert EMPLOYER["cbss.data.v1.Employer"] == (("establishments", None, True),)
    assert HANDICAP["cbss.data.v1.HandicapFile"]


@pytest.mark.parametrize(("content", "readable"), [(b"\x08\x02", True), (b"\x08\x09", False)])
def test_it_is_not_read_as_what_it_says_it_is(content, readable):
    sent = Payload("example.v1.Criteria", content)

    if readable:
        assert payloads.read(sent, ex.contract)
        return
    with pytest.raises(payloads.Unreadable):
        payloads.read(sent, ex.contract)
