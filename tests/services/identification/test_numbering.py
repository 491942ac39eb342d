"""Which numbers are made: in which range, and what comes when a day has no more."""

import pytest
from cbss.identification.v1 import identification_service_pb2_grpc as rpc
from google.type import date_pb2
from pydantic import ValidationError

from services.concepts.incomplete_date import IncompleteDate
from services.concepts.sex import Sex
from services.concepts.ssin import Ssin, SsinKind, check_digits, parse_ssin
from services.identification.rules.creation import next_number, spaces
from services.identification.settings import Settings
from services.kit.settings import Environment
from tests.services.identification.doors import listening, opened
from tests.services.identification.test_public import creation, described, home

UNKNOWN_MONTH = IncompleteDate(1983)


@pytest.fixture
async def parts(postgres):
    async with opened(postgres, mock=True) as made:
        yield made


@pytest.fixture
async def gateway(parts, tmp_path, authority):
    async with listening(parts, tmp_path, authority) as running:
        yield rpc.IdentificationServiceStub(await running.channel("gateway"))


def number(six, counter):
    nine = six * 1000 + counter
    return nine * 100 + check_digits(nine, 19)


def day(six, sex=None):
    """The numbers of a day, or those of one sex."""
    step, first = (1, 1) if sex is None else (2, 2 - sex.value % 2)
    return frozenset(number(six, counter) for counter in range(first, 999, step))


@pytest.mark.parametrize("sex", [Sex.MALE, Sex.FEMALE, None])
def test_without_a_month_the_day_field_counts_on_to_its_end(sex):
    every = spaces(UNKNOWN_MONTH, sex, mock=False)
    made = next_number(UNKNOWN_MONTH, sex, every, day(every.start + 31))

    assert made is not None
    assert parse_ssin(made.digits).number // 100_000 == every.start + 32
    assert str(made.birth) == "1983-00-00"
    assert next_number(UNKNOWN_MONTH, sex, every, day(every.start + 99)) is None


def test_a_day_that_is_known_has_its_own_numbers_only():
    birth = IncompleteDate(1983, 5, 17)
    every = spaces(birth, Sex.MALE, mock=False)

    assert next_number(birth, Sex.MALE, every, day(every.start)) is None
    assert next_number(birth, Sex.MALE, every, day(every.start, Sex.FEMALE)) is not None


async def test_a_mock_number_is_made_after_the_last_one_of_its_year(parts, gateway):
    await parts.owner.executemany(
        "insert into person (ssin, state) values ($1, 1)",
        [(one,) for field in (0, 1) for one in day(826000 + field)],
    )
    person = described(birth=date_pb2.Date(year=1982), main_address=home())
    person.main_address.address.country_code = "129"

    answer = await gateway.CreateBisPerson(creation(person))

    made = parse_ssin(answer.created.ssin)
    assert made.kind is SsinKind.MOCK
    assert made == Ssin(number(826002, 1))


def written(tmp_path, environment, said):
    """The settings of a process of that environment, told so or not."""
    file = tmp_path / "readable"
    file.write_text("x")
    files = ("certificate", "private_key", "authority", "sources_authority", "database_dsn")
    addresses = ("listen", "health", "metrics", "access", "audit", "national_register")
    told = {} if said is None else {"mock_numbers": said}
    return Settings.model_validate(
        {
            "environment": environment,
            **{f"{one}_file": file for one in files},
            **{f"{one}_address": "127.0.0.1:1" for one in addresses},
            "national_register_server_name": "rrn",
            "national_register_cbe_number": "0899990942",
            "crossroads_bank_cbe_number": "0899990150",
            **told,
        }
    )


@pytest.mark.parametrize(
    ("environment", "said", "mock"),
    [
        ("demo", None, True),
        ("test", None, True),
        ("acceptance", None, False),
        ("production", None, False),
        ("demo", "false", False),
        ("acceptance", "true", True),
        ("production", "false", False),
    ],
)
def test_the_environment_says_whether_numbers_are_real(tmp_path, environment, said, mock):
    settings = written(tmp_path, environment, said)

    assert settings.makes_mock_numbers is mock
    assert not (settings.makes_mock_numbers and settings.environment is Environment.PRODUCTION)


def test_in_production_no_mock_number_can_be_made(tmp_path):
    with pytest.raises(ValidationError, match="MOCK_NUMBERS"):
        written(tmp_path, "production", "true")
