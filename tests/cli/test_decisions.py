"""`cbss deliberation`, as far as it needs no running mesh."""

import re
from datetime import UTC, datetime
from importlib.resources import files

import pytest
import yaml
from cbss.access.v1 import access_service_pb2 as access_pb
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.common.v1 import period_pb2
from google.type import date_pb2

from cli.decisions import logged_decision
from sandbox.organizations import organizations
from tests.support.commanding import cbss

PLACES = {one.cbe_number: one.place for one in organizations().values()}


@pytest.fixture
def run():
    return lambda *arguments: cbss("deliberation", *arguments)


@pytest.fixture
def amendment(tmp_path):
    """Writes the means test in a second version, with some fields changed."""

    def written(**changed):
        shipped = files("sandbox").joinpath("deliberations/99-002-means-test.yaml")
        plain = yaml.safe_load(shipped.read_text("utf-8"))
        plain |= {"version": 2, "valid_from": "2026-03-01", "status": "PROPOSED", **changed}
        path = tmp_path / "amendment.yaml"
        path.write_text(yaml.safe_dump(plain, allow_unicode=True))
        return path

    return written


def test_the_policy_tests_hold_for_what_is_in_force(run):
    done = run("test")

    assert done.exit_code == 0
    assert re.fullmatch(r"[1-9][0-9]+ expectations, 0 not met", done.output.strip())


def test_a_proposed_change_that_breaks_an_expectation_is_told_with_line_and_why(run, amendment):
    done = run("test", amendment(period={"months_back": 12, "months_forward": 0}))

    assert done.exit_code == 1
    assert "means-test.yaml:14" in done.output
    assert "is refused (PERIOD_NOT_COVERED), must be granted" in done.output
    assert "Two years of income back" in done.output


def test_a_proposed_change_that_breaks_nothing_passes(run, amendment):
    assert run("test", amendment(retention_days=365)).exit_code == 0


def test_a_file_that_cannot_be_read_is_told_by_line(run, amendment):
    done = run("test", amendment(frequency="SOMETIMES"))

    assert done.exit_code == 1
    assert "amendment.yaml:" in done.output


def test_without_a_mesh_the_rest_says_so(run, tmp_path):
    done = run("suspend", "IVC/KSZG/99/002", 1, "--state", tmp_path)

    assert (done.exit_code, "no mesh runs here" in done.output) == (1, True)


def record(**changed):
    at = date_pb2.Date(year=2026, month=3, day=31)
    made = record_pb.ExchangeRecord(
        **{
            "snapshot_version": "7-ab",
            "customer_cbe_number": "0899990348",
            "legal_context": "PCSW:LIVING_WAGE_MEANS_TEST",
            "data_contract": "HANDICAP",
            "contract_version": 1,
            "period": period_pb2.Period(begin_date=at, end_date=at),
            "deliberation_number": "IVC/KSZG/99/002",
            "deliberation_version": 1,
            **changed,
        }
    )
    made.received_at.FromDatetime(datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    return made


def test_a_record_of_the_trail_holds_the_decision_of_access():
    logged = logged_decision(record(), PLACES)

    # Half past midnight in Belgium: the day of the decision is the Belgian one.
    assert (logged.day.month, logged.day.day) == (4, 1)
    assert logged.question.customer_sector_institution.sector == 17
    assert logged.reason == access_pb.REFUSAL_REASON_UNSPECIFIED


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("NOT_ACCEDED", access_pb.REFUSAL_REASON_NOT_ACCEDED),
        # What was refused for the person's sake, access had granted.
        ("CUSTOMER_NOT_INTEGRATED", access_pb.REFUSAL_REASON_UNSPECIFIED),
    ],
)
def test_a_refusal_is_of_access_only_if_it_is_for_a_reason_of_its_own(reason, expected):
    assert logged_decision(record(reason=reason), PLACES).reason == expected


def test_a_record_without_a_set_holds_no_decision():
    assert logged_decision(record(snapshot_version=""), PLACES) is None
