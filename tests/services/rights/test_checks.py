"""A law file with a fault is refused whole, every fault with file and line."""

import shutil
from datetime import date

import pytest

from services.concepts.dated import FileRefused, read_with_lines
from services.rights import definitions
from services.rights.definitions import SHIPPED, read, release_faults

TODAY = date(2024, 12, 1)
WATER = "rights/water_discount.yaml"
ENERGY = "rights/energy.yaml"
CARE = "rights/care_insurance.yaml"
DECIDED = "(3), grants: FROM_QUARTER_OF_DECISION_TO_31_DEC"
BIM = "rights/increased_reimbursement.yaml"


READ: dict[tuple[str, type], object] = {}


@pytest.fixture
def draft(tmp_path, monkeypatch):
    """A copy of the law; a text that was read before is not read again."""

    def once(path, form):
        key = (path.read_text("utf-8"), form)
        if key not in READ:
            READ[key] = read_with_lines(path, form)
        return READ[key]

    monkeypatch.setattr(definitions, "read_with_lines", once)
    shutil.copytree(SHIPPED, tmp_path / "data")
    return tmp_path / "data"


def change(draft, file, old, new):
    """Change the first such text; the line on which it stood."""
    text = (draft / file).read_text("utf-8")
    assert old in text, old
    (draft / file).write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


