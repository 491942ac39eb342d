"""What may be written of a failure: where and of which kind, and never a row of a database."""

import asyncio
import json
import logging

import asyncpg
import pytest
import structlog
from structlog.testing import capture_logs

from gateway.process import EnvoyEnded
from services.kit import logs
from services.kit.lifetime import run

ROW = "Key (person)=(71713000318) already exists."


class FailsWithARow(asyncpg.UniqueViolationError):
    """As asyncpg words it: the detail is part of the text."""

    def __str__(self):
        return f"duplicate key\nDETAIL: {ROW}"


def test_a_process_that_fails_says_where_and_not_what_the_driver_said(capfd):
    async def main():
        raise FailsWithARow

    with capture_logs() as said, pytest.raises(SystemExit):
        run(main)

    assert [one["event"] for one in said] == ["process failed"]
    assert "FailsWithARow" in said[0]["fault"]
    assert ROW not in str(said) + "".join(capfd.readouterr())


def test_a_failure_that_nobody_waits_for_is_told_without_its_text(capfd):
    async def fails():
        raise FailsWithARow

    async def main():
        task = asyncio.ensure_future(fails())
        await asyncio.sleep(0.01)
        del task

    with capture_logs() as said:
        run(main)

    assert [one["event"] for one in said] == ["failed unheard"]
    assert ROW not in str(said) + "".join(capfd.readouterr())


def test_what_a_library_says_is_a_line_of_json_without_what_it_filled_in(capfd):
    logging.getLogger().handlers, before = [], logging.getLogger().handlers
    try:
        logs.configure("info", service="directory")
        try:
            raise FailsWithARow
        except FailsWithARow:
            logging.getLogger("driver").exception("cannot store %s", ROW)
    finally:
        logging.getLogger().handlers = before
        structlog.reset_defaults()

    line = json.loads(capfd.readouterr().err)
    assert line["event"] == "cannot store %s"
    assert (line["level"], line["logger"], line["service"]) == ("error", "driver", "directory")
    assert ROW not in json.dumps(line)


def test_our_own_words_and_the_systems_are_told():
    assert (
        logs.describe_fault(EnvoyEnded("envoy ended with code 1"))["message"]
        == "envoy ended with code 1"
    )
    assert logs.describe_fault(FileNotFoundError(2, "No such file", "71713000318.xml"))[
        "message"
    ] == ("No such file")
    assert "message" not in logs.describe_fault(ValueError(ROW))
