"""The hashes of a Merkle tree (RFC 9162, 2.1.1): leaves and nodes can never be mistaken."""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return sha256(b"\1" + left + right).digest()


def root_of(nodes: Sequence[bytes]) -> bytes:
    """The root over nodes of one height, of which only the last may be of a smaller subtree.

    Pairing neighbours and carrying the odd one up is the tree of the RFC, which splits at the
    largest power of two.
    """
    row, digest = list(nodes), sha256
    if not row:
        return EMPTY_ROOT
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        lefts = iter(row)
        # The same iterator twice: neighbours.
        pairs = zip(lefts, lefts, strict=False)
        row = [digest(b"\1" + left + right).digest() for left, right in pairs] + odd
    return row[0]


def split(size: int) -> int:
    """Where a tree of two or more leaves divides: the largest power of two below its size."""
    return 1 << (size - 1).bit_length() - 1
