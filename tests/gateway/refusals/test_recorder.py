"""The way from Envoy's log to the trail: in order, nothing lost, nothing given up."""

import json

import pytest

from gateway.refusals import log as logs
from gateway.refusals.log import RefusalLog
from gateway.refusals.recorder import Recorder
from services.kit.errors import PeerUnavailable


def line(number):
    told = {
        "kind": "call",
        "at": f"1795487370.{number:09d}",
        "details": "request_rate_limited",
        "route": "a.B/C",
        "connection": number,
    }
    return json.dumps(told).encode() + b"\n"


class Trail:
    """Takes records, when it is there."""

    def __init__(self):
        self.batches = []
        self.away = False

    async def RecordExchanges(self, request):
        if self.away:
            raise PeerUnavailable
        self.batches.append(len(request.records))
        self.ids = getattr(self, "ids", []) + [one.record_id for one in request.records]


async def reopened():
    """Envoy has opened its log anew."""


@pytest.fixture
def trail():
    return Trail()


@pytest.fixture
def recorder(tmp_path, trail):
    return Recorder(RefusalLog(tmp_path), trail, reopened)


async def drained(recorder):
    while await recorder.record():
        pass


async def test_records_what_envoy_wrote_once_and_in_order(recorder, trail, tmp_path):
    path = tmp_path / "refusals.jsonl"
    path.write_bytes(line(1) + line(2))
    await drained(recorder)
    with path.open("ab") as file:
        file.write(line(3))
    await drained(recorder)

    assert len(set(trail.ids)) == len(trail.ids) == 3


async def test_a_line_that_is_not_finished_waits(recorder, trail, tmp_path):
    path = tmp_path / "refusals.jsonl"
    path.write_bytes(line(1) + line(2)[:20])
    await drained(recorder)
    path.write_bytes(line(1) + line(2))
    await drained(recorder)

    assert trail.batches == [1, 1]


async def test_goes_on_where_it_was_after_a_restart(recorder, trail, tmp_path):
    path = tmp_path / "refusals.jsonl"
    path.write_bytes(line(1))
    await drained(recorder)
    with path.open("ab") as file:
        file.write(line(2))

    await drained(Recorder(RefusalLog(tmp_path), trail, reopened))

    assert trail.batches == [1, 1]


async def test_what_the_trail_did_not_take_is_not_lost(recorder, trail, tmp_path):
    (tmp_path / "refusals.jsonl").write_bytes(line(1))
    trail.away = True
    with pytest.raises(PeerUnavailable):
        await recorder.record()
    trail.away = False

    await drained(recorder)

    assert trail.batches == [1]


async def test_hands_over_no_more_than_the_trail_takes_at_once(recorder, trail, tmp_path):
    (tmp_path / "refusals.jsonl").write_bytes(b"".join(map(line, range(2500))))

    await drained(recorder)

    assert sum(trail.batches) == 2500
    assert max(trail.batches) <= 1000


async def test_a_log_that_has_grown_is_turned_over_and_read_to_its_end(
    tmp_path, trail, monkeypatch
):
    monkeypatch.setattr(logs, "GROWN", 100)
    log = RefusalLog(tmp_path)
    recorder = Recorder(log, trail, reopened)
    log.path.write_bytes(line(1) + line(2))
    await drained(recorder)

    assert log.turn()
    log.path.write_bytes(line(3))
    with (tmp_path / "refusals.done.jsonl").open("ab") as late:
        late.write(line(4))
    assert not log.turn()
    await drained(recorder)
    log.forget_old()
    await drained(recorder)

    assert len(set(trail.ids)) == 4
    assert not (tmp_path / "refusals.done.jsonl").exists()
