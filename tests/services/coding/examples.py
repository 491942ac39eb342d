"""A small country for projects: organizations, a contract, numbers that are nobody's, fakes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from services.admission import rules as parties
from services.admission.model import Call, Granted, Stage
from services.coding.errors import (
    ProjectNotOpen,
    ReidentificationPending,
    RequestReused,
    TransitionForbidden,
    UnitSentAlready,
)
from services.coding.model import (
    Actor,
    CodingMode,
    ListState,
    Office,
    Plan,
    Population,
    ReleaseRules,
    State,
    Variable,
    VariableKind,
    VariableRole,
)
from services.coding.rules import reidentifying as rules
from services.concepts.data_contract import ContractName
from services.concepts.decision import Deliberation, Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.head import Head
from services.concepts.legal_context import LegalContext
from services.concepts.organization import SectorInstitution
from services.concepts.party import Certificate
from services.concepts.reference import (
    DataContract,
    DeceasedRule,
    IntegrationCheck,
    Organization,
    Reference,
    Supplier,
)
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.ssin import Ssin, check_digits
from services.concepts.subject import SubjectKind

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TODAY = date(2026, 11, 28)
UNIVERSITY = EnterpriseNumber(899990744)
BANK_OF_STATUSES = EnterpriseNumber(899990150)
HANDICAPS = EnterpriseNumber(899991041)
STRANGER = EnterpriseNumber(899990843)
STATUS, HANDICAP = ContractName("SOCIAL_STATUS", 1), ContractName("HANDICAP", 1)
DELIBERATION = "IVC/KSZG/99/005"
BANKER, SECOND_BANKER = Actor("bank.one", Office.BANK), Actor("bank.two", Office.BANK)
MEMBER = Actor("member.one", Office.COMMITTEE)
PLACES = {BANK_OF_STATUSES: SectorInstitution(25, 0), HANDICAPS: SectorInstitution(16, 0)}


def person(n):
    """A mock number: the month of birth plus 60."""
    nine = (700_000 + 6101 + n // 900 % 28) * 1000 + 1 + n % 900
    return Ssin(nine * 100 + check_digits(nine, 19))


def _contract(name, place):
    return DataContract(
        name=name,
        title=name.code,
        criteria_type="",
        result_type="",
        descriptor_set=b"",
        suppliers=(Supplier(place, "", frozenset()),),
        source_field="",
        integration_check=IntegrationCheck.INSIDE,
        minimum_phase=0,
        deceased_rule=DeceasedRule.ASK,
        identity_data=False,
    )


REFERENCE = Reference(
    1,
    b"",
    {
        number: Organization(number, number.digits, PLACES.get(number), (key(number),))
        for key in [lambda number: f"key of {number.digits}"]
        for number in (UNIVERSITY, BANK_OF_STATUSES, HANDICAPS, STRANGER)
    },
    {
        STATUS: _contract(STATUS, PLACES[BANK_OF_STATUSES]),
        HANDICAP: _contract(HANDICAP, PLACES[HANDICAPS]),
    },
)
AGE = Variable(
    *("age_class", STATUS, "statuses.name", BANK_OF_STATUSES),
    *(VariableKind.TEXT, VariableRole.QUASI_IDENTIFIER),
)
AMOUNT = Variable(
    *("amount", STATUS, "statuses.result", BANK_OF_STATUSES),
    *(VariableKind.DECIMAL, VariableRole.OTHER),
)
DISABILITY = Variable(
    *("disability", HANDICAP, "rights.kind", HANDICAPS),
    *(VariableKind.TEXT, VariableRole.SENSITIVE),
)
PLAN = Plan(
    "Rights that are not taken up",
    UNIVERSITY,
    LegalContext("UNIVERSITY:NON_TAKE_UP_STUDY"),
    DELIBERATION,
    CodingMode.KEYED,
    SubjectKind.PERSON,
    (AGE, AMOUNT, DISABILITY),
    Population("Everybody", 10_000, False, date(2025, 12, 31), 1000),
    ReleaseRules(2),
    TODAY + timedelta(days=30),
)


def call(organization=None, rpc="GetTemporaryNumbers", customer=None):
    """A call as it comes in, of an organization's program."""
    certificate = Certificate(
        organization, "" if organization is None else f"key of {organization.digits}", "certificate"
    )
    head = organization and Head("ticket", customer or organization, LegalContext(""))
    return Call(
        ticket=uuid4(),
        rpc=f"cbss.coding.v1.CodingService/{rpc}",
        received_at=NOW,
        day=TODAY,
        certificate=certificate,
        head=head,
    )


class FakeReferences:
    """The small country."""

    def __init__(self):
        self.reference = REFERENCE

    def current(self):
        return self.reference


class FakeMembers:
    """Knows who is in the small country."""

    def __init__(self, references):
        self.references = references

    async def party(self, call):
        members = self.references.current().organizations
        return parties.party(call.certificate, call.head.customer, members)


class FakeAccess:
    """Grants all fields of both contracts on one deliberation, until it is suspended."""

    def __init__(self):
        self.fields = {STATUS: ("statuses",), HANDICAP: ("*",)}
        self.deliberation, self.asked = DELIBERATION, []

    async def check(self, customer, legal_context, contract, day, mode):
        self.asked.append((customer.cbe_number, legal_context, contract, day, mode.name))
        if contract not in self.fields:
            return Denied("NO_DELIBERATION", None, "1-a")
        act = Deliberation(self.deliberation, 1)
        return Granted(act, "1-a", frozenset(), self.fields[contract])


