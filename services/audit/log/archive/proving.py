"""What a month needs of the rest of the tree, so that it is proved by itself."""

from collections.abc import Iterator, Mapping

from services.kit.tlog.hashes import node_hash, split
from services.kit.tlog.proofs import ProofInvalid, Subtree

Range = tuple[int, int]
Rest = Mapping[Range, bytes]
"""The largest subtrees that have no leaf of the month, with their roots."""


def rest_of(begin: int, end: int, size: int, subtree: Subtree) -> dict[Range, bytes]:
    """The subtrees of a tree that are outside a range of its leaves."""
    found: dict[Range, bytes] = {}
    unseen = [(0, size)]
    while unseen:
        first, last = unseen.pop()
        if last <= begin or first >= end:
            found[first, last] = subtree(first, last)
        elif begin > first or last > end:
            middle = first + split(last - first)
            unseen += [(first, middle), (middle, last)]
    return found


def root_with(leaves: Iterator[bytes], size: int, rest: Rest) -> bytes:
    """The root of a tree of which the hashes of some leaves are given, in order, and the rest;
    ProofInvalid if these are not enough."""

    def root(first: int, last: int) -> bytes:
        known = rest.get((first, last))
        if known is not None:
            return known
        if last - first == 1:
            leaf = next(leaves, None)
            if leaf is None:
                raise ProofInvalid
            return leaf
        middle = first + split(last - first)
        return node_hash(root(first, middle), root(middle, last))

    found = root(0, size)
    if next(leaves, None) is not None:
        raise ProofInvalid
    return found
