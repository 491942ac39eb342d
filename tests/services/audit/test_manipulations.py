"""What whoever owns the database and its files could do to the trail, and how it is found.

A table: each row does something to a log that was signed and cosigned, then the store is proved.
"""

import asyncio
import shutil
from dataclasses import dataclass

import pytest

from services.audit.log.verification.findings import Flaw
from services.audit.log.verification.signatures import Signatures
from services.audit.log.verification.whole import Store, verify_store
from services.kit.tlog.tiles import Tiles
from tests.services.audit.cosigning import NearWitness

BEFORE, COUNT = 300, 420

FIRST = "(select min(sequence) from record)"
LAST = "(select max(sequence) from record)"
COPY = (
    "insert into record (sequence, customer, ground_id, subject_key, record_id, ticket, content)"
    " select {place}, customer, {ground}, subject_key, {identification}, ticket, {content}"
    " from record where sequence = {of};"
)
UNGUARDED = "drop index record_by_sequence;"


def copy(
    place, of=FIRST, ground="ground_id", identification="gen_random_uuid()", content="content"
):
    return COPY.format(
        place=place, of=of, ground=ground, identification=identification, content=content
    )


@dataclass
class Bent:
    """A signed log to be bent: statements for the database, and a copy of how it was before."""

    running: object
    kept: object

    async def run(self, statement):
        await self.running.owner.execute(statement)

    def put_back(self, *names):
        for name in names:
            shutil.rmtree(self.running.folder / name, ignore_errors=True)
            held = self.kept / name
            into = self.running.folder / name
            shutil.copytree(held, into) if held.is_dir() else shutil.copy(held, into)


