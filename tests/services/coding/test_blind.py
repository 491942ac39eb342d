"""The blind mode: what the service multiplies, what it never sees, and what it refuses."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as some

from services.coding.model import Blinded, DomainKey, Flaw, Passed
from services.coding.rules.blinding import Blinding, make_domain
from services.coding.rules.curve import (
    ORDER,
    P,
    Scalars,
    draw_scalar,
    find_point,
    invert,
    invert_all,
    multiply,
)
from services.coding.rules.transit import open_scalar, seal_scalar
from tests.services.coding import blind
from tests.services.coding.blind import Client, at_rest, coordinates, decode, encode, numbers

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SSIN = b"71713000318"
SERVICE = Blinding(Scalars())


def domain(name="uhmep", n=1):
    keys = {f"{name}-{at}": DomainKey(f"{name}-{at}", bytes([n, at]) * 16) for at in (1, 2)}
    scalar = draw_scalar()
    return make_domain(name, f"https://{name}.example", scalar, keys, f"{name}-2")


HOME, AWAY = domain(), domain("away", 2)


def in_home(client, value, now=NOW):
    return client.ask(lambda told: SERVICE.pseudonymise(HOME, told, now), encode(value))


@pytest.mark.parametrize("scalar", [1, 2, 3, 1 << 520, ORDER - 1])
def test_multiplies_as_an_independent_library_does(scalar):
    def public(times):
        key = ec.derive_private_key(times, ec.SECP521R1()).public_key().public_numbers()
        return key.x.to_bytes(66), key.y.to_bytes(66)

    begin = find_point(*public(7))
    made = multiply(begin, scalar)

    assert (made.x, made.y) == public(7 * scalar % ORDER)


@settings(max_examples=15, deadline=None)
@given(some.integers(1, ORDER - 1), some.binary(max_size=56))
def test_multiplies_as_slow_arithmetic_does(scalar, value):
    point = encode(value)

    assert numbers(multiply(find_point(*coordinates(point)), scalar)) == blind.times(point, scalar)
    assert scalar * invert(scalar) % ORDER == 1
    assert invert_all([scalar, 1, 2]) == [invert(scalar), 1, invert(2)]
    assert decode(point) == value


def test_no_scalar_is_given_twice():
    scalars = Scalars()
    drawn = [scalars.draw() for _ in range(200)]

    assert len({*drawn}) == 200
    assert all(one * inverse % ORDER == 1 for one, inverse in drawn)


def test_coordinates_keep_their_first_zeros():
    # A value of 56 bytes or fewer always begins with a zero byte; results do now and then.
    begin = find_point(*coordinates(encode(b"x")))
    short = next(
        made
        for made in (multiply(begin, n) for n in range(2, 4000))
        if made.x[:2] in (b"\0\0", b"\1\0") or made.x[0] == 0
    )

    assert len(short.x) == len(short.y) == 66
    assert find_point(short.x, short.y) == short
    assert find_point(short.x[1:], short.y) is None
    assert find_point(b"\0" + short.x, short.y) is None


def wrong_points():
    x, y = coordinates(encode(SSIN))
    zero = bytes(66)
    return {
        "short": (x[1:], y),
        "long": (x, b"\0" + y),
        "empty": (b"", b""),
        "off the curve": (x, x),
        "zero": (zero, zero),
        "infinity": (zero, (1).to_bytes(66)),
        "above the field": ((int.from_bytes(x) + P).to_bytes(66), y),
        "of P-256": tuple(
            n.to_bytes(66)
            for key in [ec.derive_private_key(5, ec.SECP256R1()).public_key().public_numbers()]
            for n in (key.x, key.y)
        ),
    }


@pytest.mark.parametrize("kind", wrong_points())
def test_what_is_no_point_is_refused_whatever_is_asked(kind):
    told = Blinded(*wrong_points()[kind])
    transit = seal_scalar(HOME, draw_scalar(), NOW)

    assert SERVICE.pseudonymise(HOME, told, NOW) is Flaw.POINT
    assert SERVICE.convert(HOME, AWAY, told, NOW) is Flaw.POINT
    assert SERVICE.identify(HOME, replace(told, transit=transit), NOW) is Flaw.POINT


def test_a_pseudonym_at_rest_is_always_the_same_and_in_transit_never():
    client = Client()

    (first, transit), (second, other) = in_home(client, SSIN), in_home(client, SSIN)

    assert at_rest(HOME, first, transit) == at_rest(HOME, second, other)
    assert at_rest(HOME, first, transit) == blind.times(encode(SSIN), HOME.scalar)
    assert first != second
    assert transit != other


@pytest.mark.parametrize("value", [b"", b"1", SSIN, b"x" * 56])
def test_who_is_identified_is_who_was_pseudonymised(value):
    client = Client()
    pseudonym, transit = in_home(client, value)

    found, way = client.ask(lambda told: SERVICE.identify(HOME, told, NOW), pseudonym, transit)

    assert decode(found) == value
    assert way is None


def test_a_pseudonym_is_converted_from_transit_and_from_rest():
    client = Client()
    pseudonym, transit = in_home(client, SSIN)
    rest = at_rest(HOME, pseudonym, transit)
    direct = blind.times(encode(SSIN), AWAY.scalar)

    for point, way in ((pseudonym, transit), (rest, None)):
        found = client.ask(lambda told: SERVICE.convert(HOME, AWAY, told, NOW), point, way)
        assert at_rest(AWAY, *found) == direct


def test_the_service_sees_neither_identifier_nor_pseudonym():
    client = Client()
    for _ in range(5):
        pseudonym, transit = in_home(client, SSIN)
        client.ask(lambda told: SERVICE.identify(HOME, told, NOW), pseudonym, transit)
        client.ask(lambda told: SERVICE.convert(HOME, AWAY, told, NOW), pseudonym, transit)
    hidden = {
        *(encode(SSIN), at_rest(HOME, pseudonym, transit)),
        blind.times(encode(SSIN), AWAY.scalar),
    }

    seen = [(int.from_bytes(one.x), int.from_bytes(one.y)) for one in client.sent]

    assert not hidden & {*seen}
    # Nor anything that comes of what it sees and all that it knows: it never sees one point twice.
    known = [HOME.scalar, HOME.inverse, AWAY.scalar, AWAY.inverse]
    assert not hidden & {blind.times(one, scalar) for one in seen[:6] for scalar in known}
    assert len({*seen}) == len(seen)
    assert not any(SSIN in one.x for one in client.sent)
    # Without blinding it would read the number off the point.
    assert SSIN in coordinates(encode(SSIN))[0]


def altered(transit, part):
    parts = transit.split(".")
    flipped = "A" if parts[part][5:6] != "A" else "B"
    parts[part] = parts[part][:5] + flipped + parts[part][6:]
    return ".".join(parts)


def prolonged(transit):
    protected, rest = transit.split(".", 1)
    head = json.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    head["exp"] += 3600
    written = urlsafe_b64encode(json.dumps(head, separators=(",", ":")).encode())
    return f"{written.decode().rstrip('=')}.{rest}"


@pytest.mark.parametrize(
    "spoil",
    [
        *(lambda one, n=n: altered(one, n) for n in (0, 2, 3, 4)),
        prolonged,
        lambda _: "",
        lambda _: "a.b.c.d.e",
        lambda one: one + ".x",
        lambda one: one * 10,
        lambda _: seal_scalar(AWAY, 5, NOW),
        lambda _: seal_scalar(replace(HOME, audience="https://other.example"), 5, NOW),
        lambda _: seal_scalar(replace(HOME, keys=domain(n=9).keys), 5, NOW),
    ],
)
def test_a_transit_form_that_is_foreign_or_altered_is_refused(spoil):
    told = Blinded(*coordinates(encode(SSIN)), spoil(seal_scalar(HOME, 5, NOW)))

    assert SERVICE.identify(HOME, told, NOW) is Flaw.TRANSIT
    assert SERVICE.convert(HOME, AWAY, told, NOW) is Flaw.TRANSIT


def test_a_pseudonym_at_rest_is_not_identified():
    # Who has stolen a register of pseudonyms has no key of its domain.
    assert SERVICE.identify(HOME, Blinded(*coordinates(encode(SSIN))), NOW) is Flaw.TRANSIT


@pytest.mark.parametrize(
    ("later", "is_good"),
    [(0, True), (-59, True), (-61, False), (10 * 60 + 59, True), (10 * 60 + 61, False)],
)
def test_a_transit_form_lives_as_long_as_its_domain_says(later, is_good):
    sealed = seal_scalar(HOME, 5, NOW)

    found = open_scalar(HOME, sealed, NOW + timedelta(seconds=later))

    assert found == (5 if is_good else Flaw.EXPIRED)


def test_what_went_out_under_an_old_key_comes_back():
    before = replace(HOME, active="uhmep-1")

    assert open_scalar(HOME, seal_scalar(before, 5, NOW), NOW) == 5


def test_the_header_tells_what_the_protocol_says_and_nothing_prints_a_secret():
    protected = seal_scalar(HOME, 5, NOW).split(".")[0]
    head = json.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))

    assert head == {
        "alg": "dir",
        "enc": "A256GCM",
        "kid": "uhmep-2",
        "aud": "https://uhmep.example",
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 600,
    }
    passed = SERVICE.pseudonymise(HOME, Blinded(*coordinates(encode(SSIN))), NOW)
    assert isinstance(passed, Passed)
    assert str(HOME.scalar) not in repr(HOME)
    assert repr(passed) == "Passed(point=Point())"
