"""NIST P-521: whether a point is one, and its multiplication by OpenSSL, in constant time.

OpenSSL multiplies on this curve without branches or table look-ups that depend on the scalar
(ecp_nistp521). What it is given is looked at here before: its own "is valid" takes the point at
infinity, and coordinates outside the field. The cofactor is 1: there is no subgroup to fall into.

Source: FIPS 186-4, D.1.2.5; SEC 1.
"""

import ctypes
import ctypes.util
from collections.abc import Sequence
from functools import cache
from secrets import randbelow
from typing import Any

from services.coding.model import COORDINATE_BYTES, Point

P = (1 << 521) - 1
ORDER = int(
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
    "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    16,
)
B = int(
    "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156"
    "193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
    16,
)
_NID = 716
_CONSTANT_TIME = 0x04


def find_point(x: bytes, y: bytes) -> Point | None:
    """The point of two coordinates, or nothing. Every test is made, whichever fails first; the
    point at infinity has no coordinates, and (0, 0) is not on the curve."""
    is_long = (len(x) == COORDINATE_BYTES) & (len(y) == COORDINATE_BYTES)
    left, right = int.from_bytes(x[:COORDINATE_BYTES]), int.from_bytes(y[:COORDINATE_BYTES])
    is_inside = (left < P) & (right < P)
    is_on = (right * right - (left * left - 3) * left - B) % P == 0
    return Point(x, y) if is_long & is_inside & is_on else None


def multiply(point: Point, scalar: int) -> Point:
    """The point, so many times; the scalar is 1 to the order less 1, so the result is one."""
    assert 0 < scalar < ORDER
    lib, group = _library()
    context = lib.BN_CTX_secure_new()
    numbers = [
        lib.BN_bin2bn(one, COORDINATE_BYTES, None)
        for one in (scalar.to_bytes(COORDINATE_BYTES), point.x, point.y)
    ]
    begun, made = lib.EC_POINT_new(group), lib.EC_POINT_new(group)
    try:
        times, x, y = numbers
        lib.BN_set_flags(times, _CONSTANT_TIME)
        _done(lib.EC_POINT_set_affine_coordinates(group, begun, x, y, context))
        _done(lib.EC_POINT_mul(group, made, None, begun, times, context))
        _done(lib.EC_POINT_get_affine_coordinates(group, made, x, y, context))
        found = find_point(_written(lib, x), _written(lib, y))
    finally:
        for one in (begun, made):
            lib.EC_POINT_clear_free(one)
        for one in numbers:
            lib.BN_clear_free(one)
        lib.BN_CTX_free(context)
    assert found is not None
    return found


def draw_scalar() -> int:
    """A fresh scalar, 1 to the order less 1."""
    return 1 + randbelow(ORDER - 1)


def invert(scalar: int) -> int:
    """The inverse modulo the order: blinded by chance, for its time follows from its number."""
    chance = draw_scalar()
    return pow(scalar * chance % ORDER, -1, ORDER) * chance % ORDER


class Scalars:
    """Fresh scalars with their inverses, each given once. Many are inverted together (Montgomery's
    trick): an inversion alone takes a sixth of a multiplication."""

    AT_ONCE = 64

    def __init__(self) -> None:
        self._ready: list[tuple[int, int]] = []

    def draw(self) -> tuple[int, int]:
        """A scalar that nobody had before, and its inverse."""
        if not self._ready:
            drawn = [draw_scalar() for _ in range(self.AT_ONCE)]
            self._ready = list(zip(drawn, invert_all(drawn), strict=True))
        return self._ready.pop()


def invert_all(scalars: Sequence[int]) -> list[int]:
    """The inverses of many, in order, by one inversion."""
    products = [1]
    for scalar in scalars:
        products.append(products[-1] * scalar % ORDER)
    left, found = invert(products[-1]), []
    for scalar, before in zip(reversed(scalars), products[-2::-1], strict=True):
        found.append(left * before % ORDER)
        left = left * scalar % ORDER
    return found[::-1]


def _written(lib: Any, number: int) -> bytes:
    written = ctypes.create_string_buffer(COORDINATE_BYTES)
    _done(lib.BN_bn2binpad(number, written, COORDINATE_BYTES) == COORDINATE_BYTES)
    return written.raw


def _done(told: int) -> None:
    if told != 1:
        raise ArithmeticError("OpenSSL did not multiply")


@cache
def _library() -> tuple[Any, int]:
    """libcrypto and its group, whose functions are told what they take and give: pointers, which
    would be cut off otherwise."""
    lib = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
    at, size, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    for name, gives, *takes in (
        ("BN_CTX_secure_new", at),
        ("BN_CTX_free", None, at),
        ("BN_bin2bn", at, text, size, at),
        ("BN_bn2binpad", size, at, text, size),
        ("BN_set_flags", None, at, size),
        ("BN_clear_free", None, at),
        ("EC_GROUP_new_by_curve_name", at, size),
        ("EC_POINT_new", at, at),
        ("EC_POINT_clear_free", None, at),
        ("EC_POINT_set_affine_coordinates", size, at, at, at, at, at),
        ("EC_POINT_get_affine_coordinates", size, at, at, at, at, at),
        ("EC_POINT_mul", size, at, at, at, at, at, at),
    ):
        function = getattr(lib, name)
        function.restype, function.argtypes = gives, takes
    return lib, lib.EC_GROUP_new_by_curve_name(_NID)
