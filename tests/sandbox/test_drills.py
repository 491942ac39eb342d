"""What a drill says of what it found; the drill itself is `make drill`."""

import pytest

from sandbox.drills.restoring import SHOWN, Report

GOOD = {"consulted": 9, "registered": 3, "to_replay": 2, "replayed": 2, "is_proved": True}


def test_it_is_good_only_if_nothing_is_missing():
    assert Report(**GOOD).is_good


@pytest.mark.parametrize(
    "missing",
    [{"lost": ["0190"]}, {"done_anew": 1}, {"replayed": 1}, {"is_proved": False}],
    ids=lambda one: next(iter(one)),
)
def test_whatever_is_missing_fails_it(missing):
    assert not Report(**GOOD | missing).is_good


def test_a_long_proof_is_cut_and_its_verdict_is_shown():
    proof = [f"record {n} is gone" for n in range(40)] + ["41 signed; 40 findings"]

    told = Report(**GOOD, proof=proof).lines()

    assert told[-1] == "41 signed; 40 findings"
    assert f"and {41 - SHOWN} lines more; --json has all" in told
    assert sum(line.endswith("is gone") for line in told) == SHOWN - 1


def test_a_short_proof_is_told_whole():
    assert Report(**GOOD, proof=["9 signed; 0 findings"]).lines()[-1] == "9 signed; 0 findings"
