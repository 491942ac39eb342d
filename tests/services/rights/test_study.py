"""The job that says the law in words, compares, tries cases and checks a release."""

import shutil

import pytest

from services.rights.definitions import SHIPPED
from services.rights.study import main


@pytest.fixture
def draft(tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "data")
    return tmp_path / "data"


def test_says_a_right_in_words(capsys):
    assert main(["show", "WATER_DISCOUNT"]) == 0

    said = capsys.readouterr().out
    assert "Tarif social pour l'eau" in said
    assert "one member of SAME_DOMICILE, ON_1_JAN, has" in said
    assert "APA_THAB" not in said


def test_says_which_rights_there_are(capsys):
    assert main(["show"]) == 0

    assert len(capsys.readouterr().out.splitlines()) == len(list((SHIPPED / "rights").iterdir()))


def test_a_right_that_is_none_is_nonsense(capsys):
    assert main(["show", "WATER"]) == 2
    assert "WATER is none of" in capsys.readouterr().err


def test_says_what_changed_from_version_to_version(capsys):
    assert main(["diff", "ENERGY_SOCIAL_TARIFF"]) == 0

    said = capsys.readouterr().out
    assert "ENERGY_SOCIAL_TARIFF from 2021-02-01" in said
    assert "ENERGY_SOCIAL_TARIFF from 2023-07-01" in said
    assert "  +       every member of SAME_DOMICILE, AT, has" in said
    assert "  -       every member of SAME_DOMICILE, AT, has" in said


def test_says_what_a_draft_changes_and_nothing_else(capsys, draft):
    file = draft / "rights/water_discount.yaml"
    file.write_text(file.read_text("utf-8").replace("SAME_DOMICILE", "RRN_HOUSEHOLD"), "utf-8")

    assert main(["diff", "--draft", str(draft)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0] == "WATER_DISCOUNT"
    assert "+     one member of RRN_HOUSEHOLD" in said
    assert "ENERGY" not in said


def test_a_draft_is_tried_on_the_cases(capsys, draft):
    file = draft / "rights/child_supplement.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("until_month_of: 21", "until_month_of: 18"), "utf-8")

    assert main(["--law", str(draft), "case"]) == 1
    said = capsys.readouterr().out
    assert "turns.yaml" in said
    assert "expected Bo on 2024-06-30: CHILD_SUPPLEMENT granted until 2024-06-30" in said


@pytest.mark.parametrize(("day", "code"), [("2024-12-31", 1), ("2020-06-30", 0)])
def test_a_release_is_refused_where_an_amount_was_not_looked_at(capsys, day, code):
    assert main(["check", "--on", day]) == code

    assert ("MAXIMUM_BILL_SOCIAL_CEILING was not checked" in capsys.readouterr().out) == bool(code)


def test_a_folder_with_faults_is_refused_with_each_of_them(capsys, draft):
    file = draft / "rights/water_discount.yaml"
    file.write_text(file.read_text("utf-8").replace("OLD_AGE_AID", "OLD_AGE_HELP"), "utf-8")

    assert main(["--law", str(draft), "show"]) == 1
    said = capsys.readouterr().out
    assert "rights/water_discount.yaml:" in said
    assert "OLD_AGE_HELP is no status" in said
