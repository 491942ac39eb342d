"""The tree in plain files, 256 hashes each (C2SP tlog-tiles): `tile/<level>/<index>[.p/<width>]`.

A tile that is full never changes. A tile at the right edge is written anew, under another name,
whenever it is wider at a checkpoint, and its narrower forms are removed once it is full.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.kit.files import replace_file
from services.kit.tlog.hashes import HASH_BYTES, node_hash, root_of, split

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


class TileFiles:
    """The tiles below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._full = lru_cache(REMEMBERED)(self._read_full)

    def write(self, tiles: Sequence[Tile]) -> None:
        """Put tiles into their files, durable when this returns."""
        for tile in tiles:
            path = self.folder / tile_path(tile.level, tile.index, tile.width)
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, tile.hashes)

    def prune(self, tiles: Sequence[Tile]) -> None:
        """Remove the narrower forms of those that are full."""
        for tile in tiles:
            if tile.width == WIDTH:
                path = self.folder / tile_path(tile.level, tile.index)
                shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)

    def read(self, level: int, index: int, width: int) -> bytes:
        """The first so many hashes of a tile, or TileMissing."""
        try:
            held = self._full(level, index)
        except FileNotFoundError:
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
        return (self.folder / tile_path(level, index)).read_bytes()

    def _read_partial(self, level: int, index: int, width: int) -> bytes:
        full = self.folder / tile_path(level, index)
        folder = full.with_name(f"{full.name}.p")
        wide = [int(one.name) for one in _listed(folder) if one.name.isdecimal()]
        wide = sorted(one for one in wide if one >= width)
        for one in wide:
            try:
                return (folder / str(one)).read_bytes()
            except FileNotFoundError:
                continue
        try:
            # It may have become full meanwhile.
            return self._full(level, index)
        except FileNotFoundError:
            raise TileMissing(tile_path(level, index, width)) from None


def hashes_in(held: bytes) -> list[bytes]:
    """The hashes of a tile, one by one."""
    return [held[at : at + HASH_BYTES] for at in range(0, len(held), HASH_BYTES)]


class Edge:
    """The right edge of a tree, where it grows: what is not yet full at each level."""

    def __init__(self, size: int, levels: Sequence[list[bytes]]) -> None:
        self.size = size
        self._levels = [*levels]

    @classmethod
    def of(cls, files: TileFiles, size: int) -> "Edge":
        """The edge of the tree that the files hold, or TileMissing."""
        return cls(size, [_partial(files, level, size) for level in range(LEVELS)])

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


def _partial(files: TileFiles, level: int, size: int) -> list[bytes]:
    count = size >> HEIGHT * level
    width = count % WIDTH
    return hashes_in(files.read(level, count // WIDTH, width)) if width else []


def _listed(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.iterdir()
    except FileNotFoundError:
        return
