"""Whatever a request holds, it gives values or named fields: no other exception leaves the wire."""

from datetime import date

import pytest
from cbss.data.v1 import legal_person_data_pb2 as data_pb
from cbss.identification.v1 import bis_pb2, enterprise_pb2, search_pb2
from cbss.identification.v1 import identification_service_pb2 as pb
from google.protobuf.message import DecodeError
from google.type import date_pb2
from hypothesis import given
from hypothesis import strategies as st

from services.concepts.failures import InvalidArgument
from services.identification.load.lines import read
from services.identification.model.calls import Unreadable
from services.identification.rules import creation, searching, verification
from services.identification.wire import enterprises, numbers, registering, replacements, searches
from tests.services.identification.test_public import checks, described, home, proof, search
from tests.services.identification.test_public import creation as creating

DAY = date(2026, 3, 31)
DECODED = [
    (pb.ResolveSsinsRequest(ssins=["71713000318"]), numbers.decode_ssins),
    (pb.ListReplacementsRequest(after_sequence=3, page_size=5), replacements.decode_page),
    (checks(proof("71713000318")), searches.decode_checks),
    (search(search_pb2.PhoneticCriteria(last_name="Maes", tolerance=3)), searches.decode_search),
    (search(address=search_pb2.AddressCriteria(postal_code="9000")), searches.decode_search),
    (proof("71713000318", card_number="591999990179"), searches.decode_proof),
    (creating(described(main_address=home())), registering.decode_creation),
    (
        bis_pb2.UpdatePersonRequest(
            ssin="71713000318", person=described(), proof_level="PROOF_LEVEL_REGISTER"
        ),
        registering.decode_update,
    ),
    (
        bis_pb2.ReplaceSsinRequest(ssin="71713000318", replaced_by="95661501255"),
        registering.decode_replacement,
    ),
    (enterprise_pb2.GetEnterpriseRequest(number="0899990150"), enterprises.decode_number),
    (
        enterprise_pb2.RegisterEnterpriseRequest(
            enterprise=enterprise_pb2.Enterprise(
                cbe_number="0899990150", name="x", start_date=date_pb2.Date(year=2000)
            )
        ),
        enterprises.decode_registration,
    ),
]


def judged(value):
    """What the rules say of what was decoded: they must bear all of it."""
    match value:
        case Unreadable():
            assert all(reason.field for reason in value.reasons)
        case searches.Search():
            faults = searching.faults(value)
            if not faults and value.phonetic is not None and value.ssin is None:
                searching.window(value.phonetic.birth, value.phonetic.tolerance or 0)
        case searches.IdentityProof():
            verification.faults(value)
        case registering.Creating():
            if not creation.anomalies(value.person, DAY):
                assert creation.looked_for(value.person).last_name
                birth, sex = value.person.birth, value.person.sex
                spaces = creation.spaces(birth, sex, mock=False)
                assert creation.next_number(birth, sex, spaces, ()) is not None


@pytest.mark.parametrize(("message", "decode"), DECODED, ids=lambda one: type(one).__name__)
@given(changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6))
def test_a_damaged_message_gives_a_value_or_names_a_field(message, decode, changes):
    content = bytearray(message.SerializeToString())
    for at, byte in changes:
        content[at % len(content)] = byte
    try:
        damaged = type(message).FromString(bytes(content))
    except DecodeError:
        return

    try:
        value = decode(damaged)
    except InvalidArgument as refused:
        assert refused.violations[0].field
    else:
        judged(value)


days = st.builds(
    date_pb2.Date,
    year=st.integers(-5, 10_050),
    month=st.integers(-1, 13),
    day=st.integers(-1, 32),
)
names = st.text(max_size=60)


@given(days, names, names, st.integers(0, 4), st.integers(0, 12) | st.none(), st.integers(-2, 90))
def test_any_criteria_give_a_window_or_a_reason(birth, last, first, gender, tolerance, maximum):
    criteria = search_pb2.PhoneticCriteria(
        last_name=last, first_name=first, birth_date=birth, gender=gender
    )
    if tolerance is not None:
        criteria.tolerance = tolerance

    asked = searches.decode_search(search(criteria, maximum=maximum))

    if isinstance(asked, Unreadable):
        return
    if not searching.faults(asked):
        window = searching.window(asked.phonetic.birth, asked.phonetic.tolerance or 0)
        assert window.first <= window.last
        covered = window.first <= window.exact <= window.last
        assert covered or window.exact in window.incomplete


@given(days, days, names, st.lists(names, max_size=4), st.integers(0, 4))
def test_any_person_gets_a_number_or_anomalies(birth, died, last, firsts, sex):
    person = data_pb.LegalPersonData(
        name=data_pb.PersonName(last_name=last, first_names=firsts),
        birth=data_pb.LifeEvent(date=birth, place=data_pb.Place(country_code="111")),
        decease=data_pb.LifeEvent(date=died),
        sex=sex,
    )

    asked = registering.decode_creation(creating(person))

    judged(asked)


@given(st.lists(st.text() | st.binary(), max_size=5))
def test_any_lines_give_persons_or_problems(lines):
    said, problems = read(lines)

    assert len(said.persons) + len({problem.line for problem in problems}) == len(lines)
