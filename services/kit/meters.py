"""Metrics that any process can have: what it keeps, how old what it decides on is, its rounds.

Everything is labelled by what the mesh itself names, never by what a caller wrote. All that there
is stands in services/README.md, which a test compares with what processes show.
"""

from collections.abc import Callable
from contextlib import suppress

from prometheus_client import Gauge

POOL = Gauge(
    "cbss_database_connections",
    "Connections of a pool with the database: open, busy, and how many there may be at most.",
    ["pool", "state"],
)
PEER = Gauge(
    "cbss_peer_served",
    "1 while somebody serves at the end of the channel to a peer.",
    ["peer"],
)
WAKEUPS_AGE = Gauge(
    "cbss_wakeups_age_seconds",
    "Seconds since a session that listens for new work was last found to live.",
    ["channel"],
)
WAKEUPS_WAITING = Gauge(
    "cbss_wakeups_queue_ratio",
    "How full the server's queue of notifications is, from 0 to 1: when it is, commits fail.",
    ["channel"],
)
ROUND_AGE = Gauge(
    "cbss_round_age_seconds",
    "Seconds since work that is done in rounds was last done to its end: how far behind it is.",
    ["work"],
)
AGE = Gauge(
    "cbss_snapshot_age_seconds",
    "Seconds since what the process decides on was last known to be what its owner holds.",
    ["what"],
)


def show_age(what: str, age: Callable[[], float]) -> None:
    """Show from now on how old something is that is decided on."""
    AGE.labels(what).set_function(age)


def show_pool(name: str, opened: Callable[[], int], idle: Callable[[], int], most: int) -> None:
    """Show from now on what a pool holds."""
    POOL.labels(name, "open").set_function(opened)
    POOL.labels(name, "busy").set_function(lambda: opened() - idle())
    POOL.labels(name, "most").set(most)


def hide_pool(name: str) -> None:
    """Show no more of a pool."""
    for state in ("open", "busy", "most"):
        with suppress(KeyError):
            POOL.remove(name, state)
