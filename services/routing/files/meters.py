"""What is counted of files."""

from prometheus_client import Counter, Gauge

from services.routing.files.model import Rejection

GAPS = Counter("cbss_routing_files_gaps", "Files that came before their turn.")
REJECTIONS = Counter(
    "cbss_routing_files_rejections", "Files of which nothing was taken.", ["reason"]
)
HALTED = Gauge(
    "cbss_routing_files_halted", "Sequences of files that wait for one that was passed over."
)


def count_rejection(why: Rejection) -> None:
    """Count a file that was rejected."""
    REJECTIONS.labels(why.name).inc()
