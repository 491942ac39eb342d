"""What must not be disclosed is cut whatever is granted, unless the deliberation says otherwise."""

from dataclasses import replace
from datetime import timedelta

from cbss.data.v1 import family_composition_pb2, legal_person_data_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from services.concepts.status import status
from services.routing.model import Payload
from services.routing.rules import answers
from services.routing.rules.filtering import UNDISCLOSABLE, hide, types_of
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
    """What must not be disclosed goes; whether anything did."""
    kinds = {message.DESCRIPTOR.full_name: type(message)}
    return hide(message, types_of(kinds).hiding)


def test_cuts_an_undisclosable_address():
    data = person(undisclosable=True)

    assert hidden(data)
    assert not data.main_address.HasField("address")
    assert data.main_address.since.year == 2020
    assert data.contact_address.address.postal_code == "9000"


def test_leaves_an_address_that_may_be_disclosed():
    data = person(undisclosable=False)
    before = data.SerializeToString()

    assert not hidden(data)
    assert data.SerializeToString() == before


def household_of(*undisclosable):
    """A message with a list of parts, some of which must not be disclosed."""
    field = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="list.proto", package="list.v1")
    part = file.message_type.add(name="Part")
    part.field.add(name="code", number=1, type=field.TYPE_INT32, label=field.LABEL_OPTIONAL)
    part.field.add(name=UNDISCLOSABLE, number=2, type=field.TYPE_BOOL, label=field.LABEL_OPTIONAL)
    whole = file.message_type.add(name="Whole")
    whole.field.add(
        name="parts",
        number=1,
        type=field.TYPE_MESSAGE,
        type_name=".list.v1.Part",
        label=field.LABEL_REPEATED,
    )
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    made = message_factory.GetMessageClass(pool.FindMessageTypeByName("list.v1.Whole"))()
    for code, hides in enumerate(undisclosable, 1):
        made.parts.add(code=code, undisclosable=hides)
    return made


def test_of_a_list_only_what_must_not_be_disclosed_goes():
    data = household_of(False, True, False)

    assert hidden(data)
    assert [part.code for part in data.parts] == [1, 3]


def test_passes_over_what_holds_no_address():
    household = family_composition_pb2.FamilyComposition(reference_person_ssin="")
    household.members.add(position_code="01")

    assert not hidden(household)


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

    assert given.cut == frozenset(), "that something is hidden would be told"
    assert not data.main_address.HasField("address")


def test_a_deliberation_that_says_so_discloses_it():
    given, data = answered(granted=True)

    assert given.cut == frozenset()
    assert data.main_address.address.undisclosable
