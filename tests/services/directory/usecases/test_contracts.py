"""Registering data contracts while the directory serves, on both stores."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.admission.model import Call, Stage
from services.concepts.code_lists import code_lists
from services.concepts.data_contract import ContractName
from services.concepts.party import NO_CERTIFICATE
from services.directory.errors import ContractExists, ContractRefused
from services.directory.usecases import CatalogueKeeper, Contracting
from services.kit.errors import PeerUnavailable
from tests.services.directory.examples import NOW, TODAY
from tests.services.directory.fakes import FakePeers
from tests.services.directory.rules.test_contracts import RESULT, trial

CALL = Call(ticket=UUID(int=1), rpc="rpc", received_at=NOW, day=TODAY, certificate=NO_CERTIFICATE)
SECOND = ContractName("TRIAL", 2)


@pytest.fixture
def peers():
    return FakePeers()


@pytest.fixture
async def contracting(kept, peers):
    keeper = CatalogueKeeper(
        kept.store, interval=timedelta(0), maximum_age=timedelta(minutes=1), today=lambda: TODAY
    )
    return Contracting(keeper, kept.contracts, peers, code_lists())


async def held(kept):
    return {one.name: one for one in (await kept.store.holdings()).contracts}


async def test_a_contract_is_kept_listed_at_once_and_on_the_trail(kept, contracting, peers):
    await contracting.register(CALL, trial())

    assert await held(kept) == {trial().name: trial()}
    assert trial().name in contracting.catalogues.current().offers
    (entry,) = peers.entries
    assert (entry.stage, entry.permitted, entry.contract) == (Stage.ACT, True, trial().name)


async def test_the_same_content_again_changes_nothing(kept, contracting):
    await contracting.register(CALL, trial())
    await contracting.register(CALL, trial())

    assert await held(kept) == {trial().name: trial()}


async def test_other_content_under_the_same_name_is_refused(kept, contracting, peers):
    await contracting.register(CALL, trial())

    with pytest.raises(ContractExists):
        await contracting.register(CALL, trial(title="Other"))

    assert await held(kept) == {trial().name: trial()}
    assert peers.entries[-1].reason == "CONTRACT_EXISTS"


async def test_a_name_that_is_taken_in_the_meantime_is_refused(kept, contracting):
    await kept.contracts.add_contract(trial())

    with pytest.raises(ContractExists):
        await kept.contracts.add_contract(trial(title="Other"))


async def test_a_breaking_version_is_refused_with_the_reasons(kept, contracting, peers):
    await contracting.register(CALL, trial())

    with pytest.raises(ContractRefused) as refused:
        await contracting.register(CALL, replace(trial(result=RESULT[:2]), name=SECOND))

    assert [one.field for one in refused.value.violations] == ["result.inner"]
    assert SECOND not in await held(kept)
    assert peers.entries[-1].reason == "CONTRACT_REFUSED"


async def test_nothing_is_kept_that_the_trail_does_not_have(kept, contracting, peers):
    peers.away["record"] = PeerUnavailable()

    with pytest.raises(PeerUnavailable):
        await contracting.register(CALL, trial())

    assert await held(kept) == {}
