"""The trail's stores in memory, and entries to put into them."""

from uuid import UUID, uuid4

from services.audit.errors import MonthOver
from services.audit.model import Entry, Ground, Kept, Stage, month_number
from services.audit.subjects import MonthKey
from services.concepts.ssin import Ssin

PERSON = Ssin(71713000318)
ANOTHER = Ssin(89672220419)
A_THIRD = Ssin(57631410249)
TICKET = UUID(int=1)
NOVEMBER = month_number(2026, 11)


class FakeMonths:
    """Months that begin when a test says so."""

    def __init__(self):
        self.keys = [MonthKey.of(NOVEMBER, b"k" * 32)]
        self.seen = NOVEMBER

    async def current(self):
        return next(key for key in self.keys if key.month == self.seen)

    async def renew(self):
        self.seen = self.keys[-1].month

    async def all(self):
        return self.keys

    def begin_next(self):
        last = self.keys[-1].month + 1
        self.keys.append(MonthKey.of(last, bytes([last % 256]) * 32))


class FakeRecords:
    """Keeps rows in a list."""

    def __init__(self, months):
        self.rows = []
        self._months = months

    async def add(self, month, rows):
        if month != self._months.keys[-1].month:
            raise MonthOver
        known = {row.entry.record_id for _, row in self.rows}
        for row in rows:
            if row.entry.record_id not in known:
                known.add(row.entry.record_id)
                self.rows.append((month, row))

    async def of_ticket(self, ticket, after, most):
        return self._kept(lambda _, row: row.entry.ticket == ticket, after, most)

    async def of_subject(self, keys, after, most):
        wanted = {(one.month, one.key) for one in keys}
        return self._kept(
            lambda month, row: row.subject and (month, row.subject.key) in wanted, after, most
        )

    def _kept(self, wanted, after, most):
        found = [
            Kept(
                at,
                row.entry.record_id,
                row.entry.ticket,
                row.entry.instance,
                row.entry.ground.content,
            )
            for at, (month, row) in enumerate(self.rows, 1)
            if at > after and wanted(month, row)
        ]
        return found[:most]


class FakeReplacements:
    """Keeps replacements in a dictionary."""

    def __init__(self):
        self.held = {}

    async def add_replacement(self, replacement):
        return self.held.setdefault(replacement.event_id, replacement)

    async def replacements_of(self, keys, most):
        found = [one for one in self.held.values() if {one.old.key, one.new.key} & set(keys)]
        return found[:most]


def entry(
    content=b"x", *, ticket=TICKET, subject=PERSON, stage=Stage.INTENT, record_id=None, **ground
):
    """A record; `content` stands for its ground and is what tests recognize it by."""
    made = Ground(content, ground.get("customer", 0), ground.get("legal_context", ""))
    return Entry(record_id or uuid4(), ticket, stage, subject, made, b"", ground.get("user", ""))
