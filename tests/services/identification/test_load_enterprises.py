"""The import of the public enterprise data: layout, moves, and what is refused with its line."""

import asyncio
import sys
from datetime import date

import pytest

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.identification.load.enterprises import import_extract
from services.identification.load.extract import ExtractRefused, read
from services.identification.store.enterprises import PostgresEnterprises
from services.kit.migrate import migrate
from services.kit.postgres import pool

FIRST, SECOND = EnterpriseNumber(899990150), EnterpriseNumber(899990348)
UNIT = EstablishmentNumber(2999999073)
FILES = {
    "meta.csv": '"Variable","Value"\n"SnapshotDate","31-03-2026"\n',
    "enterprise.csv": (
        '"EnterpriseNumber","Status","JuridicalSituation","TypeOfEnterprise","JuridicalForm",'
        '"JuridicalFormCAC","StartDate"\n'
        '"0899.990.150","AC","000","2","416","","09-08-1960"\n'
        '"0899.990.348","AC","000","1","","","16-02-1923"\n'
    ),
    "establishment.csv": (
        '"EstablishmentNumber","StartDate","EnterpriseNumber"\n'
        '"2.999.999.073","15-03-1974","0899.990.150"\n'
    ),
    "denomination.csv": (
        '"EntityNumber","Language","TypeOfDenomination","Denomination"\n'
        '"0899.990.150","2","003","De Proef"\n'
        '"0899.990.150","2","001","Proef, vereniging"\n'
        '"2.999.999.073","1","003","L\'Essai"\n'
    ),
    "address.csv": (
        '"EntityNumber","TypeOfAddress","CountryNL","CountryFR","Zipcode","MunicipalityNL",'
        '"MunicipalityFR","StreetNL","StreetFR","HouseNumber","Box","ExtraAddressInfo",'
        '"DateStrikingOff"\n'
        '"0899.990.150","REGO","","","9070","Destelbergen","","Kerkstraat","","1","","",""\n'
        '"0899.990.348","REGO","","","2600","Antwerpen","","Weg","","2","","","01-01-2020"\n'
    ),
}


@pytest.fixture
def extract(tmp_path):
    """Writes an extract, with some words changed."""

    def made(**changed):
        for name, text in FILES.items():
            old, new = changed.get(name.partition(".")[0], ("", ""))
            assert old in text
            (tmp_path / name).write_text(text.replace(old, new, 1) if old else text)
        return tmp_path

    return made


@pytest.fixture
async def database(postgres):
    made = await postgres.database("identification")
    await migrate(made.owner_dsn, "services.identification")
    return made


def test_reads_the_public_layout(extract):
    found = read(extract())

    first, second = found.enterprises
    assert (first.number, first.name, first.postal_code) == (FIRST, "Proef, vereniging", "9070")
    assert (first.start, first.juridical_form) == (date(1960, 8, 9), "416")
    assert (second.name, second.postal_code) == ("", "")
    (unit,) = found.establishments
    assert (unit.number, unit.enterprise, unit.name) == (UNIT, FIRST, "L'Essai")
    assert found.day == date(2026, 3, 31)


async def test_imports_again_without_a_change_and_follows_a_move(extract, database):
    assert await import_extract(database.owner_dsn, extract()) == (2, 1)
    assert await import_extract(database.owner_dsn, extract()) == (2, 1)

    moved = extract(
        establishment=("0899.990.150", "0899.990.348"), meta=("31-03-2026", "30-04-2026")
    )
    await import_extract(database.owner_dsn, moved)

    async with pool(database.dsn, name="identification") as connections:
        found = await PostgresEnterprises(connections).find(UNIT)
        rows = await connections.fetch(
            "select cbe_number, since, until from belonging order by since"
        )
    assert found.number == SECOND
    assert [tuple(row) for row in rows] == [
        (FIRST.number, date(1974, 3, 15), date(2026, 4, 30)),
        (SECOND.number, date(2026, 4, 30), date.max),
    ]


async def test_refuses_the_whole_for_an_establishment_of_nobody(extract, database):
    with pytest.raises(ExtractRefused, match="nobody knows"):
        await import_extract(
            database.owner_dsn, extract(establishment=("0899.990.150", "0899.990.447"))
        )

    async with pool(database.dsn, name="identification") as connections:
        assert await PostgresEnterprises(connections).find(FIRST) is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"meta": ("SnapshotDate", "Version")}, "SnapshotDate is missing"),
        ({"meta": ("31-03-2026", "2026-03-31")}, "meta.csv line 2: Value"),
        ({"enterprise": ("0899.990.348", "0899.990.349")}, "enterprise.csv line 3"),
        ({"enterprise": ("0899.990.348", "0899.990.150")}, "line 3: EnterpriseNumber stands twice"),
        ({"enterprise": ("16-02-1923", "1923")}, "enterprise.csv line 3: StartDate"),
        ({"enterprise": ('"StartDate"', '"Start"')}, "column StartDate is missing"),
        ({"enterprise": (',"","16-02-1923"', "")}, "line 3: columns are missing"),
        ({"establishment": ("2.999.999.073", "0899.990.150")}, "establishment.csv line 2"),
        ({"denomination": ("De Proef", "x" * 321)}, "denomination.csv line 2: Denomination"),
        ({"address": ('"9070"', '"90')}, "address.csv cannot be read"),
    ],
)
def test_says_where_an_extract_cannot_be_used(extract, changed, said):
    with pytest.raises(ExtractRefused, match=said.replace(".", r"\.")):
        read(extract(**changed))


async def test_the_command_imports_and_refuses(extract, database, tmp_path_factory):
    secret = tmp_path_factory.mktemp("secret") / "dsn"
    secret.write_text(database.owner_dsn)

    async def command(folder):
        job = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.identification.load.enterprises", str(folder)),
            env={"DATABASE_OWNER_DSN_FILE": str(secret)},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await job.communicate()
        return job.returncode, said.decode()

    code, said = await command(extract())
    assert (code, '"enterprises": 2' in said) == (0, True)
    code, said = await command(secret.parent)
    assert (code, "cannot be read" in said) == (1, True)
