"""Nothing of the seed is loaded twice, and a list that is damaged is not taken for an empty one."""

import pytest

from sandbox.loaded import Loaded


@pytest.fixture
def path(tmp_path):
    return tmp_path / "loaded.json"


def test_all_is_new_to_a_database_that_was_given_nothing(path):
    fresh = Loaded(path).fresh("access", {"one": "a", "two": "b"})

    assert (fresh.new, fresh.altered) == ({"one", "two"}, set())


def test_what_was_loaded_is_remembered_by_the_next_start(path):
    Loaded(path).note("access", {"one": "a", "two": "b"})

    fresh = Loaded(path).fresh("access", {"one": "a", "two": "c", "three": "d"})

    assert (fresh.new, fresh.altered) == ({"three"}, {"two"})
    assert Loaded(path).fresh("audit", {"one": "a"}).new == {"one"}


def test_a_database_that_was_made_anew_was_given_nothing(path):
    for name in ("access", "audit"):
        Loaded(path).note(name, {"one": "a"})

    Loaded(path).forget(["access", "never"])

    assert Loaded(path).fresh("access", {"one": "a"}).new == {"one"}
    assert not Loaded(path).fresh("audit", {"one": "a"}).new


def test_only_its_user_reads_which_numbers_were_loaded(path):
    Loaded(path).note("identification", {"one": "a"})

    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"access": []}'])
def test_a_damaged_list_is_refused(path, damaged):
    path.write_text(damaged)

    with pytest.raises(ValueError, match=r"Expecting|is no list"):
        Loaded(path)
