from datetime import date

import pytest
from pydantic import AfterValidator

from services.concepts import dated, written
from services.concepts.dated import Dated, FileRefused, Misdated, NothingInForce, Versions


class Term(Dated):
    days: int


class File(written.Part):
    terms: Versions[Term]


def text(*entries):
    return "# reviewed\nterms:\n" + "".join(
        f"  - {{days: {days}, source: an act, {dates}}}\n" for days, dates in entries
    )


def parsed(*entries):
    return dated.parse(text(*entries), File, "terms.yaml").terms


def test_the_latest_that_has_begun_holds():
    terms = parsed(
        (10, "from: 2020-01-01"), (20, "from: 2021-01-01"), (30, "valid_from: 2022-07-01")
    )

    on = {day: terms.on(date.fromisoformat(day)).days for day in ("2020-01-01", "2021-06-30")}
    assert on == {"2020-01-01": 10, "2021-06-30": 20}
    assert [terms.on(date(2022, 6, 30)).days, terms.on(date(2022, 7, 1)).days] == [20, 30]
    assert terms.on(date(2099, 1, 1)).days == 30


def test_before_the_first_and_after_the_last_nothing_holds():
    terms = parsed((10, "from: 2020-01-01, until: 2020-12-31"))

    for day in (date(2019, 12, 31), date(2021, 1, 1)):
        assert terms.find(day) is None
        with pytest.raises(NothingInForce):
            terms.on(day)


@pytest.mark.parametrize(
    ("entries", "line", "said"),
    [
        (
            [(1, "from: 2020-01-01"), (2, "from: 2021-01-01"), (3, "from: 2020-01-01")],
            5,
            "holds on 2020-01-01, when another does",
        ),
        (
            [(1, "from: 2020-01-01, until: 2020-12-31"), (2, "from: 2020-12-31")],
            4,
            "holds on 2020-12-31, when another does",
        ),
        (
            [(1, "from: 2020-01-01, until: 2020-12-31"), (2, "from: 2021-01-02")],
            4,
            "must begin on 2021-01-01: nothing holds",
        ),
        ([(1, "from: 2020-01-01, until: 2019-12-31")], 3, "must not end before it begins"),
        ([(1, "from: someday")], 3, "must be a day"),
        ([("many", "from: 2020-01-01")], 3, "valid integer"),
        ([(1, "from: 2020-01-01, surprise: 1")], 3, "not permitted"),
        ([(1, "from: 86400")], 3, "must be a day"),
        ([], 2, "valid tuple"),
    ],
)
def test_a_file_is_refused_with_its_name_and_line(entries, line, said):
    with pytest.raises(FileRefused) as refused:
        parsed(*entries)

    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("terms.yaml", line)
    assert said in problem.description
    assert str(refused.value).startswith(f"terms.yaml:{line}: terms")


@pytest.mark.parametrize(
    ("written_so", "line", "said"),
    [
        ("a: [", 1, "is no YAML"),
        ("terms: 1\nterms: 2\n", 2, "stands here a second time"),
        ("a: &x 1\nb: *x\n", 2, "aliases are not used"),
        ("[1, 2]", 1, "dictionary"),
        ("[" * 100_000, 1, "is nested too deeply"),
        ("a: " * 5, 1, "is no YAML"),
    ],
)
def test_what_is_no_form_is_refused(written_so, line, said):
    with pytest.raises(FileRefused) as refused:
        dated.parse(written_so, File, "terms.yaml")

    assert [said in one.description for one in refused.value.problems] == [True]
    assert refused.value.problems[0].line == line


def test_a_file_that_is_not_there_is_refused(tmp_path):
    (tmp_path / "latin").write_bytes(b"\xe9")
    for name in ("nothing", "latin"):
        with pytest.raises(FileRefused, match=name):
            dated.read(tmp_path / name, File)


def test_a_list_holds_the_history_of_each_thing():
    entries = [
        Term.model_validate({"from": day, "days": days, "source": "an act"})
        for days, day in ((1, "2020-01-01"), (21, "2020-01-01"), (2, "2021-01-01"))
    ]

    found = dated.histories(entries, lambda one: one.days > 20)

    assert [one.days for one in found[False]] == [1, 2]
    assert found[True].on(date(2020, 1, 1)).days == 21
    with pytest.raises(Misdated) as refused:
        dated.histories(entries, lambda one: "all")
    assert refused.value.index == 1


def test_a_list_in_a_form_is_refused_at_its_entry():
    class Listed(written.Part):
        terms: written.Annotated[
            tuple[Term, ...],
            AfterValidator(lambda some: (dated.histories(some, lambda one: one.days), some)[1]),
        ]

    with pytest.raises(FileRefused, match=r"terms.yaml:4: terms\[1\]: holds on 2020-01-01"):
        dated.parse(text((1, "from: 2020-01-01"), (1, "from: 2020-01-01")), Listed, "terms.yaml")
