"""The import of the public enterprise data: layout, moves, and what is refused with its line."""

import asyncio
import sys
from datetime import date

import pytest

from services.concepts.enterprise_number import EnterpriseNumber, EstablishmentNumber
from services.concepts.resolved_enterprise import EnterpriseState, ResolvedEnterprise
from services.identification.load.enterprises import import_extract
from services.identification.load.extract import ExtractRefused, read
from services.identification.model.enterprises import Enterprise, Establishment
from services.identification.store.enterprises import PostgresEnterprises
from services.kit.postgres import pool

FIRST, SECOND = EnterpriseNumber(899990150), EnterpriseNumber(899990348)
THIRD = EnterpriseNumber(899990447)
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
    return await postgres.migrated("identification")


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


def several(extract, many, day, *, units=0):
    """An extract of so many enterprises, the first of them with so many establishments."""
    numbers = [f"{n}{97 - n % 97:02d}" for n in range(8_999_800, 8_999_800 + many)]
    owned = [f"{n}{97 - n % 97:02d}" for n in range(29_999_900, 29_999_900 + units)]
    folder = extract(meta=("31-03-2026", day))
    rows = [f'"0{n}","AC","000","2","416","","09-08-1960"' for n in numbers]
    places = [f'"{unit}","15-03-1974","0{numbers[0]}"' for unit in owned]
    for name, lines in (("enterprise", rows), ("establishment", places)):
        head = FILES[f"{name}.csv"].partition("\n")[0]
        (folder / f"{name}.csv").write_text("\n".join([head, *lines, ""]))
    return folder


async def kept(database, number):
    async with pool(database.dsn, name="identification") as connections:
        return await PostgresEnterprises(connections).find(number)


async def test_what_an_extract_lacks_has_ceased_on_its_day(extract, database):
    await import_extract(database.owner_dsn, extract())
    head = FILES["establishment.csv"].partition("\n")[0] + "\n"
    later = {
        "meta": ("31-03-2026", "30-04-2026"),
        "establishment": (FILES["establishment.csv"], head),
    }
    lacking = '"0899.990.348","AC","000","1","","","16-02-1923"\n'
    await import_extract(database.owner_dsn, extract(enterprise=(lacking, ""), **later))

    ceased = await kept(database, SECOND)
    assert (ceased.status, ceased.end) == ("ST", date(2026, 4, 30))
    assert (await kept(database, FIRST)).status == "AC"
    assert await kept(database, UNIT) is None
    assert (await kept(database, FIRST)).establishments == ()

    await import_extract(database.owner_dsn, extract(meta=("31-03-2026", "31-05-2026")))

    back = await kept(database, SECOND)
    assert (back.status, back.end) == ("AC", None)
    [unit] = (await kept(database, FIRST)).establishments
    assert unit.since == date(2026, 5, 31)


async def test_what_was_registered_after_the_day_of_an_extract_is_newer(extract, database):
    async def witness():
        pass

    async with pool(database.dsn, name="identification") as connections:
        store = PostgresEnterprises(connections)
        await store.register(Enterprise(THIRD, "New", "AC"), date(2026, 4, 1), witness)
        await store.register(Enterprise(FIRST, "Renamed", "AC"), date(2026, 4, 1), witness)
        await store.belong(Establishment(UNIT, THIRD, date(2026, 3, 1)), date(2026, 4, 1), witness)
    empty = FILES["establishment.csv"].partition("\n")[0] + "\n"
    await import_extract(
        database.owner_dsn, extract(establishment=(FILES["establishment.csv"], empty))
    )

    assert (await kept(database, THIRD)).status == "AC"
    assert (await kept(database, FIRST)).name == "Renamed"
    assert (await kept(database, UNIT)).number == THIRD

    lacking = extract(meta=("31-03-2026", "30-04-2026"))
    await import_extract(database.owner_dsn, lacking)

    assert (await kept(database, THIRD)).end == date(2026, 4, 30)
    assert (await kept(database, FIRST)).name == "Proef, vereniging"


@pytest.mark.parametrize(
    ("many", "units", "day", "said"),
    [
        (0, 0, "30-04-2026", "holds no enterprise"),
        (93, 40, "30-04-2026", "enterprise.csv lacks 7 of 100"),
        (100, 0, "30-04-2026", "establishment.csv lacks 40 of 40"),
        (100, 40, "30-03-2026", "an extract of 2026-03-31 was imported already"),
        (100, 40, "31-12-2999", "lies in the future"),
    ],
)
async def test_an_extract_that_cannot_be_whole_changes_nothing(
    extract, database, many, units, day, said
):
    await import_extract(database.owner_dsn, several(extract, 100, "31-03-2026", units=40))

    with pytest.raises(ExtractRefused, match=said):
        await import_extract(database.owner_dsn, several(extract, many, day, units=units))

    async with pool(database.dsn, name="identification") as connections:
        assert (
            await connections.fetchval("select count(*) from enterprise where status = 'AC'") == 100
        )
        alive = "select count(*) from belonging where until = 'infinity'"
        assert await connections.fetchval(alive) == 40


async def test_a_small_share_may_cease(extract, database):
    await import_extract(database.owner_dsn, several(extract, 100, "31-03-2026"))
    await import_extract(database.owner_dsn, several(extract, 95, "30-04-2026"))

    async with pool(database.dsn, name="identification") as connections:
        ended = "select count(*) from enterprise where end_date = '2026-04-30' and status = 'ST'"
        assert await connections.fetchval(ended) == 5


def test_only_a_full_extract_says_what_exists_no_longer(extract):
    update = FILES["meta.csv"] + '"ExtractType","update"\n'

    with pytest.raises(ExtractRefused, match="only a full extract"):
        read(extract(meta=(FILES["meta.csv"], update)))


@pytest.mark.parametrize("hidden", ["\u00ad", "\u200b", "\u200e", "\u2028", "\x07"])
def test_what_nobody_sees_in_a_name_stops_no_country(extract, hidden):
    [first, _] = read(extract(denomination=("Proef,", f"{hidden}Proef,{hidden}"))).enterprises

    assert first.name == "Proef, vereniging"


async def test_tells_what_numbers_are_today(extract, database):
    await import_extract(database.owner_dsn, extract())
    await import_extract(
        database.owner_dsn,
        extract(
            meta=("31-03-2026", "30-04-2026"),
            enterprise=(
                '"0899.990.348","AC","000","1","","","16-02-1923"\n',
                '"0899.990.447","ST","000","1","","","16-02-1923"\n',
            ),
            establishment=('"2.999.999.073","15-03-1974","0899.990.150"\n', ""),
        ),
    )
    nobody, no_unit = EnterpriseNumber(314_595_348), EstablishmentNumber(2_147_812_701)

    async with pool(database.dsn, name="test") as opened:
        found = await PostgresEnterprises(opened).states_of(
            {FIRST, SECOND, THIRD, UNIT, nobody, no_unit}
        )
        assert await PostgresEnterprises(opened).states_of(set()) == {}

    day = date(2026, 4, 30)
    assert found == {
        FIRST: ResolvedEnterprise(EnterpriseState.ACTIVE),
        SECOND: ResolvedEnterprise(EnterpriseState.CEASED, day),
        THIRD: ResolvedEnterprise(EnterpriseState.CEASED),
        UNIT: ResolvedEnterprise(EnterpriseState.CEASED, day, FIRST),
    }
