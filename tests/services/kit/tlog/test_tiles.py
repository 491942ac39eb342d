"""A tree that grows in files is the tree of the definition, and is read from any of its sizes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.proofs import inclusion, verify_inclusion
from services.kit.tlog.storage import FolderStorage
from services.kit.tlog.tiles import Edge, TileMissing, Tiles, tile_path

LEAVES = [leaf_hash(n.to_bytes(4, "big")) for n in range(70_000)]


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ((0, 0), "tile/0/000"),
        ((1, 999), "tile/1/999"),
        ((0, 1234067), "tile/0/x001/x234/067"),
        ((2, 3, 17), "tile/2/003.p/17"),
        (("entries", 1000, 256), "tile/entries/x001/000"),
    ],
)
def test_tiles_are_named_as_the_specification_says(named, path):
    assert tile_path(*named) == path


@settings(max_examples=30)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_growing_in_steps_gives_the_same_root_as_at_once(steps):
    edge = Edge(0, [[] for _ in range(6)])

    for step in steps:
        edge.grow(LEAVES[edge.size : edge.size + step])
        assert edge.root() == root_of(LEAVES[: edge.size])


def test_an_edge_read_again_from_the_files_goes_on_where_it_was(tmp_path):
    files = Tiles(FolderStorage(tmp_path))
    edge = Edge.of(files, 0)
    for size in (3, 256, 700, 65_536, 66_000):
        files.write(edge.grow(LEAVES[edge.size : size]))
        edge = Edge.of(files, size)
        assert edge.root() == root_of(LEAVES[:size])
    for index in (0, 255, 256, 65_535, 65_999):
        proof = inclusion(index, 66_000, files.subtree)
        verify_inclusion(LEAVES[index], index, 66_000, proof, edge.root())


def test_narrow_forms_go_once_a_tile_is_full_and_older_trees_stay_provable(tmp_path):
    files = Tiles(FolderStorage(tmp_path))
    edge = Edge.of(files, 0)
    files.write(edge.grow(LEAVES[:100]))
    old = edge.root()
    full = edge.grow(LEAVES[100:300])
    files.write(full)
    files.prune(full)

    assert not (tmp_path / "tile/0/000.p").exists()
    verify_inclusion(LEAVES[7], 7, 100, inclusion(7, 100, files.subtree), old)


def test_a_tile_that_is_gone_or_too_narrow_is_missed(tmp_path):
    files = Tiles(FolderStorage(tmp_path))
    files.write(Edge.of(files, 0).grow(LEAVES[:10]))

    with pytest.raises(TileMissing):
        files.read(0, 0, 11)
    with pytest.raises(TileMissing):
        Edge.of(files, 300)
