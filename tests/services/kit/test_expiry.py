"""What ends is measured, warned of before and told after, once and not all the time."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.kit.expiry import Ending, Expiry, certificate_ends
from services.kit.tls import CertificateUnusable, Files
from tests.support.certificates import Authority

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def left(name):
    return REGISTRY.get_sample_value("cbss_certificate_days_left", {"name": name})


def test_days_are_counted_down_and_said_when_few_are_left():
    clock = [NOW]
    expiry = Expiry(lambda: [Ending("edge", NOW + timedelta(days=10))], lambda: clock[0])
    with capture_logs() as logs:
        for day in (0, 2, 4, 4.1, 9, 11, 11.1):
            clock[0] = NOW + timedelta(days=day)
            expiry.look()

    assert [(one["log_level"], one["event"], one["name"]) for one in logs] == [
        ("warning", "expires soon", "edge"),
        ("warning", "expires soon", "edge"),
        ("error", "expired", "edge"),
    ]
    assert left("edge") == pytest.approx(-1.1)


@pytest.mark.parametrize(
    ("begins", "days", "why"), [(1, 30, "begins later"), (-9, -1, "has expired")]
)
def test_a_certificate_that_does_not_count_now_does_not_replace_one_that_does(
    tmp_path, begins, days, why
):
    authority = Authority()
    written = authority.files(tmp_path, authority.workload("routing"), "routing")
    files = Files(written.certificate_file, written.private_key_file, written.authority_file)
    good = files.identity()
    authority.files(tmp_path, authority.issue([], [], days=days, begins=begins), "routing")

    with capture_logs() as logs:
        assert [files.identity() for _ in range(3)] == [good] * 3
    assert [one["fault"] for one in logs] == [f"the certificate {why}"]
    fresh = Files(written.certificate_file, written.private_key_file, written.authority_file)
    with pytest.raises(CertificateUnusable, match=why):
        fresh.identity()


def test_a_process_shows_the_days_of_its_own_certificate_and_authority(tmp_path):
    authority = Authority()
    written = authority.files(tmp_path, authority.workload("routing"), "routing")
    files = Files(written.certificate_file, written.private_key_file, written.authority_file)

    Expiry(lambda: certificate_ends("certificate", files)).look()

    assert round(left("certificate")) == round(left("certificate-authority")) == 30
