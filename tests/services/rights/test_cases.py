"""The cases beside the law."""

import shutil

import pytest

from services.concepts.dated import FileRefused
from services.rights.cases import run
from services.rights.definitions import SHIPPED, shipped_law

FILES = sorted((SHIPPED / "cases").glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_the_cases_beside_the_law_come_out_as_they_say(file):
    assert [one for one in run(shipped_law(), file) if not one.is_met] == []


def test_there_are_sixty_cases_and_each_right_has_some():
    told = [one for file in FILES for one in run(shipped_law(), file)]

    assert len({one.case for one in told}) >= 60
    for right in shipped_law().rights:
        assert {
            w for one in told if f" {right} " in one.expected for w in one.expected.split()
        } >= {
            "granted",
            "refused",
        }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("IGO from 2022-04-01", "IGO since 2022-04-01"),
        ("IGO from 2022-04-01", "IGLOO from 2022-04-01"),
        ("SOCIAL_INTERNET refused", "SOCIAL_INTERNET denied"),
        ("Ann on 2024-02-29", "Anna on 2024-02-29"),
        ("lives: [A], insured: [F], facts: [IGO", "lives: [A, B], insured: [F], facts: [IGO"),
    ],
)
def test_a_case_that_cannot_be_read_is_told_by_its_line(tmp_path, old, new):
    text = (SHIPPED / "cases/worked.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "worked.yaml").write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(FileRefused) as refused:
        run(shipped_law(), tmp_path / "worked.yaml")
    assert refused.value.problems[0].line in range(3, 8)


def test_a_case_that_comes_out_otherwise_is_seen(tmp_path):
    shutil.copy(SHIPPED / "cases/worked.yaml", tmp_path)
    text = (tmp_path / "worked.yaml").read_text("utf-8")
    (tmp_path / "worked.yaml").write_text(
        text.replace("IGO from 2022-04-01", "IGO from 2022-05-01", 1)
    )

    wrong = [one for one in run(shipped_law(), tmp_path / "worked.yaml") if not one.is_met]
    assert wrong[0].found.endswith("granted from 2022-05-01 until open")