FAULTS = [
    (WATER, "OLD_AGE_AID", "OLD_AGE_HELP", "OLD_AGE_HELP is no status"),
    (WATER, "SAME_DOMICILE", "SAME_STREET", "SAME_STREET is no household"),
    (WATER, "at: ON_1_JAN", "at: ON_2_JAN", "is none of AT, ON_1_JAN"),
    (WATER, "at: ON_1_JAN", "at: ANY_DAY_IN_QUARTER", "must be a day"),
    (WATER, "at: ON_1_JAN", "at: CONSECUTIVE_YEARS(5)", "must be a day"),
    (CARE, "at: ON_1_JAN", "at: {test: AT, grants: UNTIL_31_DEC}", "must be a day"),
    (CARE, "CONSECUTIVE_YEARS(5)", "CONSECUTIVE_YEARS", "takes a number"),
    (BIM, "(3), grants: UNTIL_31_DEC_OF_NEXT_YEAR", DECIDED, "no day of decision"),
    (WATER, "      at: ON_1_JAN\n", "", "any_member_of needs at"),
    (WATER, "      when: {test: ON_1_JAN, grants: CALENDAR_YEAR}\n", "", "needs when"),
    (WATER, "      any_member_of: SAME_DOMICILE\n", "", "takes no at"),
    (WATER, "grants: CALENDAR_YEAR", "grants: calendar_year", "is none of"),
    (WATER, "IGO, ", "", "reads IGO, which the deliberation does not list"),
    (WATER, "[IGO, ", "[IGO, VAPH_RECOGNITION, ", "lists VAPH_RECOGNITION, which"),
    (WATER, "IGO, ", "IGO, IGLOO, ", "IGLOO is no fact"),
    (WATER, "valid_from: 2019-01-01", "valid_from: first of January", "must be a day"),
    (WATER, "    source: Decree", "    sauce: Decree", "Extra inputs are not permitted"),
    (WATER, "right: WATER_DISCOUNT", "right: DE_LIJN_FREE", "stands in"),
    (WATER, "benefit: {percent: 80}", "benefit: {amount: NOTHING}", "NOTHING is no amount"),
    (WATER, "  fr: 80", "  fy: 80", "Extra inputs are not permitted|Unexpected keyword argument"),
    (ENERGY, "valid_from: 2021-02-01", "valid_from: 2021-02-02", "leaves a gap after 2021-01-31"),
    (ENERGY, "valid_from: 2021-02-01", "valid_from: 2021-01-31", "overlaps the version"),
    (ENERGY, "valid_until: 2021-01-31", "valid_until: 2018-01-31", "must not end before it begins"),
    (ENERGY, "kept: TO_31_DEC", "kept: TO_32_DEC", "is none of TO_31_DEC, QUARTERS"),
    (BIM, "CONSECUTIVE_FULL_MONTHS(3)", "CONSECUTIVE_FULL_MONTHS", "takes a number"),
    (BIM, "of_year: -1", "of_month: -1", "Extra inputs are not permitted"),
    (BIM, "below: BIM_BASE", "below: BIM_BASIS", "BIM_BASIS is no amount"),
    (BIM, "fact: INCOME_GROSS", "fact: IGO", "IGO is not in cents"),
    (BIM, "valid_from: 2015-09-01", "valid_from: 2015-08-31", "has no amount on 2015-08-31"),
    (BIM, "of_year: -1", "of_year: 1", "less than or equal to -1"),
    ("facts.yaml", 'fed_by: ["16.2"]', 'fed_by: []', "nobody feeds RIS"),
    ("facts.yaml", "RIS: {code: 1, source: PPS_SI", "RIS: {code: 1, source: PPS", "PPS is no"),
    ("facts.yaml", "code: 2,", "code: 1,", "is the code of RIS"),
    ("facts.yaml", "value: cents", "value: euros", "'cents'"),
    ("statuses.yaml", "any_of: [LIVING_WAGE,", "any_of: [WELFARE_CENTRE_AID,", "circle: "),
    ("statuses.yaml", "any_of: [IGO, GIB]", "any_of: [IGO, GOB]", "GOB is no fact and no status"),
    ("statuses.yaml", "CHILD_PILLAR_1, at_least: 4", "CHILD_PILLAR_1", "must say at_least"),
    ("statuses.yaml", "fact: CHILD_PILLAR_1,", "fact: IGO,", "IGO has no value"),
    ("statuses.yaml", "fact: CHILD_PILLAR_1,", "fact: INCOME_GROSS,", "an income goes with"),
    ("statuses.yaml", "  IN_GHENT:", "  IN_BRUGES:", "no right uses it"),
    ("statuses.yaml", "  ORPHAN:", "  FULL_ORPHAN:", "is the name of a fact"),
    ("parameters.yaml", '"17424.93"', "17424", 'must be an amount in quotes'),
    ("parameters.yaml", '"17424.93"', '"17424.9"', "must be an amount with two decimals"),
    ("parameters.yaml", "2018-01-01: ", "2015-09-01: ", "stands here a second time"),
    ("parameters.yaml", "    checked_until: 2024-12-31\n", "", "Field required"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_a_fault_is_told_with_file_and_line(draft, file, old, new, said):
    changed = change(draft, file, old, new)

    with pytest.raises(FileRefused) as refused:
        read(draft)
    wanted = said.split("|")
    told = [one for one in refused.value.problems if any(w in str(one) for w in wanted)]
    assert told, str(refused.value)
    lines = (draft / told[0].file).read_text("utf-8").count("\n")
    assert 0 < told[0].line <= lines
    near = {one.line for one in told if one.file == file}
    assert not near or min(abs(line - changed) for line in near) <= 8


def test_every_fault_of_all_files_is_told_at_once(draft):
    change(draft, WATER, "OLD_AGE_AID", "OLD_AGE_HELP")
    change(draft, ENERGY, "valid_from: 2021-02-01", "valid_from: 2021-02-02")

    with pytest.raises(FileRefused) as refused:
        read(draft)
    assert {one.file for one in refused.value.problems} == {WATER, ENERGY}


def test_a_circle_prints_its_chain(draft):
    change(draft, "statuses.yaml", "any_of: [RIS, RIS_EQUIVALENT]", "any_of: [WELFARE_CENTRE_AID]")

    with pytest.raises(FileRefused, match=r"circle: [A-Z_]+ → [A-Z_]+ → [A-Z_]+"):
        read(draft)


def test_versions_for_other_births_are_in_force_together(draft):
    text = (draft / WATER).read_text("utf-8")
    rule = text[text.index("    granted_if") :]
    second = f"  - valid_from: 2024-01-01\n    source: a change\n    born_from: 2000-01-01\n{rule}"
    text = text.replace(
        "valid_from: 2019-01-01", "valid_from: 2019-01-01\n    born_until: 1999-12-31"
    )
    (draft / WATER).write_text(text + second, "utf-8")

    assert len(read(draft).rights["WATER_DISCOUNT"].versions) == 2


def test_an_amount_that_nobody_looked_at_refuses_a_release_thirteen_months_later():
    def told(day):
        return {one.description.split()[0] for one in release_faults(SHIPPED, day)}

    assert "BIM_BASE" not in told(date(2026, 1, 31))
    assert "BIM_BASE" in told(date(2026, 2, 1))


def test_an_amount_of_a_right_that_has_ended_refuses_nothing():
    said = [one.description for one in release_faults(SHIPPED, date(2026, 11, 1))]

    assert not any("MAXIMUM_BILL_LOWEST" in one for one in said)
