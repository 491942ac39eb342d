"""What PostgreSQL refuses of a text is the mistake of who sent it, and named."""

import json

import pytest
from cbss.identification.v1 import bis_pb2

from services.kit.postgres import UNSTORABLE, pool
from services.kit.texts import unstorable

REQUEST = bis_pb2.CreateBisPersonRequest(legal_context="A")
REQUEST.person.name.first_names.extend(["Jan", "Pi\0et"])
REQUEST.person.birth.act_number = "1\0"
NAMED = ["person.name.first_names[1]", "person.birth.act_number"]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("select $1::text", "Pi\0et"),
        ("select $1::text[]", ["Jan", "Pi\0et"]),
        ("select ($1::jsonb)->>'name'", json.dumps({"name": "Pi\0et"})),
    ],
)
async def test_the_field_is_named_that_the_store_refused(postgres, statement, value):
    database = await postgres.database("identification")
    async with pool(database.dsn, name="texts") as connections:
        with pytest.raises(UNSTORABLE) as refused:
            await connections.fetchval(statement, value)

    failure = unstorable(ExceptionGroup("both", [refused.value]), REQUEST)

    assert failure is not None
    assert [one.field for one in failure.violations] == NAMED


def test_what_is_not_the_callers_stays_our_mistake():
    refused = UNSTORABLE[0]("x")

    assert unstorable(refused, bis_pb2.CreateBisPersonRequest()) is None
    assert unstorable(refused, 7) is None
    assert unstorable(RuntimeError(), REQUEST) is None
