"""That a leaf is in a tree, and that a tree only grew (RFC 9162, 2.1.3 and 2.1.4).

Proofs are lists of hashes, the topmost last. Whoever makes one is asked for subtrees; whoever
verifies one needs nothing but the hashes.
"""

from collections.abc import Callable, Sequence

from services.kit.tlog.hashes import EMPTY_ROOT, node_hash, split

Subtree = Callable[[int, int], bytes]
"""The root over the leaves from one index to before another."""


class ProofInvalid(Exception):
    """The proof does not prove it."""


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The proof that the leaf at an index is in the tree of a size."""
    proof: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + split(end - begin)
        if index < middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(begin, middle))
            begin = middle
    return proof[::-1]


def consistency(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The proof that the tree of the new size begins with the tree of the old size."""
    if old == 0:
        return []
    proof: list[bytes] = []
    begin, end, known = 0, new, True
    while old != end:
        middle = begin + split(end - begin)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(begin, middle))
            begin, known = middle, False
    if not known:
        proof.append(subtree(begin, end))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """ProofInvalid unless a leaf with this hash is at the index of the tree with this root."""
    if not 0 <= index < size:
        raise ProofInvalid
    sides: list[bool] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + split(end - begin)
        sides.append(index < middle)
        begin, end = (begin, middle) if index < middle else (middle, end)
    if len(sides) != len(proof):
        raise ProofInvalid
    found = leaf
    for is_left, beside in zip(reversed(sides), proof, strict=True):
        found = node_hash(found, beside) if is_left else node_hash(beside, found)
    if found != root:
        raise ProofInvalid


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """ProofInvalid unless the tree with the new root begins with the tree with the old one."""
    if not 0 <= old <= new:
        raise ProofInvalid
    if old == 0:
        if proof or old_root != EMPTY_ROOT:
            raise ProofInvalid
        return
    left = list(proof)
    found = _both(old, new, left, old_root)
    if left or found != (old_root, new_root):
        raise ProofInvalid


def _both(old: int, new: int, proof: list[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """The roots of both sizes as the proof has them; it is used up from its end."""
    steps: list[tuple[bool, bytes]] = []
    known = True
    while old != new:
        middle = split(new)
        if not proof:
            raise ProofInvalid
        is_left = old <= middle
        steps.append((is_left, proof.pop()))
        old, new = (old, middle) if is_left else (old - middle, new - middle)
        known &= is_left
    if not known and not proof:
        raise ProofInvalid
    before = after = old_root if known else proof.pop()
    for is_left, beside in reversed(steps):
        if is_left:
            after = node_hash(after, beside)
        else:
            before, after = node_hash(beside, before), node_hash(beside, after)
    return before, after
