"""Every kind of caller has an authority of its own: a name that another one gave is nobody."""

import grpc
import pytest
import pytest_asyncio

from tests.support.certificates import Authority
from tests.support.echo import NAME, RPCS, Servicer, Stub, service
from tests.support.server import served, vouching

KINDS = ("workloads", "operators", "committee", "institutions", "citizens", "sources")
WORKLOADS = {"routing": "workloads", "operator": "operators", "committee": "committee"}
"""Who may call here, and the kind of authority that may say so."""
CALLERS = {f"{NAME}/{rpc}": frozenset(WORKLOADS) for rpc in RPCS}


@pytest_asyncio.fixture
async def echo(tmp_path, authority):
    """A service that each kind of caller reaches with its own authority."""
    made = {kind: Authority(f"test {kind}") for kind in KINDS} | {"workloads": authority}
    believed = {kind: [one] for kind, one in made.items() if kind not in ("workloads", "sources")}
    servicer = Servicer()
    vouched = vouching(tmp_path, **believed)
    async with served(tmp_path, authority, [service(servicer)], CALLERS, **vouched) as running:
        running.made, running.servicer = made, servicer
        yield running


@pytest.mark.parametrize("issuer", KINDS)
@pytest.mark.parametrize("workload", WORKLOADS)
async def test_a_name_counts_from_the_authority_of_its_kind_only(echo, workload, issuer):
    client = echo.made[issuer].person(workload, "jan")
    stub = Stub(await echo.raw(client))

    if issuer == WORKLOADS[workload]:
        assert await stub.Echo(1) == 1
        return
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.Echo(1)

    let_in = issuer in WORKLOADS.values()
    codes = grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.UNAVAILABLE
    assert refused.value.code() is codes[not let_in]


@pytest.mark.parametrize(("workload", "named"), [("operator", "jan"), ("committee", "jan")])
async def test_people_act_under_a_name_of_their_own(echo, workload, named):
    client = echo.made[WORKLOADS[workload]].person(workload, named)

    await Stub(await echo.raw(client)).Told(1)

    caller = echo.servicer.told[-1][0]
    assert (caller.workload, caller.operator) == (workload, named)


async def test_without_an_authority_there_are_no_people_of_a_kind(tmp_path, authority):
    nobody = {"operators_authority_file": None, "committee_authority_file": None}
    async with served(tmp_path, authority, [service(Servicer())], CALLERS, **nobody) as echo:
        for workload in ("operator", "committee"):
            stub = Stub(await echo.raw(authority.person(workload, "jan")))
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await stub.Echo(1)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