RECORDS = {
    "a content altered": "update record set content = content || '\\x00' where sequence = " + FIRST,
    "a person exchanged": "update record set subject_key = 1 where sequence = " + LAST,
    "a person taken away": "update record set subject_key = null where sequence = " + LAST,
    "a ticket altered": "update record set ticket = gen_random_uuid() where sequence = " + FIRST,
    "an identification altered": (
        "update record set record_id = gen_random_uuid() where sequence = " + FIRST
    ),
    "a customer altered": "update record set customer = 1 where sequence = " + FIRST,
    "a ground exchanged": (
        "update record set ground_id = (select max(ground_id) from ground where ground_id <>"
        " record.ground_id) where sequence = " + FIRST
    ),
    "a record deleted": "delete from record where sequence = " + FIRST,
    "the last record deleted": "delete from record where sequence = " + LAST,
    "all records deleted": "delete from record",
    "a customer deleted": "delete from record where customer = 8999903",
    "a partition emptied": (
        "do $$ begin execute format('truncate record_%s', (select max(month) from month)); end $$"
    ),
    "two records exchanged": UNGUARDED + f"update record set sequence = {FIRST} + {LAST} - sequence"
    f" where sequence in ({FIRST}, {LAST})",
    "a forged twin": UNGUARDED + copy(FIRST),
    "a forged twin, the genuine one put in again": UNGUARDED
    + copy(FIRST, content="'\\x0801'")
    + f"create temp table kept as select * from record where sequence = {FIRST}"
    " and content <> '\\x0801';"
    f" delete from record where sequence = {FIRST} and content <> '\\x0801';"
    " insert into record select * from kept",
    "a twin of the last": UNGUARDED + copy(LAST, of=LAST, content="'\\x0801'"),
    "a twin with the same identification": UNGUARDED
    + "do $$ begin execute format('drop index record_%s_known', (select max(month) from month));"
    " end $$;" + copy(FIRST, identification="record_id", content="'\\x0801'"),
    "ten twins of one": UNGUARDED + 10 * copy(LAST, of=LAST),
    "a record slipped in beyond the last place": (
        "update log_state set last_sequence = last_sequence + 5;"
        " select setval('record_sequence', (select last_sequence from log_state));"
        + copy("(select last_sequence - 1 from log_state)")
    ),
    "a record that is never merged": (
        copy("(select last_sequence + 10 from log_state)")
        + "select setval('record_sequence', (select last_sequence + 20 from log_state));"
    ),
    "records beyond what was handed out": copy("(select last_sequence + 1000 from log_state)"),
}
GROUNDS = {
    "a ground rewritten": "update ground set content = '\\x0a00' where ground_id ="
    " (select min(ground_id) from ground)",
    "a ground rewritten with its digest": "update ground set content = '\\x0a00',"
    " sha256 = sha256('\\x0a00') where ground_id = (select min(ground_id) from ground)",
    "a ground deleted": "delete from ground where ground_id = (select min(ground_id) from ground)",
    "a ground filed under another customer": "update ground set customer = 5 where ground_id ="
    " (select min(ground_id) from ground)",
    "a ground filed under another purpose": "update ground set legal_context = 'X' where"
    " ground_id = (select min(ground_id) from ground)",
    "two grounds exchanged": (
        "alter table ground drop constraint ground_sha256_key;"
        " update ground set (sha256, content) = (select o.sha256, o.content from ground o"
        " where o.ground_id = case ground.ground_id when 1 then 2 else 1 end)"
        " where ground_id in (1, 2)"
    ),
}
STATE = {
    "a smaller size": "update log_state set size = size - 1",
    "a larger size": "update log_state set size = size + 1",
    "another root": "update log_state set root = sha256('x')",
    "a last place that hides what comes": (
        "update log_state set last_sequence = last_sequence + 1000000"
    ),
    "a last place from before": "update log_state set last_sequence = last_sequence - 10",
    "an instant in the future": "update log_state set advanced_at = now() + interval '1 year'",
    "an instant in the past": "update log_state set advanced_at = '2020-01-01'",
    "no state": "delete from log_state",
    "a state from the beginning": (
        "update log_state set size = 0, root = sha256(''), last_sequence = 0; delete from span"
    ),
    "two states": (
        "alter table log_state drop constraint log_state_pkey;"
        " insert into log_state select * from log_state"
    ),
    "places that are handed out again": (
        "select setval('record_sequence', (select last_sequence - 100 from log_state))"
    ),
}
PLACES = {
    "a run deleted": "delete from span where first_index = 0",
    "the last run deleted": (
        "delete from span where first_index = (select max(first_index) from span)"
    ),
    "all runs deleted": "delete from span",
    "a run shortened": "update span set count = count - 1 where first_index = 0",
    "a run moved in the tree": (
        "update span set first_index = first_index + 1 where first_index ="
        " (select max(first_index) from span)"
    ),
    "a run moved in the order of recording": (
        "update span set first_sequence = first_sequence + 1 where first_index ="
        " (select max(first_index) from span)"
    ),
    "a run told as later": (
        "update span set integrated_at = integrated_at + interval '1 microsecond'"
        " where first_index = (select max(first_index) from span)"
    ),
    "a run told as earlier": (
        "update span set integrated_at = integrated_at - interval '1 day' where first_index = 0"
    ),
    "all runs told as a year ago": (
        "update span set integrated_at = integrated_at - interval '1 year'"
    ),
    "a run split in two": (
        "update span set count = 1 where first_index = 0; insert into span select 1,"
        " first_sequence + 1, 299, integrated_at from span where first_index = 0"
    ),
    "a run more": (
        "insert into span select first_index + count, first_sequence + count + 50, 1,"
        " integrated_at from span order by first_index desc limit 1"
    ),
}
LYING = "create function lie() returns trigger language plpgsql as $$ begin return {}; end $$;"
ONE_PARTITION = "do $$ begin execute format('{}', (select max(month) from month)); end $$"
SCHEMA = {
    "a trigger that swallows": LYING.format("null")
    + "create trigger lie before insert on record for each row when (new.customer = 7)"
    " execute function lie()",
    "a trigger that only looks on": LYING.format("new")
    + "create trigger lie after insert on record for each row execute function lie()",
    "a trigger on a partition": LYING.format("new")
    + ONE_PARTITION.format(
        "create trigger lie before insert on record_%s for each row execute function lie()"
    ),
    "a trigger on grounds": LYING.format("null")
    + "create trigger lie before insert on ground for each row execute function lie()",
    "a trigger on reports": LYING.format("null")
    + "create trigger lie before insert on error_report for each row execute function lie()",
    "a rule": "create rule lie as on insert to alert do instead nothing",
    "a policy of rows": (
        "alter table record enable row level security;"
        " create policy lie on record for select to audit using (customer <> 7)"
    ),
    "row security alone": "alter table decision enable row level security",
    "a view in the place of the records": (
        "alter table record rename to record_kept;"
        " create view record as select * from record_kept where customer <> 7"
    ),
    "a view in the place of the decisions": (
        "alter table decision rename to decision_kept;"
        " create view decision as select * from decision_kept"
    ),
    "another function that adds": (
        "create or replace function add_records(expected integer, customers integer[],"
        " grounds integer[], subjects bigint[], ids uuid[], tickets uuid[], contents bytea[])"
        " returns bigint[] language sql as $$ select '{}'::bigint[] $$"
    ),
    "another function that says how far all is committed": (
        "create or replace function settled() returns bigint language sql as $$ select 0::bigint $$"
    ),
    "another function of runs": (
        "create or replace function ground_run(sequence bigint, ground_id integer) returns bigint"
        " language sql immutable strict parallel safe return 0"
    ),
    "a function that is taken for one of the system": (
        "create function count(bigint) returns bigint language sql as $$ select 0::bigint $$"
    ),
    "an operator of its own": (
        "create function equal(bigint, bigint) returns boolean language sql as $$ select true $$;"
        " create operator === (leftarg = bigint, rightarg = bigint, function = equal)"
    ),
    "a setting of the owner": (
        "do $$ begin execute format('alter role audit_owner in database %I set search_path ="
        " pg_temp, public', current_database()); end $$"
    ),
    "a setting of the database": (
        "do $$ begin execute format('alter database %I set synchronous_commit = off',"
        " current_database()); end $$"
    ),
    "a schema more": "create schema lie",
    "an index gone": "drop index record_by_subject",
    "a unique index that is not": (
        "drop index record_by_sequence; create index record_by_sequence on record (sequence)"
        " with (fillfactor = 100)"
    ),
    "an index of another order": (
        "drop index span_by_time; create index span_by_time on span (integrated_at)"
    ),
    "an identification that may stand twice": ONE_PARTITION.format("drop index record_%s_known"),
    "a constraint gone": "alter table decision drop constraint decision_pkey",
    "another default": "alter table record alter column sequence set default 7",
    "a column more": "alter table record add column more text",
    "a right more": "grant update on record to audit",
    "a right on a partition": ONE_PARTITION.format("grant delete on record_%s to audit"),
    "a right less": "revoke select on error_report from audit",
    "a partition of a month that there is not": (
        "create table record_9 partition of record for values from (154618822656) to (171798691840)"
    ),
    "a partition taken away": ONE_PARTITION.format("alter table record detach partition record_%s"),
    "a partition under another name": ONE_PARTITION.format(
        "alter table record_%s rename to record_kept"
    ),
    "records that a crash may lose": "alter table span set unlogged",
}
STATEMENTS = {
    f"{kind}: {name}": statement
    for kind, table in (
        ("records", RECORDS),
        ("grounds", GROUNDS),
        ("state", STATE),
        ("places", PLACES),
        ("schema", SCHEMA),
    )
    for name, statement in table.items()
}


