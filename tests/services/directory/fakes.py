"""The directory's store in memory, under the rules that the database holds as constraints."""

from dataclasses import replace

from services.admission.model import Granted
from services.concepts.decision import Deliberation
from services.concepts.failures import FieldViolation
from services.concepts.resolved_ssin import ResolvedSsin, SsinState
from services.concepts.status import status
from services.directory.errors import DossierOverlaps
from services.directory.model import (
    CheckedProof,
    Holdings,
    Loaded,
    OrganizationKey,
    ProofVerdict,
    Revision,
)
from tests.services.directory.examples import TODAY


class Clock:
    """Seconds that pass when told."""

    def __init__(self):
        self.seconds = 100.0
        self.today = TODAY

    def __call__(self):
        return self.seconds


class FakeStore:
    """Organizations, contracts and dossiers in dictionaries; reads and writes."""

    def __init__(self):
        self._keys = {}
        self._organizations = {}
        self._contracts = {}
        self._dossiers = {}
        self._subscriptions = {}
        self.recorded_at = {}
        self.asked = []
        self.counted = []
        self.changes = []
        self.away = None
        self._catalogue = 0
        self._changed = []
        self.rows = 0

    async def revision(self):
        if self.away is not None:
            raise self.away
        self.rows += 1
        return Revision(self._catalogue, len(self._changed))

    async def holdings(self):
        if self.away is not None:
            raise self.away
        self.rows += len(self._organizations) + len(self._contracts)
        return Holdings(
            dict(self._keys), [*self._organizations.values()], [*self._contracts.values()]
        )

    async def running(self, today):
        return self._read(one for one in self._subscriptions.values() if _runs(one, today))

    async def changed(self, after):
        return self._read(self._subscriptions[key] for key in dict.fromkeys(self._changed[after:]))

    def _read(self, found):
        read = [*found]
        self.rows += len(read)
        return read

    async def dossiers_of(self, persons, organizations, known_at=None):
        self.asked.append((set(persons), set(organizations)))
        found = {
            person: [
                one
                for one in self._dossiers[person].values()
                if one.organization in organizations
                and (known_at is None or self.recorded_at.get(one, known_at) <= known_at)
            ]
            for person in persons
            if person in self._dossiers
        }
        return {person: dossiers for person, dossiers in found.items() if dossiers}

    async def store_organizations(self, organizations):
        self._catalogue += 1
        for one in organizations:
            self._keys.setdefault(one.cbe_number, OrganizationKey(len(self._keys) + 1))
            self._organizations[one.cbe_number] = one

    async def store_contracts(self, contracts):
        self._catalogue += 1
        self._contracts.update({one.name: one for one in contracts})

    async def figures(self, first, last):
        return [one for one in self.counted if first <= one.month <= last]

    async def add_subscription(self, subscription):
        self._subscriptions[subscription.key] = subscription
        self._changed.append(subscription.key)

    async def find_subscription(self, key):
        return self._subscriptions.get(key)

    async def list_subscriptions(self, subscriber, today, after, most):
        mine = [
            one
            for _, one in sorted(self._subscriptions.items())
            if one.subscriber == subscriber
            and _runs(one, today)
            and (after is None or one.key > after)
        ]
        return mine[:most]

    async def end_subscription(self, key, last_day):
        one = self._subscriptions[key]
        begin, end = one.wish.period.begin, one.wish.period.end or last_day
        period = replace(one.wish.period, end=max(min(end, last_day), begin))
        self._subscriptions[key] = replace(one, wish=replace(one.wish, period=period))
        self._changed.append(key)

    async def change(self, person, decide, witness=None):
        known = self._dossiers.get(person, {})
        wanted, answer = decide(tuple(known.values()))
        if witness is not None:
            await witness(answer)
        self._dossiers[person] = {_key(one): one for one in wanted}
        self.changes.append((person, wanted))
        return answer

    async def register(self, registrations):
        after = {person: dict(known) for person, known in self._dossiers.items()}
        counts = {"added": 0, "corrected": 0, "unchanged": 0}
        lines, seen = list(registrations), set()
        for one in lines:
            key = _key(one.dossier)
            before = after.setdefault(one.person, {}).get(key)
            kind = "added" if before is None else "corrected"
            counts["unchanged" if before == one.dossier else kind] += 1
            after[one.person][key] = one.dossier
        wrong = []
        for one in lines:
            repeated = (one.person, _key(one.dossier)) in seen
            seen.add((one.person, _key(one.dossier)))
            earlier = {(other.person, _key(other.dossier)): other.line for other in lines}
            clashes = any(
                other is not one.dossier
                and _key(other)[:2] == _key(one.dossier)[:2]
                and other.period.overlaps(one.dossier.period)
                and earlier.get((one.person, _key(other)), 0) < one.line
                for other in after[one.person].values()
            )
            if repeated or clashes:
                wrong.append(FieldViolation(f"line {one.line}", DossierOverlaps.message()))
        if wrong:
            raise DossierOverlaps(violations=wrong)
        self._dossiers = after
        return Loaded(**counts)


def _runs(subscription, today):
    end = subscription.wish.period.end
    return end is None or end >= today


def _key(dossier):
    return dossier.organization, dossier.quality_code, dossier.period.begin


class FakePeers:
    """Identification, access and audit, saying what they are told to say."""

    def __init__(self):
        self.person = ResolvedSsin(SsinState.ACTIVE)
        self.proof = CheckedProof(ProofVerdict.AGREES, status("MSG00000"))
        self.verdict = Granted(
            Deliberation("IVC/KSZG/99/007", 1), "snapshot", frozenset(range(999)), ("*",)
        )
        self.away = {}
        self.entries = []
        self.abandoned = []
        self.checked = []
        self.verified = []

    async def resolve(self, person):
        self._answer("resolve")
        return self.person

    async def verify(self, call, person, proof):
        self.verified.append((call, person, proof, len(self.entries)))
        self._answer("verify")
        return self.proof

    def abandon(self, given_up, fault):
        self.abandoned.append((given_up, type(fault)))

    async def check(self, *asked):
        self._answer("check")
        self.checked.append(asked)
        return self.verdict

    async def record(self, entry):
        self._answer("record")
        self.entries.append(entry)

    def _answer(self, what):
        if what in self.away:
            raise self.away[what]
