"""What must not be disclosed is cut whatever is granted, unless the deliberation says otherwise."""

from dataclasses import replace
from datetime import timedelta

from cbss.data.v1 import family_composition_pb2, handicap_pb2, legal_person_data_pb2

from services.concepts.status import status
from services.routing.model import Payload
from services.routing.rules import answers
from services.routing.rules.filtering import hide, types_of
from tests.services.routing import examples as ex


def person(undisclosable):
    data = legal_person_data_pb2.LegalPersonData()
    data.name.last_name = "mock"
    for holder in (data.main_address, data.contact_address):
        holder.address.postal_code = "9000"
    data.main_address.since.year = 2020
    data.main_address.address.undisclosable = undisclosable
    return data


def hidden(message):
    """What must not be disclosed goes; which paths went."""
    kinds = {message.DESCRIPTOR.full_name: type(message)}
    return hide(message, types_of(kinds).hiding)


def test_cuts_an_undisclosable_address_and_says_so():
    data = person(undisclosable=True)

    assert hidden(data) == {"main_address.address"}
    assert not data.main_address.HasField("address")
    assert data.main_address.since.year == 2020
    assert data.contact_address.address.postal_code == "9000"


def test_leaves_an_address_that_may_be_disclosed():
    data = person(undisclosable=False)
    before = data.SerializeToString()

    assert hidden(data) == frozenset()
    assert data.SerializeToString() == before


def test_of_a_list_only_what_must_not_be_disclosed_goes():
    file = handicap_pb2.HandicapFile()
    repeated = [
        field.name
        for field in file.DESCRIPTOR.fields
        if field.is_repeated
        and field.message_type is not None
        and field.message_type.full_name == "cbss.data.v1.Address"
    ]
    for name in repeated:
        addresses = getattr(file, name)
        addresses.add(postal_code="1000", undisclosable=True)
        addresses.add(postal_code="9000")

    assert hidden(file) == set(repeated)
    for name in repeated:
        assert [one.postal_code for one in getattr(file, name)] == ["9000"]


def test_passes_over_what_holds_no_address():
    household = family_composition_pb2.FamilyComposition(reference_person_ssin="")
    household.members.add(position_code="01")

    assert hidden(household) == frozenset()


def answered(*, granted):
    """The answer of a source with an address that must not be disclosed, all fields granted."""
    kind = legal_person_data_pb2.LegalPersonData
    name = kind.DESCRIPTOR.full_name
    contract = replace(ex.contract, result_type=name, types=types_of({name: kind}))
    grant = replace(ex.granted, fields=("*",), undisclosable_addresses=granted)
    plan = replace(ex.plan, contract=contract, granted=grant)
    sent = Payload(name, person(undisclosable=True).SerializeToString())
    told = answers.Reply(ex.PERSON.digits, status("MSG00000"), sent, "s-1", None, None, ())
    given = answers.judge(told, ex.first, ex.PERSON, plan, timedelta(milliseconds=1))
    return given, kind.FromString(given.payload.content)


def test_even_a_grant_of_everything_does_not_disclose_it():
    given, data = answered(granted=False)

    assert given.cut == {"main_address.address"}
    assert not data.main_address.HasField("address")


def test_a_deliberation_that_says_so_discloses_it():
    given, data = answered(granted=True)

    assert given.cut == frozenset()
    assert data.main_address.address.undisclosable
