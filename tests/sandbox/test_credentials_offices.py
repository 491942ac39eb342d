from sandbox.credentials import COMMITTEE, OPERATORS


def test_nobody_of_the_sandbox_is_of_the_bank_and_of_the_committee():
    assert len({*OPERATORS, *COMMITTEE}) == len(OPERATORS) + len(COMMITTEE)
    assert min(len(OPERATORS), len(COMMITTEE)) >= 2
