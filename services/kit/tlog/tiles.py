"""The tree in tiles of 256 hashes (C2SP tlog-tiles): `tile/<level>/<index>[.p/<width>]`.

A tile that is full never changes. A tile at the right edge is written anew, under another name,
whenever it is wider at a checkpoint, and its narrower forms are removed once it is full.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from services.kit.tlog.hashes import HASH_BYTES, node_hash, root_of, split
from services.kit.tlog.storage import Storage

WIDTH = 256
HEIGHT = 8
"""A hash of one level is the root over a full tile of the level below."""
LEVELS = 6
"""Enough for 2^48 leaves."""
REMEMBERED = 512


class TileMissing(Exception):
    """A tile of the tree is not there, or not as wide as it should be."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes side by side at one level."""

    level: int
    index: int
    hashes: bytes

    @property
    def width(self) -> int:
        """How many hashes there are: 256 when the tile is full."""
        return len(self.hashes) // HASH_BYTES


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """The name of a tile: three digits for each folder, `x` before all but the last."""
    named = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        named = f"x{index % 1000:03d}/{named}"
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{named}{partial}"


class Tiles:
    """The tiles that a storage holds."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._full = lru_cache(REMEMBERED)(self._read_full)

    def write(self, tiles: Sequence[Tile]) -> None:
        """Put tiles into the storage, durable when this returns."""
        self._storage.write(
            {tile_path(one.level, one.index, one.width): one.hashes for one in tiles}
        )

    def prune(self, tiles: Sequence[Tile]) -> None:
        """Remove the narrower forms of those that are full."""
        full = [one for one in tiles if one.width == WIDTH]
        self._storage.remove([_partial_folder(one.level, one.index) for one in full])

    def read(self, level: int, index: int, width: int) -> bytes:
        """The first so many hashes of a tile, or TileMissing."""
        try:
            held = self._full(level, index)
        except TileMissing:
            held = self._read_partial(level, index, width)
        if len(held) < width * HASH_BYTES:
            raise TileMissing(tile_path(level, index, width))
        return held[: width * HASH_BYTES]

    def subtree(self, begin: int, end: int) -> bytes:
        """The root over the leaves from one index to before another, as proofs ask for it."""
        size = end - begin
        if size & (size - 1) or begin % size:
            middle = begin + split(size)
            return node_hash(self.subtree(begin, middle), self.subtree(middle, end))
        level, within = divmod(size.bit_length() - 1, HEIGHT)
        index, at = divmod(begin >> HEIGHT * level, WIDTH)
        count = 1 << within
        return root_of(hashes_in(self.read(level, index, at + count))[at:])

    def _read_full(self, level: int, index: int) -> bytes:
        return self._held(tile_path(level, index))

    def _read_partial(self, level: int, index: int, width: int) -> bytes:
        names = self._storage.names(_partial_folder(level, index))
        widths = sorted(int(name) for name in names if name.isdecimal())
        for held in (one for one in widths if one >= width):
            # It may have been pruned meanwhile.
            with suppress(TileMissing):
                return self._held(tile_path(level, index, held))
        # It may have become full meanwhile.
        return self._full(level, index)

    def _held(self, name: str) -> bytes:
        held = self._storage.read(name)
        if held is None:
            raise TileMissing(name)
        return held


def _partial_folder(level: int, index: int) -> str:
    return f"{tile_path(level, index)}.p"


def hashes_in(held: bytes) -> list[bytes]:
    """The hashes of a tile, one by one."""
    return [held[at : at + HASH_BYTES] for at in range(0, len(held), HASH_BYTES)]


class Edge:
    """The right edge of a tree, where it grows: what is not yet full at each level."""

    def __init__(self, size: int, levels: Sequence[list[bytes]]) -> None:
        self.size = size
        self._levels = [*levels]

    @classmethod
    def of(cls, tiles: Tiles, size: int) -> "Edge":
        """The edge of the tree that the tiles hold, or TileMissing."""
        return cls(size, [_partial(tiles, level, size) for level in range(LEVELS)])

    def grow(self, hashes: Sequence[bytes]) -> list[Tile]:
        """Add the hashes of leaves; the tiles that are new or wider."""
        changed: list[Tile] = []
        added, before = list(hashes), self.size
        self.size += len(added)
        for level in range(LEVELS):
            if not added:
                break
            index = before >> HEIGHT * (level + 1)
            row = self._levels[level] + added
            whole = len(row) - len(row) % WIDTH
            chunks = [row[at : at + WIDTH] for at in range(0, whole, WIDTH)]
            self._levels[level] = row[whole:]
            if row[whole:]:
                chunks.append(row[whole:])
            changed += [Tile(level, index + n, b"".join(one)) for n, one in enumerate(chunks)]
            added = [root_of(one) for one in chunks if len(one) == WIDTH]
        return changed

    def root(self) -> bytes:
        """The root of the whole tree."""
        carried: list[bytes] = []
        for row in self._levels:
            nodes = row + carried
            carried = [root_of(nodes)] if nodes else []
        return root_of(carried)


def _partial(tiles: Tiles, level: int, size: int) -> list[bytes]:
    count = size >> HEIGHT * level
    width = count % WIDTH
    return hashes_in(tiles.read(level, count // WIDTH, width)) if width else []
