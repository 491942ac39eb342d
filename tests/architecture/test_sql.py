"""Statements say what they lock."""

import re

from tests.architecture.project import ROOT, name


def test_a_lock_has_a_name():
    numbered = [
        f"{name(path)}: {found}"
        for path in (ROOT / "services").glob("*/sql/*.sql")
        if path.name != "schema.sql"
        for found in re.findall(r"advisory\w*lock\w*\(\s*\d+", path.read_text("utf-8"))
    ]

    assert numbered == []


HELD = re.compile(
    r"""pg_(?:try_)?advisory_lock(?:_shared)?\(|\.add_listener\(|["']\s*(?:set\s+(?!local\b)[a-z_.]+\s*(?:=|to\b)|listen\s)""",
    re.IGNORECASE,
)
"""What a session keeps past its statement and its transaction: a lock, an ear, a setting."""
KEPT = {"set", "listen", "declare", "prepare", "load"}
"""Statements that leave something behind in their session."""


def holds(text, *, is_sql):
    """Whether a text leaves something behind in the session that it is said in."""
    if HELD.search(text):
        return True
    if not is_sql:
        return False
    said = re.sub(r"--[^\n]*", "", text).lower().split(";")
    begun = [statement.split()[:2] for statement in said if statement.strip()]
    return any(words[0] in KEPT and words[-1] != "local" for words in begun)


def test_what_a_session_holds_is_seen():
    assert holds("select pg_try_advisory_lock(1)", is_sql=True)
    assert holds("-- name: deaf\nset lock_timeout = '5s';", is_sql=True)
    assert holds("await connection.execute('SET work_mem = 1')", is_sql=False)
    assert not holds("-- name: a\nset local lock_timeout = '5s';", is_sql=True)
    assert not holds("update one\nset two = 3;\nselect pg_advisory_xact_lock(1);", is_sql=True)


def test_only_sessions_that_end_with_it_or_are_reset_hold_anything():
    """A pool leaves the statement out that gives all up, except where it is said (`holds`)."""
    holders = {
        name(path)
        for ending in ("*.py", "*.sql")
        for path in (ROOT / "services").rglob(ending)
        if "migrations" not in path.parts and path.name != "schema.sql"
        if holds(path.read_text("utf-8"), is_sql=path.suffix == ".sql")
    }
    resetting = {
        name(path)
        for path in (ROOT / "services").rglob("__main__.py")
        if "holds=True" in path.read_text("utf-8")
    }

    assert holders == {
        "services/access/store/postgres.py",  # listens, in the pool that is reset
        "services/audit/sql/queries.sql",  # the sequencer's own session
        "services/kit/migrate.py",  # a session of its own
        "services/kit/wakeups.py",  # a session of its own
    }
    assert resetting == {"services/access/__main__.py"}
