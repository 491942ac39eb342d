"""Trees and proofs against the definitions of RFC 9162, written out as they stand there."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kit.tlog.hashes import EMPTY_ROOT, leaf_hash, root_of
from services.kit.tlog.proofs import (
    ProofInvalid,
    consistency,
    inclusion,
    verify_consistency,
    verify_inclusion,
)

# The roots of the trees over the first leaves that the Certificate Transparency projects test with.
KNOWN = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43"]
KNOWN_ROOT_OF_2 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"

LEAVES = [leaf_hash(bytes([n % 256, n // 256])) for n in range(600)]


def defined(begin, end):
    """The root by the definition of the RFC."""
    if end - begin == 1:
        return LEAVES[begin]
    half = 1
    while half * 2 < end - begin:
        half *= 2
    middle = begin + half
    return hashlib.sha256(b"\1" + defined(begin, middle) + defined(middle, end)).digest()


def test_the_root_of_two_known_leaves_is_the_published_one():
    assert root_of([leaf_hash(one) for one in KNOWN[:2]]).hex() == KNOWN_ROOT_OF_2
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT == root_of([])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 255, 256, 257, 513])
def test_the_root_is_the_one_of_the_definition(size):
    assert root_of(LEAVES[:size]) == defined(0, size)


@given(st.integers(1, 600), st.data())
def test_every_leaf_is_proved_to_be_in_and_no_other(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion(index, size, defined), defined(0, size)

    verify_inclusion(LEAVES[index], index, size, proof, root)

    for wrong in (
        (leaf_hash(b"another"), index, size, proof),
        (LEAVES[index], index + 1, size, proof),
        (LEAVES[index], index, size, [*proof, root]),
        (LEAVES[index], index, size, proof[:-1] if proof else [root]),
    ):
        with pytest.raises(ProofInvalid):
            verify_inclusion(*wrong, root)


@given(st.integers(1, 600), st.data())
def test_a_tree_that_grew_is_proved_to_be_the_same(new, data):
    old = data.draw(st.integers(0, new))
    old_root = defined(0, old) if old else EMPTY_ROOT
    proof, root = consistency(old, new, defined), defined(0, new)

    verify_consistency(old, new, proof, old_root, root)

    for wrong in (
        (old, new, proof, leaf_hash(b"other"), root),
        (old, new, [*proof, root], old_root, root),
        *([(old, new, proof[:-1], old_root, root)] if proof else []),
        *([(old, new, proof, old_root, leaf_hash(b"other"))] if old else []),
        (new + 1, new, proof, old_root, root),
    ):
        with pytest.raises(ProofInvalid):
            verify_consistency(*wrong)
