"""What is different in production: nobody there has a mock number."""

from dataclasses import replace

import pytest

from services.identification.store.numbers import PostgresStore
from services.identification.usecases.numbers import Identification
from services.identification.wire import searches
from tests.services.identification.doors import opened
from tests.services.identification.test_peers import CALL
from tests.services.identification.test_public import search


@pytest.fixture
async def parts(postgres):
    async with opened(postgres) as made:
        yield made


async def test_in_production_a_mock_number_is_nobody(parts):
    await parts.owner.execute(
        "insert into person (ssin, state) values (71713000318, 1);"
        "insert into identity (ssin, last_name, first_names, last_name_id, first_name_id,"
        " birth_date, sex, register, proof)"
        " values (71713000318, 'x', '{}', 1, 0, 19711130, 1, 2, 1)"
    )
    request = search(ssin="71713000318")
    servicer, ended = parts.servicer, []
    for knows_mock_numbers in (True, False):
        numbers = Identification(PostgresStore(parts.pool), knows_mock_numbers)
        persons = replace(servicer.persons, numbers=numbers)
        ended.append((await persons.search(CALL, searches.decode_search(request))).status.code.code)

    assert ended == ["MSG00000", "MSG00100"]
