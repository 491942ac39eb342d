"""What says the same again and again is said ten times, and then counted."""

import json
import os

import structlog
from structlog.testing import capture_logs

from services.kit import stderr
from services.kit.repeats import BURST, WINDOW, Repeats


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def say(repeats, **line):
    try:
        return repeats(None, "warning", {"event": "source failed", **line})
    except structlog.DropEvent:
        return None


def test_the_same_is_said_ten_times_and_then_with_how_often_it_was_left_out():
    clock = Clock()
    repeats = Repeats(clock)
    said = [say(repeats, supplier="1", ticket=str(n)) for n in range(BURST + 4)]
    assert sum(line is not None for line in said) == BURST

    clock.now = WINDOW
    assert say(repeats, supplier="1") is not None
    assert repeats.overdue() == [
        {"event": "source failed", "supplier": "1", "ticket": "0", "repeated": 4}
    ]
    assert repeats.overdue() == []


def test_who_fails_otherwise_is_told_at_once():
    repeats = Repeats(Clock())
    for _ in range(BURST + 1):
        say(repeats, supplier="1")

    assert say(repeats, supplier="2") is not None
    assert say(repeats, supplier="1", reason="PEER_FAILED") is not None


def test_it_remembers_no_more_than_it_needs():
    repeats = Repeats(Clock())
    for number in range(5000):
        assert say(repeats, supplier=str(number)) is not None

    assert len(repeats._said) <= 1025


async def test_what_a_library_writes_by_itself_becomes_a_line_of_ours(capfd):
    lines = [
        "I1128 01:15:38.294021   26548 chttp2_transport.cc:1403] ipv4:1: goaway with 99600000470",
        "E1128 01:15:38.294021   26548 ssl_transport_security.cc:18] Handshake failed: UNTRUSTED",
        "Traceback of whatever it was about 99600000470",
        json.dumps({"event": "of a logger", "level": "warning"}),
    ]
    with capture_logs() as said:
        with stderr.capture_stderr():
            os.write(2, "\n".join([*lines, ""]).encode())

        assert [line["event"] for line in said] == [
            "said by grpc",
            "said by grpc",
            "written to standard error",
        ]
    assert "99600000470" not in json.dumps(said)
    assert [line["said"] for line in said if line["log_level"] == "error"] == [
        "Handshake failed: UNTRUSTED"
    ]
    assert capfd.readouterr().err == lines[-1] + "\n"
