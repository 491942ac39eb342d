"""The alarm is about a log that stands still, not about one that had nothing to do."""

from services.audit.watch import Standstill


def test_a_log_that_keeps_up_or_has_nothing_to_take_does_not_stand():
    seen = Standstill()

    assert [seen.seen(None, 0), seen.seen(7, 3600), seen.seen(8, 3601), seen.seen(None, 3602)] == [
        0,
        0,
        0,
        0,
    ]


def test_a_log_that_takes_nothing_stands_since_it_was_first_seen():
    seen = Standstill()

    assert [seen.seen(7, 100), seen.seen(7, 103), seen.seen(7, 106)] == [0, 3, 6]
    assert seen.seen(8, 107) == 0
