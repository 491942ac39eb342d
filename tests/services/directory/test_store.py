"""One suite for the store in memory and the one in PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.directory.errors import DossierOverlaps
from services.directory.model import Loaded
from tests.services.directory.examples import (
    ANOTHER,
    CENTRE,
    FEDERAL,
    NETWORK,
    PERSON,
    TODAY,
    contract,
    dossier,
    organization,
    period,
    registration,
    source,
    subscription,
)


def by_begin(dossiers):
    return sorted(dossiers, key=lambda one: (one.organization, one.quality_code, one.period.begin))


async def test_organizations_get_a_key_when_they_are_heard_of_and_keep_it(kept):
    await kept.shelf.store_organizations([organization(), organization(NETWORK, manages=(CENTRE,))])
    before = (await kept.store.holdings()).keys

    await kept.shelf.store_organizations([organization(NETWORK, name="New name"), source()])

    held = await kept.store.holdings()
    assert set(before) == {CENTRE, NETWORK}
    assert set(held.keys) == {CENTRE, NETWORK, FEDERAL}
    assert {number: held.keys[number] for number in before} == before


async def test_only_dossiers_of_the_persons_and_organizations_asked_are_read(network):
    centre, federal = network.keys[CENTRE], network.keys[FEDERAL]
    mine = [registration(centre, quality=2), registration(centre, 2, quality=902, phase=7)]
    other = [registration(federal, 3), registration(centre, 4, person=ANOTHER)]
    await network.shelf.register([*mine, *other])

    found = await network.store.dossiers_of([PERSON], {centre})

    assert by_begin(found[PERSON]) == by_begin(one.dossier for one in mine)
    assert set(found) == {PERSON}


async def test_who_is_not_known_is_absent(network):
    assert await network.store.dossiers_of([PERSON, ANOTHER], set(network.keys.values())) == {}


async def test_registering_again_changes_nothing(network):
    centre = network.keys[CENTRE]
    lines = [
        registration(centre, n, begin=f"20{n:02d}-01-01", end=f"20{n:02d}-12-31") for n in (1, 2)
    ]
    first = await network.shelf.register(lines)
    before = await network.store.dossiers_of([PERSON], {centre})

    second = await network.shelf.register(lines)

    assert (first, second) == (Loaded(added=2), Loaded(unchanged=2))
    assert await network.store.dossiers_of([PERSON], {centre}) == before


async def test_a_dossier_that_comes_with_another_end_or_phase_is_corrected(network):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre), registration(centre, 2, quality=2)])

    done = await network.shelf.register([registration(centre, end="2021-12-31", phase=4)])

    found = await network.store.dossiers_of([PERSON], {centre})
    assert done == Loaded(corrected=1)
    assert by_begin(found[PERSON]) == [
        dossier(centre, end="2021-12-31", phase=4),
        dossier(centre, quality=2),
    ]


async def test_one_file_can_close_a_dossier_and_open_the_next(network):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre)])

    done = await network.shelf.register(
        [registration(centre, end="2021-12-31"), registration(centre, 2, begin="2022-01-01")]
    )

    assert done == Loaded(added=1, corrected=1)


OVERLAPS = [
    pytest.param({"begin": "2020-06-01"}, id="begins within"),
    pytest.param({"begin": "2020-12-31", "end": "2020-12-31"}, id="shares the last day"),
    pytest.param({"begin": "2019-01-01", "end": "2020-01-01"}, id="shares the first day"),
    pytest.param({"begin": "2019-01-01"}, id="surrounds"),
]


@pytest.mark.parametrize("changed", OVERLAPS)
async def test_a_line_that_overlaps_a_dossier_is_refused_with_all_that_came_along(network, changed):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre, end="2020-12-31")])

    with pytest.raises(DossierOverlaps) as refused:
        await network.shelf.register(
            [registration(centre, 7, person=ANOTHER), registration(centre, 8, **changed)]
        )

    assert [one.field for one in refused.value.violations] == ["line 8"]
    found = await network.store.dossiers_of([PERSON, ANOTHER], {centre})
    assert found == {PERSON: [dossier(centre, end="2020-12-31")]}


async def test_lines_that_overlap_each_other_are_refused(network):
    centre = network.keys[CENTRE]
    lines = [
        registration(centre, 1),
        registration(centre, 2),
        registration(centre, 3, quality=2),
        registration(centre, 4, begin="2021-01-01"),
    ]

    with pytest.raises(DossierOverlaps) as refused:
        await network.shelf.register(lines)

    assert [one.field for one in refused.value.violations] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    "other",
    [
        {"quality": 2},
        {"person": ANOTHER},
        {"begin": "2021-01-01"},
        {"begin": "2019-01-01", "end": "2019-12-31"},
    ],
    ids=["another quality", "another person", "the day after", "the day before"],
)
async def test_dossiers_that_share_no_day_in_one_quality_stand_side_by_side(network, other):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre, end="2020-12-31")])

    done = await network.shelf.register([registration(centre, **other)])

    assert done == Loaded(added=1)


async def test_a_dossier_of_another_organization_is_no_overlap(network):
    await network.shelf.register([registration(network.keys[CENTRE])])

    done = await network.shelf.register([registration(network.keys[FEDERAL])])

    assert done == Loaded(added=1)


async def test_an_overlap_with_a_dossier_that_is_shortened_too_late_is_refused(network):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre)])

    with pytest.raises(DossierOverlaps):
        await network.shelf.register(
            [registration(centre, 1, end="2022-06-30"), registration(centre, 2, begin="2022-01-01")]
        )


async def test_loads_at_the_same_time_lose_nothing(network):
    centre = network.keys[CENTRE]
    loads = [
        [registration(centre, quality=quality, person=person) for person in order]
        for quality, order in enumerate([(PERSON, ANOTHER), (ANOTHER, PERSON)] * 4, 1)
    ]

    done = await asyncio.gather(*(network.shelf.register(lines) for lines in loads))

    found = await network.store.dossiers_of([PERSON, ANOTHER], {centre})
    assert done == [Loaded(added=2)] * 8
    assert {person: len(dossiers) for person, dossiers in found.items()} == {PERSON: 8, ANOTHER: 8}


async def test_a_change_sees_what_is_there_and_answers(network):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre)])

    seen = await network.registers.change(PERSON, lambda known: (known, tuple(known)))

    assert seen == (dossier(centre),)


async def test_a_change_can_open_end_and_take_away(network):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre), registration(centre, 2, quality=2)])
    wanted = [dossier(centre, end="2021-12-31"), dossier(centre, quality=5)]

    await network.registers.change(PERSON, lambda known: (wanted, None))

    found = await network.store.dossiers_of([PERSON], {centre})
    assert by_begin(found[PERSON]) == wanted


async def test_a_change_that_fails_changes_nothing(network):
    centre = network.keys[CENTRE]
    await network.shelf.register([registration(centre)])

    def fail(known):
        raise DossierOverlaps()

    with pytest.raises(DossierOverlaps):
        await network.registers.change(PERSON, fail)

    assert await network.store.dossiers_of([PERSON], {centre}) == {PERSON: [dossier(centre)]}


async def test_subscriptions_are_read_as_they_were_given(network):
    given = subscription()

    await network.subscriptions.add_subscription(given)

    assert list(await network.store.running(TODAY)) == [given]
    assert await network.subscriptions.find_subscription(given.key) == given
    assert await network.subscriptions.find_subscription(UUID(int=99)) is None


async def test_the_last_day_of_a_subscription_is_never_put_off_nor_before_the_first(network):
    given = subscription()
    await network.subscriptions.add_subscription(given)

    ends = []
    for day in (date(2099, 12, 31), date(2099, 6, 30), date(2099, 12, 31), date(2020, 1, 1)):
        await network.subscriptions.end_subscription(given.key, day)
        held = await network.subscriptions.find_subscription(given.key)
        ends.append(held.wish.period.end)

    assert ends == [date(2099, 12, 31), date(2099, 6, 30), date(2099, 6, 30), date(2099, 1, 1)]


async def test_what_changed_of_subscriptions_is_read_alone(network):
    first, second = subscription(), replace(subscription(), key=UUID(int=77))
    await network.subscriptions.add_subscription(first)
    before = await network.store.revision()
    await network.subscriptions.add_subscription(second)
    between = await network.store.revision()
    await network.subscriptions.end_subscription(first.key, date(2099, 12, 31))

    both = await network.store.changed(before.subscriptions)
    assert {one.key for one in both} == {first.key, second.key}
    (ended,) = await network.store.changed(between.subscriptions)
    assert (ended.key, ended.wish.period.end) == (first.key, date(2099, 12, 31))
    now = await network.store.revision()
    assert list(await network.store.changed(now.subscriptions)) == []
    assert now.catalogue == before.catalogue


async def test_what_has_ended_is_not_read_again(network):
    wish = replace(subscription().wish, period=period("2020-01-01"))
    given = subscription(wish=wish)
    await network.subscriptions.add_subscription(given)
    await network.subscriptions.end_subscription(given.key, date(2025, 12, 31))

    assert len(await network.store.running(date(2025, 12, 31))) == 1
    assert list(await network.store.running(date(2026, 1, 1))) == []


async def test_a_page_of_a_subscribers_own_holds_what_runs_after_a_position(network):
    mine = [replace(subscription(), key=UUID(int=n)) for n in range(1, 6)]
    other = replace(subscription(), key=UUID(int=6), subscriber=FEDERAL)
    for one in (*mine, other):
        await network.subscriptions.add_subscription(one)
    await network.subscriptions.end_subscription(mine[2].key, date(2020, 1, 1))
    later = date(2100, 1, 1)

    async def page(after, most):
        found = await network.subscriptions.list_subscriptions(CENTRE, later, after, most)
        return [one.key.int for one in found]

    assert await page(None, 3) == [1, 2, 4]
    assert await page(UUID(int=2), 9) == [4, 5]


async def test_every_change_of_organizations_and_contracts_is_counted(network):
    seen = [(await network.store.revision()).catalogue]
    for change in (
        network.shelf.store_organizations([organization(NETWORK)]),
        network.shelf.store_contracts([contract(title="Other")]),
    ):
        await change
        seen.append((await network.store.revision()).catalogue)

    assert seen == sorted(set(seen))
