"""The trail's store in memory, and entries to put into it."""

from uuid import UUID, uuid4

from services.audit.model import Entry, Kept, Stage
from services.concepts.ssin import Ssin

PERSON = Ssin(71713000318)
ANOTHER = Ssin(89672220419)
A_THIRD = Ssin(57631410249)
TICKET = UUID(int=1)


class FakeStore:
    """Keeps rows in a list."""

    def __init__(self):
        self.rows = []
        self.replacements = {}

    async def add(self, rows):
        known = {row.entry.record_id for row in self.rows}
        for row in rows:
            if row.entry.record_id not in known:
                known.add(row.entry.record_id)
                self.rows.append(row)

    async def of_ticket(self, ticket, after, most):
        return self._kept(lambda row: row.entry.ticket == ticket, after, most)

    async def of_subject(self, keys, after, most):
        return self._kept(lambda row: row.subject and row.subject.key in keys, after, most)

    async def add_replacement(self, replacement):
        return self.replacements.setdefault(replacement.event_id, replacement)

    async def replacements_of(self, keys, most):
        found = [
            one for one in self.replacements.values() if {one.old.key, one.new.key} & set(keys)
        ]
        return found[:most]

    def _kept(self, wanted, after, most):
        rows = enumerate(self.rows, 1)
        found = [Kept(at, row.entry.content) for at, row in rows if at > after and wanted(row)]
        return found[:most]


def entry(content=b"x", *, ticket=TICKET, subject=PERSON, stage=Stage.INTENT, record_id=None):
    return Entry(record_id or uuid4(), ticket, stage, subject, content)
