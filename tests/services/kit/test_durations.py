"""What is counted of calls."""

from services.kit import names
from services.kit.durations import Durations, DurationsCollector


def test_a_stream_that_is_open_does_not_count_as_a_call_in_flight():
    unary, stream = Durations("/a/Ask"), Durations("/a/Watch", is_stream=True)
    unary.in_flight, stream.in_flight = 2, 7

    shown = {family.name: family for family in DurationsCollector("a", [unary, stream]).collect()}

    def values(name):
        return {one.labels[names.RPC]: one.value for one in shown[name].samples}

    assert values(names.RPC_IN_FLIGHT) == {"/a/Ask": 2}
    assert values(names.RPC_STREAMS) == {"/a/Watch": 7}
