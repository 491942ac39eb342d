"""What PostgreSQL refuses of a text is the mistake of who sent it, and named."""

import json
from types import SimpleNamespace

import grpc
import pytest
from cbss.identification.v1 import bis_pb2

from services.kit import status
from services.kit.interceptors import Interceptor
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


async def takes_all(requests):
    """A store that refuses what it is given last."""
    async for _ in requests:
        pass
    raise UNSTORABLE[0]("x")


async def watches(_request, _context):
    raise UNSTORABLE[0]("x")
    yield


async def feeds(requests, _context):
    await takes_all(requests)


async def talks(requests, _context):
    await takes_all(requests)
    yield


async def said():
    for request in (bis_pb2.CreateBisPersonRequest(), REQUEST):
        yield request.SerializeToString()


class Refused(Exception):
    """What the call ended with: the code, and its details."""


class Context:
    """Of a call that is refused."""

    async def abort(self, code, _text, trailing_metadata):
        raise Refused(code, dict(trailing_metadata)[status.DETAILS_KEY])


@pytest.mark.parametrize(
    ("shape", "behavior"),
    [("unary_stream", watches), ("stream_unary", feeds), ("stream_stream", talks)],
)
async def test_the_field_is_named_of_what_comes_or_goes_in_a_stream_too(shape, behavior):
    make = getattr(grpc, f"{shape}_rpc_method_handler")
    handler = make(behavior, bis_pb2.CreateBisPersonRequest.FromString, bytes)
    gate = SimpleNamespace(admit=lambda *_: None)
    around = Interceptor(gate, default_deadline=60).wrap("x/X", handler, counted=False)
    told = said() if shape.startswith("stream") else REQUEST.SerializeToString()

    with pytest.raises(Refused) as refused:
        await getattr(around, shape)(told, Context())

    code, details = refused.value.args
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert [one.field for one in status.violations_in(details)] == NAMED
