"""The trail's stores in memory, and entries to put into them."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from services.audit.corrections.model import Decided, Notice, Report, ReportState
from services.audit.corrections.rules import is_overdue
from services.audit.decisions.model import KeptDecision
from services.audit.errors import LogUnsigned, MonthOver
from services.audit.oversight.model.alerts import Answer, KeptAlert
from services.audit.trail.form import whole
from services.audit.trail.model import Entry, Ground, Kept, Signed, Stage
from services.audit.trail.month_names import month_number
from services.audit.trail.store.leaves import leaf
from services.audit.trail.subjects import MonthKey
from services.concepts.ssin import Ssin
from services.kit.tlog.hashes import leaf_hash, root_of
from services.kit.tlog.proofs import consistency, inclusion

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

    async def of_search(self, search, after, most):
        def wanted(_, row):
            ground = row.entry.ground
            return search.customer in (None, ground.customer) and search.legal_context in (
                "",
                ground.legal_context,
            )

        return self._kept(wanted, after, most)

    def _kept(self, wanted, after, most):
        found = [
            _as_kept(at, row)
            for at, (month, row) in enumerate(self.rows, 1)
            if at > after and wanted(month, row)
        ]
        return found[:most]


class FakePlaces:
    """Gives every record but the last so many a place in the log, in the order of recording."""

    def __init__(self, records):
        self._records = records
        self.unmerged = 0

    async def indexes(self, sequences):
        merged = len(self._records.rows) - self.unmerged
        return {one: one - 1 for one in sequences if one <= merged}

    async def leaf(self, record_id):
        for at, (_, row) in enumerate(self._records.rows, 1):
            if row.entry.record_id == record_id:
                return at, leaf(_as_kept(at, row), row.subject and row.subject.key)
        return None


class FakeLog:
    """The log over the records, hashed anew for each question."""

    def __init__(self, records):
        self._records = records
        self.is_signed = True

    async def signed(self):
        if not self.is_signed:
            raise LogUnsigned
        size = len(self._records.rows)
        return Signed(f"checkpoint of {size}", size, self._subtree(0, size))

    async def inclusion(self, index, size):
        return inclusion(index, size, self._subtree)

    async def consistency(self, old, new):
        return consistency(old, new, self._subtree)

    def _subtree(self, begin, end):
        rows = enumerate(self._records.rows[begin:end], begin + 1)
        leaves = [leaf(_as_kept(at, row), row.subject and row.subject.key) for at, (_, row) in rows]
        return root_of([leaf_hash(one) for one in leaves])


class FakeOrganizations:
    """Admits organizations when a test says so."""

    def __init__(self):
        self.keys, self.officers, self.web_names = {}, {}, {}

    async def web_names_of(self, organization):
        return frozenset(self.web_names.get(organization.digits, ()))

    async def officers_of(self, organization):
        return frozenset(self.officers.get(organization.digits, ()))

    async def keys_of(self, organization):
        return frozenset(self.keys.get(organization.digits, ()))

    async def names_of(self, numbers):
        return {number: f"name of {number}" for number in numbers if number in self.keys}


class FakeAlerts:
    """Keeps alerts in a dictionary, by a clock that a test sets."""

    def __init__(self):
        self.now = datetime(2026, 11, 25, 9, tzinfo=UTC)
        self.held, self.order = {}, []

    async def add(self, told):
        for one in told:
            kept = KeptAlert(len(self.held) + 1, one, self.now)
            self.held.setdefault(one.alert_id, kept)

    async def find(self, organization, alert_id):
        found = self.held.get(alert_id)
        return found if found and found.told.organization == organization else None

    async def of_organization(self, organization, unanswered_only, after, most):
        return self._page(
            after,
            most,
            lambda one: (
                one.told.organization == organization
                and not (unanswered_only and one.acknowledged_at)
            ),
        )

    async def unanswered(self, due_before, after, most):
        return self._page(
            after, most, lambda one: one.acknowledged_at is None and one.told.due < due_before
        )

    async def count_unanswered(self, due_before):
        return len(await self.unanswered(due_before, 0, len(self.held)))

    async def acknowledge(self, organization, alert_id, finding):
        kept = await self.find(organization, alert_id)
        self.held[alert_id] = replace(kept, answers=(*kept.answers, Answer(finding, self.now)))
        self.order.append(alert_id)

    async def answered(self, after, most):
        last = {alert_id: n for n, alert_id in enumerate(self.order, 1)}
        found = [replace(self.held[alert_id], sequence=n) for alert_id, n in last.items()]
        found.sort(key=lambda one: one.sequence)
        return [one for one in found if one.sequence > after][:most]

    def _page(self, after, most, wanted):
        found = (one for one in self.held.values() if one.sequence > after and wanted(one))
        return sorted(found, key=lambda one: one.sequence)[:most]


class FakeMonthlyReports:
    """Keeps monthly reports in a dictionary."""

    def __init__(self):
        self.held = {}

    async def keep(self, counted):
        self.held |= {(one.organization, one.month): one.content for one in counted}

    async def find(self, organization, month):
        return self.held.get((organization, month))


class FakeReplacements:
    """Keeps replacements in a dictionary."""

    def __init__(self):
        self.held = {}

    async def add_replacement(self, replacement):
        return self.held.setdefault(replacement.event_id, replacement)

    async def replacements_of(self, keys, most):
        found = [one for one in self.held.values() if {one.old.key, one.new.key} & set(keys)]
        return found[:most]


class FakeReports:
    """Keeps reports and notices in dictionaries, by a clock that a test sets."""

    def __init__(self):
        self.now = datetime(2026, 11, 25, 9, tzinfo=UTC)
        self.held, self.told = {}, {}

    async def add(self, told):
        made = Report(len(self.held) + 1, told, Decided(ReportState.OPEN), self.now, None)
        return self.held.setdefault(told.report_id, made)

    async def find(self, report_id):
        return self.held.get(report_id)

    async def of_organization(self, organization, due_before, after, most):
        def concerns(told):
            return organization in (told.datum.source, told.reporter)

        return self._found(concerns, due_before, after, most)

    async def of_subject(self, keys, due_before, after, most):
        return self._found(lambda told: told.subject.key in keys, due_before, after, most)

    async def overdue(self, due_before, after, most):
        return self._found(lambda told: True, due_before, after, most)

    async def decide(self, report, decided, recipients):
        kept = self.held[report.told.report_id]
        if kept.decided == report.decided:
            kept = replace(kept, decided=decided, decided_at=self.now)
            self.held[kept.told.report_id] = kept
            for recipient, context in recipients.items():
                key = recipient, kept.told.report_id
                self.told[key] = (len(self.told) + 1, context, None)
        return kept if kept.decided == decided else None

    async def notices_of(self, recipient, waiting_only, after, most):
        told = [report_id for number, report_id in self.told if number == recipient.digits]
        found = [await self.find_notice(recipient, report_id) for report_id in told]
        return [
            one
            for one in found
            if one.sequence > after and not (waiting_only and one.acknowledged_at)
        ][:most]

    async def find_notice(self, recipient, report_id):
        told = self.told.get((recipient.digits, report_id))
        if told is None:
            return None
        kept, (place, context, seen_at) = self.held[report_id], told
        of = kept.told
        return Notice(place, report_id, of.subject, of.datum, context, kept.decided_at, seen_at)

    async def acknowledge(self, recipient, report_id):
        place, context, seen_at = self.told[recipient.digits, report_id]
        self.told[recipient.digits, report_id] = (place, context, seen_at or self.now)

    def _found(self, wanted, due_before, after, most):
        return [
            one
            for one in self.held.values()
            if one.sequence > after
            and wanted(one.told)
            and (due_before is None or is_overdue(one, due_before))
        ][:most]


class FakeDecisions:
    """Keeps decisions in a dictionary."""

    def __init__(self):
        self.held = {}

    async def add(self, told):
        made = KeptDecision(len(self.held) + 1, told, datetime(2026, 11, 25, 9, tzinfo=UTC))
        return self.held.setdefault(told.decision_id, made)

    async def find(self, decision_id):
        return self.held.get(decision_id)

    async def of_subject(self, keys, after, most):
        found = [one for one in self.held.values() if one.told.subject.key in keys]
        return [one for one in found if one.sequence > after][:most]


def _as_kept(at, row):
    one = row.entry
    return Kept(at, one.record_id, one.ticket, one.instance, one.ground.content, whole)


def entry(
    content=b"x", *, ticket=TICKET, subject=PERSON, stage=Stage.INTENT, record_id=None, **ground
):
    """A record; `content` stands for its ground and is what tests recognize it by."""
    made = Ground(content, ground.get("customer", 0), ground.get("legal_context", ""))
    return Entry(record_id or uuid4(), ticket, stage, subject, made, b"", ground.get("user", ""))
