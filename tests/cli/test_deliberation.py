"""The deliberation command against access and audit as processes, over mutual TLS."""

from contextlib import closing
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
import pytest_asyncio
import yaml

from sandbox import topology
from sandbox.credentials import Vault
from sandbox.organizations import organizations
from sandbox.ports import Claims
from sandbox.processes import Processes
from sandbox.profiles import write_profile
from sandbox.programs import Programs
from sandbox.servers.databases import DsnFiles
from sandbox.state import State
from services.access.load.__main__ import load_files
from services.kit.clock import belgian_day, utc_now
from services.registry.load import __main__ as registry
from services.registry.load import contracts
from services.registry.load.archive import read_archive
from services.wire.references import decode_archive
from tests.support.commanding import cbss_beside
from tests.support.trail import Trail

NUMBER, CONTEXT = "IVC/KSZG/99/091", "PCSW:COMMAND"
SHIPPED = Path(str(files("sandbox") / "deliberations"))
ACTS = sorted(SHIPPED.glob("*.yaml"))


def draft(path, **changed):
    """A deliberation from today, for a purpose of its own, in a file."""
    plain = yaml.safe_load((SHIPPED / "99-002-means-test.yaml").read_text("utf-8"))
    plain |= {
        "number": NUMBER,
        "legal_contexts": [CONTEXT],
        "status": "PROPOSED",
        "valid_from": belgian_day(utc_now()).isoformat(),
    }
    path.write_text(yaml.safe_dump(plain | changed, allow_unicode=True, sort_keys=False))
    return str(path)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def state(postgres, tmp_path_factory):
    """The state of a sandbox in which access runs, with what it needs, and nothing else."""
    tmp_path = tmp_path_factory.mktemp("access")
    state = State.at(tmp_path / "state").made()
    stores = {}
    for name in ("access", "audit", "registry"):
        database = await postgres.migrated(name)
        stores[name] = DsnFiles(tmp_path / f"{name}-owner.dsn", tmp_path / f"{name}.dsn")
        stores[name].owner.write_text(database.owner_dsn)
        stores[name].service.write_text(database.dsn)
    onboarding = tmp_path / "organizations.yaml"
    onboarding.write_text(
        yaml.safe_dump(
            {
                "organizations": [
                    {"cbe_number": one.cbe_number, "name": one.title, "kind": one.kind}
                    for one in organizations().values()
                ]
            }
        )
    )
    shipped = [onboarding, *contracts.shipped_files()]
    owner = stores["registry"].owner.read_text()
    assert await registry.load_files(owner, shipped)
    _, coming = decode_archive(await read_archive(owner, coming=True))
    assert await load_files(stores["access"].owner.read_text(), coming, ACTS) == []
    with state.held(), closing(Claims()) as claims:
        ports = topology.choose_ports(state, claims, free=True)
        vault = Vault.founded(state)
        write_profile(state, ports, vault)
        programs = Programs(state, ports, vault, stores, tmp_path / "none", None)
        processes = Processes(state, lambda *_: None)
        try:
            for name in ("registry", "audit", "access"):
                await processes.start(programs.service(name))
            yield state
        finally:
            await processes.stop_all((("access", "audit", "registry"),))


async def said(state, *arguments):
    """What the command says, and its code."""
    command = ["deliberation", *arguments, "--state", str(state.folder)]
    done = await cbss_beside(*command)
    return done.exit_code, done.output


async def test_a_deliberation_is_led_through_its_life(state, tmp_path):
    file = tmp_path / "draft.yaml"
    audit = state.folder.parent / "audit-owner.dsn"
    async with Trail.at(audit) as trail:
        before = await trail.last()
    code, output = await said(state, "propose", draft(file, frequency="SOMETIMES"))
    assert (code, f"{file}: frequency: line " in output) == (1, True)
    code, output = await said(state, "diff", draft(file))
    assert (code, "nothing was enacted under this number" in output) == (0, True)
    assert (await said(state, "dry-run", str(file)))[0] == 0
    code, output = await said(state, "propose", str(file))
    assert (code, "PROPOSED" in output) == (0, True)
    code, output = await said(state, "enact", NUMBER, "1", "--as", "second-operator")
    assert (code, "PERMISSION_DENIED" in output) == (1, True)
    code, output = await said(state, "enact", NUMBER, "1")
    assert (code, "IN_FORCE" in output) == (0, True)
    code, output = await said(state, "explain", "pcsw-ghent", CONTEXT, "HANDICAP")
    assert (code, f"granted by {NUMBER} version 1" in output) == (0, True)
    code, output = await said(state, "explain", "economy", CONTEXT, "HANDICAP")
    assert "refuses RECIPIENT_NOT_COVERED: recipients: 17.1" in output
    for wrong in ((CONTEXT, "NOTHING"), ("PCSW:NOTHING", "HANDICAP")):
        code, output = await said(state, "explain", "pcsw-ghent", *wrong)
        assert (code, "no deliberation names the" in output) == (2, True)
    tomorrow = (belgian_day(utc_now()) + timedelta(days=1)).isoformat()
    amended = draft(file, version=2, valid_from=tomorrow, retention_days=7)
    code, output = await said(state, "diff", amended)
    assert (code, "+ 7" in output, "- 1825" in output) == (0, True, True)
    code, output = await said(state, "suspend", NUMBER, "1")
    assert (code, "SUSPENDED" in output) == (0, True)
    code, output = await said(state, "withdraw", NUMBER, "1")
    assert (code, "WITHDRAWN" in output) == (0, True)
    assert NUMBER in (await said(state, "list"))[1]
    assert 'digest: "' in (await said(state, "show", NUMBER))[1]

    async with Trail.at(audit) as trail:
        acts = "cbss.access.v1.DeliberationService/"
        records = [one for one in await trail.since(before) if one.rpc.startswith(acts)]
    assert [(one.rpc.rpartition("/")[2], one.operator, one.reason) for one in records] == [
        ("ProposeDeliberation", "operator", ""),
        ("EnactDeliberation", "committee-member", ""),
        ("SuspendDeliberation", "operator", ""),
        ("WithdrawDeliberation", "operator", ""),
    ]


async def test_a_commune_accedes_to_a_general_deliberation_and_a_university_does_not(state):
    today = belgian_day(utc_now())
    tomorrow = today + timedelta(days=1)
    number, commune = "IVC/KSZG/99/003", "0899990843"
    stranger = ("accede", number, "0899990744", "--regulation", "by-law 7")
    code, output = await said(state, *stranger, "--from", str(today))
    assert (code, "FAILED_PRECONDITION" in output) == (1, True)
    before = "By-law of the commune on the waste tax, article 4"
    ending = ("accede", number, commune, "--regulation", before, "--from", "2024-01-01")
    assert (await said(state, *ending, "--until", str(today)))[0] == 0
    acceding = ("accede", number, commune, "--regulation", "by-law 7")
    code, output = await said(state, *acceding, "--from", str(tomorrow))
    assert (code, "waits for the committee" in output) == (0, True)
    begin = ("enact-accession", number, commune, "--from", str(tomorrow))
    code, output = await said(state, *begin, "--as", "operator")
    assert (code, "PERMISSION_DENIED" in output) == (1, True)
    assert (await said(state, *begin))[0] == 0
    code, output = await said(state, "show", number)
    assert (code, "by-law 7" in output, "proposed_accessions" in output) == (0, True, False)
    code, output = await said(state, *acceding, "--from", "2024-01-02")
    assert (code, "FAILED_PRECONDITION" in output) == (1, True)