@pytest.fixture
async def bent(running, tmp_path):
    """A log that was signed twice and cosigned, with a copy of how it was first."""
    made = Bent(running, tmp_path / "kept")
    witness = NearWitness(running.tiles, running.signer.verifier, tmp_path / "witness")
    witness.tiles = Tiles(running.storage)
    await running.record(BEFORE)
    await running.grow(witness)
    shutil.copytree(running.folder, made.kept)
    await running.record(COUNT - BEFORE, customer_cbe_number="0899990744")
    await running.grow(witness)
    made.witness = witness
    return made


async def proved(bent):
    running, witness = bent.running, bent.witness
    signatures = Signatures(
        running.storage,
        running.signer.verifier,
        witness.signer.verifier,
        witness=str(witness.path),
    )
    store = Store(dsn=running.database.owner_dsn, signatures=signatures, patience=0)
    return await asyncio.to_thread(verify_store, store, 1, lambda done, of: None)


async def test_a_log_that_nobody_bent_is_proved(bent):
    whole = await proved(bent)

    assert whole.findings == []
    assert (whole.size, whole.proved) == (COUNT, COUNT)


@pytest.mark.parametrize("name", STATEMENTS)
async def test_what_is_done_to_the_database_is_found(bent, name):
    await bent.run(STATEMENTS[name])

    assert (await proved(bent)).findings