class FakeTrail:
    """Remembers what was put in writing."""

    def __init__(self):
        self.entries, self.away = [], None

    async def record(self, *entries):
        if self.away is not None:
            raise self.away
        self.entries += entries

    def ids(self):
        return [one.record_id for one in self.entries if one.permitted and one.record_id]

    def refusals(self):
        return [one.reason for one in self.entries if not one.permitted]

    def persons(self):
        return [one.person for one in self.entries if one.stage is Stage.LINE]


class FakeNumbers:
    """Knows all numbers but some; some were replaced."""

    def __init__(self):
        self.unknown, self.replaced = set(), {}

    async def resolve(self, persons):
        return [self._resolved(one) for one in persons]

    def _resolved(self, one):
        if one in self.unknown:
            return ResolvedSsin(SsinState.UNKNOWN)
        if one in self.replaced:
            return ResolvedSsin(SsinState.REPLACED, self.replaced[one])
        return ResolvedSsin(SsinState.ACTIVE)


class FakeStore:
    """Projects and rows in memory."""

    def __init__(self):
        self.kept, self.seeds, self.counts = {}, {}, {}
        self.chunks, self.rows, self.pages = {}, {}, {}

    async def find(self, project_id):
        return self.kept.get(project_id)

    async def add(self, project):
        if project.project_id in self.kept:
            raise RequestReused
        self.kept[project.project_id] = replace(project, sequence=len(self.kept) + 1)

    async def offices_of(self, person):
        actors = [step.actor for one in self.kept.values() for step in one.steps]
        for one in self.lists.kept.values():
            actors += [actor for actor in (one.requested_by, one.decided_by) if actor]
        return frozenset(actor.office for actor in actors if actor.name == person)

    async def page(self, after, most):
        return [one for one in self.kept.values() if one.sequence > after][:most]

    async def ended(self, today):
        over = (State.CLOSED, State.REFUSED)
        found = self.kept.values()
        return [one for one in found if one.state not in over and one.plan.end_date < today]

    async def unconfirmed(self):
        return [
            one
            for one in self.kept.values()
            if one.state is State.CLOSED and one.key_digest and one.destruction is None
        ]

    def _take(self, project, step, **changes):
        kept = self.kept[project.project_id]
        if kept.state is not project.state:
            raise TransitionForbidden
        self.kept[kept.project_id] = replace(kept, steps=(*kept.steps, step), **changes)

    def _empty(self, project_id):
        for kept in (self.chunks, self.rows, self.pages):
            for key in [one for one in kept if one[0] == project_id]:
                del kept[key]

    async def advance(self, project, step):
        changes = {}
        if step.state is State.DELIVERED:
            changes = {"delivery": replace(project.delivery, delivered_at=step.at)}
        self._take(project, step, **changes)
        if step.state in (State.CLOSED, State.DELIVERED):
            self._empty(project.project_id)
        if step.state is State.CLOSED:
            self.seeds.pop(project.project_id, None)

    async def open(self, project, step, seed, key_digest):
        self._take(project, step, key_digest=key_digest)
        self.seeds[project.project_id] = seed

    async def confirm(self, project_id, record_id):
        self.kept[project_id] = replace(self.kept[project_id], destruction=record_id)

    async def seed_of(self, project_id):
        return self.seeds.get(project_id)

    async def count(self, project_id, source, day, units, most):
        key = project_id, source, day
        if self.counts.get(key, 0) + units > most:
            return False
        self.counts[key] = self.counts.get(key, 0) + units
        return True

    async def hold(self, project_id, source, chunk, rows):
        if self.kept[project_id].state is not State.OPEN:
            raise ProjectNotOpen
        chunk_id, digest = chunk
        known = self.chunks.get((project_id, source, chunk_id))
        if known is not None:
            if known != digest:
                raise RequestReused
            return False
        if any((project_id, one.unit, source) in self.rows for one in rows):
            raise UnitSentAlready
        self.chunks[project_id, source, chunk_id] = digest
        self.rows |= {(project_id, one.unit, source): one for one in rows}
        return True

    async def held(self, project_id):
        for key in sorted(key for key in self.rows if key[0] == project_id):
            yield self.rows[key]

    async def release(self, project, step, delivery, pages, held):
        if sum(key[0] == project.project_id for key in self.rows) != held:
            raise TransitionForbidden
        self._take(project, step, delivery=delivery)
        self._empty(project.project_id)
        self.pages |= {(project.project_id, one.number): one.sealed for one in pages}

    async def page_of(self, project_id, number):
        return self.pages.get((project_id, number))


class FakeLists:
    """Lists of codes in memory; those of a project that is closed are over."""

    def __init__(self, store):
        self.store, self.kept, self.codes = store, {}, {}
        store.lists = self

    def _current(self, one):
        project = self.store.kept[one.project_id]
        if one.state in rules.OPEN and project.state is State.CLOSED:
            return replace(one, state=ListState.ENDED, ended_at=project.steps[-1].at)
        return one

    async def find(self, list_id):
        one = self.kept.get(list_id)
        return None if one is None else self._current(one)

    async def page(self, project_id, after, most):
        found = [self._current(one) for one in self.kept.values()]
        return [o for o in found if o.project_id == project_id and o.sequence > after][:most]

    async def add(self, one, sealed):
        others = [o for o in self.kept.values() if o.project_id == one.project_id]
        if any(self._current(o).state in rules.OPEN for o in others):
            raise ReidentificationPending
        self.kept[one.list_id] = replace(one, sequence=len(self.kept) + 1)
        self.codes[one.list_id] = sealed

    async def move(self, before, after):
        if (await self.find(before.list_id)).state is not before.state:
            raise TransitionForbidden
        self.kept[before.list_id] = after

    async def codes_of(self, list_id):
        is_open = (await self.find(list_id)).state in rules.OPEN
        return self.codes[list_id] if is_open else None


def identifications():
    """UUIDs that come one after the other."""
    return iter(UUID(int=n) for n in range(1, 1000))
