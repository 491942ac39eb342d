import pytest

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.concepts.failures import InvalidArgument
from services.concepts.ssin import Ssin
from services.concepts.subject import SubjectKind, kind_of, parse_cbe_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0314595348", EnterpriseNumber(314_595_348)),
        ("BE 0314.595.348", EnterpriseNumber(314_595_348)),
        ("1000000120", EnterpriseNumber(1_000_000_120)),
        ("2999999073", EstablishmentNumber(2_999_999_073)),
        (" 8.000.000.170", EstablishmentNumber(8_000_000_170)),
    ],
)
def test_the_first_digit_tells_what_a_number_names(text, number):
    assert parse_cbe_number(text) == number


@pytest.mark.parametrize("text", ["", "0314595349", "9000000191", "71713000318", "x"])
def test_what_is_no_such_number_is_refused_naming_the_field(text):
    with pytest.raises(InvalidArgument) as refused:
        parse_cbe_number(text, field="asked")

    assert [one.field for one in refused.value.violations] == ["asked"]


def test_every_number_has_a_kind():
    subjects = Ssin(71713000318), EnterpriseNumber(314_595_348), EstablishmentNumber(2_999_999_073)

    assert [kind_of(one) for one in subjects] == list(SubjectKind)
