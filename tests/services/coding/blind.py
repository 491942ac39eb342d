"""A client of the blind mode, written from the table of the protocol, in whole numbers: slow, and
independent of what the service multiplies with."""

import json
from base64 import b64decode, urlsafe_b64decode
from secrets import randbelow

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.coding.model import Blinded
from services.coding.rules.curve import ORDER, B, P

BUFFER = 8
LONGEST_VALUE = 65 - BUFFER - 1


def add(one, other):
    """The sum of two points; nothing is the point at infinity."""
    if one is None or other is None:
        return other if one is None else one
    (x, y), (u, v) = one, other
    if x == u and (y + v) % P == 0:
        return None
    slope = (3 * x * x - 3) * pow(2 * y, -1, P) if one == other else (v - y) * pow(u - x, -1, P)
    z = (slope * slope - x - u) % P
    return z, (slope * (x - z) - y) % P


def times(point, scalar):
    """A point, so many times, by doubling."""
    made = None
    while scalar:
        if scalar & 1:
            made = add(made, point)
        point, scalar = add(point, point), scalar >> 1
    return made


def encode(value):
    """The point that stands for a value."""
    assert len(value) <= LONGEST_VALUE
    x = int.from_bytes(b"\0" + value + bytes([len(value)]) + bytes(BUFFER))
    while True:
        x += 1
        square = (x * x * x - 3 * x + B) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square:
            return x, y


def decode(point):
    """The value that a point stands for."""
    told = point[0].to_bytes(66)[:-BUFFER]
    told, length = told[:-1], told[-1]
    return told[len(told) - length :]


def coordinates(point):
    return tuple(one.to_bytes(66) for one in point)


def numbers(point):
    return int.from_bytes(point.x), int.from_bytes(point.y)


class Client:
    """Blinds what it sends, and takes its chance away from what it gets."""

    def __init__(self):
        self.sent = []

    def blind(self, point, transit=None):
        """What is sent, and what takes the chance away."""
        chance = 1 + randbelow(ORDER - 1)
        told = Blinded(*coordinates(times(point, chance)), transit)
        self.sent.append(told)
        return told, pow(chance, -1, ORDER)

    def ask(self, call, point, transit=None):
        told, away = self.blind(point, transit)
        passed = call(told)
        return times(numbers(passed.point), away), passed.transit


def at_rest(domain, point, transit):
    """What only the owner of a domain can do: out of the transit form."""
    protected, _, iv, sealed, tag = transit.split(".")
    raw = [urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in (iv, sealed, tag)]
    head = json.loads(urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    key = domain.keys[head["kid"]].secret
    plain = json.loads(AESGCM(key).decrypt(raw[0], raw[1] + raw[2], protected.encode()))
    return times(point, int.from_bytes(b64decode(plain["scalar"])))