@pytest.mark.parametrize("order", ["forged first", "forged last"])
async def test_the_forged_one_of_two_twins_is_named(bent, order):
    forged = copy(FIRST, content="'\\x0801'")
    again = RECORDS["a forged twin, the genuine one put in again"]
    await bent.run(UNGUARDED + forged if order == "forged last" else again)
    name = await bent.running.owner.fetchval(
        "select record_id from record where content = '\\x0801'"
    )

    findings = (await proved(bent)).findings

    assert (Flaw.TWIN, str(name)) in {(one.flaw, one.what) for one in findings}
    assert not {Flaw.ALTERED, Flaw.MISSING} & {one.flaw for one in findings}


SHRUNK = (
    f"delete from record where sequence >= (select first_sequence from span where first_index ="
    f" {BEFORE});"
    f"update log_state set last_sequence = (select first_sequence - 1 from span where first_index"
    f" = {BEFORE}), size = {BEFORE};"
    f"delete from span where first_index >= {BEFORE};"
)
FILES = {
    "an older checkpoint": ("", ("checkpoint",)),
    "an older checkpoint with its places": ("", ("checkpoint", "places")),
    "older files": ("", ("checkpoint", "places", "tile")),
    "an older database with its older files": (SHRUNK, ("checkpoint", "places", "tile")),
    "an older checkpoint, and a signed record altered": (
        f"update record set content = '\\x0801' where sequence = {LAST}",
        ("checkpoint", "places"),
    ),
    "an older checkpoint, and signed records deleted": (
        f"delete from record where sequence > {LAST} - 50",
        ("checkpoint", "places"),
    ),
    "an older checkpoint, and all that was signed since deleted": (
        SHRUNK,
        ("checkpoint", "places"),
    ),
    "older places": ("", ("places",)),
}


@pytest.mark.parametrize("name", FILES)
async def test_what_is_put_back_is_found(bent, name):
    statement, files = FILES[name]
    root = bent.running.publication.placed()
    if statement:
        await bent.run(statement)
    bent.put_back(*files)
    if "older database" in name:
        # The whole state of then, not only what was signed of it.
        older = bent.running.publication.published()
        await bent.running.owner.execute("update log_state set root = $1", older.root)

    findings = (await proved(bent)).findings

    assert findings
    assert root is not None
    if "checkpoint" in files:
        assert Flaw.PUT_BACK in {one.flaw for one in findings}


@pytest.mark.parametrize("name", ["checkpoint", "places", "tile"])
@pytest.mark.parametrize("how", ["removed", "bent"])
async def test_what_is_done_to_the_files_is_found(bent, name, how):
    path = bent.running.folder / name
    if path.is_dir():
        path = path / "0" / "000"
    if how == "removed":
        path.unlink()
    else:
        held = bytearray(path.read_bytes())
        held[-10] ^= 1
        path.write_bytes(held)

    assert (await proved(bent)).findings


@pytest.mark.parametrize("said", ["nothing", "what nobody signed", "less"])
async def test_a_witness_that_does_not_say_what_it_cosigned_is_found(bent, said):
    path = bent.witness.path
    if said == "nothing":
        path.unlink()
    elif said == "less":
        path.write_text((bent.kept / "checkpoint").read_text())
    else:
        path.write_text(path.read_text().replace(f"\n{COUNT}\n", f"\n{COUNT - 1}\n"))

    assert (await proved(bent)).findings
