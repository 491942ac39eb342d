"""A portal in the test's own process, with a real Redis, a real provider, and a mesh that is told
what to answer."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import error_report_pb2 as report_pb
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.directory.v1 import data_contract_pb2 as contract_pb
from cbss.directory.v1 import person_file_pb2
from cbss.rights.v1 import rights_service_pb2 as rights_pb
from joserfc import jwt
from joserfc.jwk import ECKey

from pages.portal.catalogue import kinds
from sandbox.provider.app import Provider as SandboxProvider
from sandbox.provider.grants import CLAIM, Grants
from services.portal.fresh import Fresh
from services.portal.peers import Read, TokenOver
from services.portal.provider import Provider, Relation
from services.portal.sessions import Sessions, redis_at
from services.portal.web.app import application
from services.portal.web.site import Site
from tests.support.contracts import shipped_contracts
from tests.support.valkey import running

ORIGIN, ISSUER = "https://portal.test", "https://provider.test"
MARC, OTHER = "71713000318", "89672220419"
GHENT = "0899990348"
HOUR = 3600.0


@pytest.fixture(scope="session")
def redis_url():
    with running() as url:
        yield url


@dataclass
class FakeMesh:
    """Answers whom a token is of, and writes down for whom it was asked."""

    key: ECKey
    clock: "Clock"
    lists: dict = field(default_factory=dict)
    away: set = field(default_factory=set)
    asked: list = field(default_factory=list)
    windows: list = field(default_factory=list)
    reported: list = field(default_factory=list)

    async def read(self, token, parts, window=None):
        claims = jwt.decode(token, self.key).claims
        if claims["exp"] + 60 <= self.clock():
            raise TokenOver
        self.asked.append(claims[CLAIM])
        self.windows.append(window)
        missing = self.away & set(parts)
        lists = self.lists.get(claims[CLAIM], {})
        return Read({k: v for k, v in lists.items() if k not in missing}, frozenset(missing))

    async def report(self, token, told):
        self.asked.append(jwt.decode(token, self.key).claims[CLAIM])
        self.reported.append(told)
        return report_pb.ErrorReport(due_date={"year": 2026, "month": 12, "day": 24})

    async def deliberations(self):
        return []

    async def contracts(self):
        return [
            contract_pb.DataContract(
                code=one.name.code,
                version=one.name.version,
                result_type=one.result_type,
                descriptor_set=one.descriptor_set,
            )
            for one in shipped_contracts().values()
        ]


@dataclass
class Clock:
    """The time of portal and provider, which tests move on."""

    at: float = 1_795_000_000.0

    def __call__(self):
        return self.at


class Browser:
    """A browser without scripts: it keeps cookies, and follows where it is led."""

    def __init__(self, portal, provider):
        self._portal, self._provider = portal, provider
        self.page = None

    async def get(self, path, **headers):
        self.page = await self._portal.get(path, headers=headers)
        return self.page

    async def post(self, path, told, **headers):
        self.page = await self._portal.post(path, data=told, headers=headers)
        return self.page

    async def begin(self, to="/nl/me"):
        """Where the provider is, after somebody chose to sign in."""
        return (await self.get(f"/sign-in?to={to}")).headers["location"]

    async def choose(self, address, person=MARC, **told):
        """Where the provider leads back to."""
        answer = await self._provider.post(address, data=told or {"person": person})
        return answer.headers["location"].removeprefix(ORIGIN)

    async def sign_in(self, person=MARC, to="/nl/me"):
        answer = await self.get(await self.choose(await self.begin(to), person))
        assert answer.status_code == 303, answer.text
        return await self.get(answer.headers["location"])

    @property
    def form_key(self):
        return re.search(r'name="form_key" value="([^"]+)"', self.page.text)[1]

    @property
    def key(self):
        return self._portal.cookies.get("__Host-session")

    def forget(self):
        self._portal.cookies.clear()

    def keep(self, key):
        self._portal.cookies.set("__Host-session", key, domain="portal.test")


@dataclass
class World:
    """The portal and what is around it."""

    site: Site
    app: object
    mesh: FakeMesh
    grants: Grants
    provider: httpx.AsyncClient
    clock: Clock
    browsers: list = field(default_factory=list)

    def browser(self, **headers):
        transport = httpx.ASGITransport(self.app)
        portal = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        self.browsers.append(portal)
        return Browser(portal, self.provider)


@pytest.fixture
async def world(redis_url):
    key, clock = ECKey.generate_key("P-256", {"kid": "k1"}), Clock()
    grants = Grants(ISSUER, "portal", "cbss", key, clock)
    redirect = f"{ORIGIN}/signed-in"
    app = SandboxProvider(grants, redirect, "secret", {MARC: "Marc"}).application()
    mesh = FakeMesh(key, clock, lists={MARC: lists_of(MARC), OTHER: lists_of(OTHER)})
    relation = Relation(ISSUER, "portal", "secret", CLAIM, "cbss", redirect, timedelta(seconds=60))
    transport = httpx.ASGITransport(app)
    async with redis_at(redis_url) as redis, httpx.AsyncClient(transport=transport) as http:
        await redis.flushall()
        sessions = Sessions(
            redis,
            b"s" * 32,
            timedelta(minutes=15),
            timedelta(hours=1),
            timedelta(minutes=10),
            clock,
        )
        site = Site(
            sessions=sessions,
            provider=Provider(http, relation, clock),
            mesh=mesh,
            register=Fresh(mesh.deliberations, lambda read: {}),
            kinds=Fresh(mesh.contracts, kinds),
            origin=ORIGIN,
            security_contact="mailto:security@portal.test",
            log_key="log.test+00000000+AAAA",
            now=clock,
        )
        made = World(site, application(site, 512), mesh, grants, http, clock)
        yield made
        for one in made.browsers:
            await one.aclose()


def lists_of(person):
    """What the mesh tells somebody: a file, a fact and two uses."""
    file = person_file_pb2.PersonFile(
        ssin=person, cbe_number=GHENT, organization_name=f"Office of {person[:4]}", phase=1
    )
    file.quality.nl, file.quality.fr, file.quality.de = "leefloner", "bénéficiaire", "Empfänger"
    uses = [use(1, GHENT), use(2, "0899990744")]
    return {
        "rights": rights(),
        "files": [file],
        "facts": [buffer_pb.PersonFact(ssin=person)],
        "consultations": uses,
    }


def rights():
    """A right that is granted, one that is refused and one that is not decided."""
    made = []
    for verdict in (2, 1, 3):
        one = rights_pb.MyRight(body="De Lijn", legal_ground="Programme law")
        one.title.nl = one.title.fr = one.title.de = f"Recht {verdict}"
        one.explanation.nl = one.explanation.fr = one.explanation.de = "Uitleg"
        one.decision.right, one.decision.verdict = f"RIGHT_{verdict}", verdict
        made.append(one)
    refused, granted, undecided = (one.decision for one in made)
    condition = refused.unmet_conditions.add()
    condition.condition.nl = condition.condition.fr = condition.condition.de = "65 jaar of ouder"
    granted.grant.begin_date.year, granted.grant.begin_date.month = 2026, 1
    granted.grant.begin_date.day = 1
    granted.benefit_cents = 12_345
    fact = granted.facts_used.add(fact_type="IGO")
    fact.fact.nl = fact.fact.fr = fact.fact.de = "Inkomensgarantie"
    fact.source.sector_institution.sector = 2
    granted.facts_used.add(is_of_another=True).source.cbe_number = GHENT
    missing = undecided.missing_sources.add(source="FPS_FINANCE")
    missing.name.nl = missing.name.fr = missing.name.de = "FOD Financiën"
    return made


def use(day, customer):
    made = audit_pb.Consultation(
        record_id=str(day),
        data_contract="HANDICAP",
        asker=audit_pb.ASKER_ORGANIZATION,
        customer=audit_pb.NamedOrganization(cbe_number=customer, name=f"Office {customer}"),
        deliberation_number="IVC/KSZG/99/002",
        legal_context="PCSW:MEANS_TEST",
        sources=[audit_pb.NamedOrganization(cbe_number="0899990843", name="Source")],
    )
    made.occurred_at.FromSeconds(1_790_000_000 + day * 86_400)
    made.step.nl = made.step.fr = made.step.de = "Uw gegevens werden opgevraagd"
    made.data.nl = made.data.fr = made.data.de = "Erkenning van een handicap"
    return made


def query(address):
    """What an address asks, by its names."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
