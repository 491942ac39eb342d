"""The story of one day: `cbss demo` tells it on a real mesh and fails if it ends differently.

Every step says what is asked, by whom and under which deliberation, and compares the typed outcome
with what the law expects. The asking is done with generated stubs and nothing else of the project.
"""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter

import grpc.aio
from cbss.audit.v1 import exchange_record_pb2 as record_pb
from cbss.data.v1 import handicap_pb2, right_pb2
from cbss.routing.v1 import batch_pb2
from cbss.routing.v1 import routing_service_pb2 as routing_pb
from rich.console import Console
from rich.table import Table

from cli.trail import record_line
from sandbox.client import Institution, Operator, consultation
from sandbox.country import Country
from sandbox.pushing import notified_and_answered, notified_in_vain, told_unasked
from sandbox.steps import Step, Told, outcome_of

MEANS_TEST = "PCSW:LIVING_WAGE_MEANS_TEST"
DISABLED = "71713000318"
MOTHER = "89672220419"
RENUMBERED = "95661501156"
GRANTING = "ECONOMY:SOCIAL_TARIFF_GRANT"
TARIFF = "ENERGY_SOCIAL_TARIFF"
WIDOW = "57631410249"
ATTACHED = "85640912691"
"""Of whom the source behind a firewall has a file."""
FIREWALLED = handicap_pb2.HandicapCriteria(sources=[handicap_pb2.HANDICAP_SOURCE_DSL])
BEFORE_PAYING = "NSSO:WITHHOLDING_DUTY"
CONTRACTOR = "0999999229"
CEASED_CONTRACTOR = "0999999328"
DOWN = "iriscare"

IN_BATCH = 400
"""How many the batch of the story asks about."""
SHOWN = 8
"""How many of the last records of a trail are shown."""


async def found_and_cut(country: Country) -> Told:
    """A welfare centre reads a disability file, as far as the deliberation grants it."""
    answer = await _consult(country, "pcsw-ghent", "HANDICAP", DISABLED)
    cut = ", ".join(answer.data_filters.filtered_elements) or "nothing"
    return Told(
        outcome_of(answer.status),
        [
            f"allowed by {answer.deliberation.number} version {answer.deliberation.version}",
            f"cut because not granted: {cut}",
            *_sources(answer),
        ],
    )


async def without_deliberation(country: Country) -> Told:
    """A transport company asks the same under the same purpose."""
    return _plain(await _consult(country, "transport", "HANDICAP", DISABLED))


async def not_integrated(country: Country) -> Told:
    """Another welfare centre, with the same right, has not integrated the person."""
    return _plain(await _consult(country, "pcsw-liege", "HANDICAP", DISABLED))


async def replaced_number(country: Country) -> Told:
    """The number asked was replaced when the person's sex marker changed."""
    answer = await _consult(country, "pcsw-ghent", "HANDICAP", RENUMBERED)
    return Told(outcome_of(answer.status), [f"the number now is {answer.ssin.replaced_by}"])


async def one_source_down(country: Country) -> Told:
    """A consultation of several sources while one of them is stopped."""
    await country.stop(DOWN)
    try:
        return _plain(await _consult(country, "pcsw-ghent", "HANDICAP", MOTHER))
    finally:
        await country.start(DOWN)


async def behind_a_firewall(country: Country) -> Told:
    """A source that cannot be dialled is asked on the stream that it opened itself."""
    async with Institution.of(country.institution("pcsw-ghent")) as centre:
        asked = consultation(centre.cbe_number, MEANS_TEST, "HANDICAP", ATTACHED, FIREWALLED)
        return _plain(await centre.consult(asked))


async def before_paying(country: Country) -> Told:
    """A building company asks whether it must withhold from what it pays a contractor."""
    answer = await _consult(country, "builder", "WITHHOLDING_DUTY", CONTRACTOR, BEFORE_PAYING)
    return _plain(answer)


async def ceased_contractor(country: Country) -> Told:
    """It asks the same of a contractor that no longer exists."""
    return _plain(
        await _consult(country, "builder", "WITHHOLDING_DUTY", CEASED_CONTRACTOR, BEFORE_PAYING)
    )


async def in_a_batch(country: Country) -> Told:
    """At the end of the month it asks about all whom it pays, in one batch."""
    async with Institution.of(country.institution("builder")) as builder:
        asked = consultation(builder.cbe_number, BEFORE_PAYING, "WITHHOLDING_DUTY", CONTRACTOR)
        header = batch_pb2.BatchHeader(
            information_customer=asked.information_customer,
            legal_context=asked.legal_context,
            data_contract=asked.data_contract,
        )
        numbers = [CONTRACTOR, CEASED_CONTRACTOR, CONTRACTOR, "no number"] * (IN_BATCH // 4)
        items = [batch_pb2.BatchItem(cbe_number=number) for number in numbers]
        taken = await builder.submit(header, items)
        if not taken.HasField("batch"):
            return Told(outcome_of(taken.status))
        found = [one async for one in builder.results(header, taken.batch.batch_id)]
    if [one.cbe_number for one in found] != numbers:
        return Told("out of order")
    counts = Counter(one.status.code for one in found)
    return Told(
        ", ".join(f"{code} {count}" for code, count in sorted(counts.items())),
        [outcome_of(taken.status), f"{len(found)} results, in the order of the questions"],
    )


async def automatic_right(country: Country) -> Told:
    """The economy ministry asks who has the social tariff, and reads neither status nor reason."""
    criteria = right_pb2.RightsCriteria(rights=[TARIFF])
    async with Institution.of(country.institution("economy")) as ministry:
        answer = await ministry.consult(
            consultation(ministry.cbe_number, GRANTING, "RIGHTS", WIDOW, criteria)
        )
    held = right_pb2.RightDecisions()
    for result in answer.results:
        result.data.Unpack(held)
    lines = []
    for one in held.decisions:
        verdict = right_pb2.RightVerdict.Name(one.verdict).removeprefix("RIGHT_VERDICT_")
        begin = one.grant.begin_date
        lines.append(f"{one.right}: {verdict}, since {begin.year}-{begin.month:02}-{begin.day:02}")
    cut = ", ".join(answer.data_filters.filtered_elements)
    return Told(outcome_of(answer.status), [*lines, f"cut because not granted: {cut}"])


async def unknown_authority(country: Country) -> Told:
    """A client whose certificate is of an authority nobody here trusts."""
    async with Institution.of(country.stranger()) as stranger:
        try:
            await stranger.consult(
                consultation(stranger.cbe_number, MEANS_TEST, "HANDICAP", MOTHER)
            )
        except grpc.aio.AioRpcError as refused:
            return Told(f"refused at the edge, {refused.code().name}")
    return Told("answered")


async def trail(country: Country) -> Told:
    """The operator reads who asked about the person, with a reason that is recorded too."""
    async with Operator.of(country.operator()) as operator:
        records = [record async for record in operator.trail(DISABLED, "demonstration")]
    stages = {record_pb.ExchangeStage.Name(r.stage)[15:] for r in records}
    complete = {"INTENT", "OUTCOME", "REFUSAL"} <= stages
    return Told(
        "complete" if complete else f"only {sorted(stages)}",
        [record_line(record) for record in records[-SHOWN:]],
    )


STORY = (
    Step(
        "A welfare centre consults the disability file of a person it helps",
        "DATA_FOUND MSG00000",
        found_and_cut,
    ),
    Step(
        "A transport company asks the same, and no deliberation allows it",
        "NO_RESULT MSG00013",
        without_deliberation,
    ),
    Step(
        "Another welfare centre asks, and has not integrated the person",
        "NO_RESULT MSG00012",
        not_integrated,
    ),
    Step("A number that was replaced", "NO_RESULT MSG00006", replaced_number),
    Step(
        "Several sources are consulted while one is down",
        "INCOMPLETE_DATA HAN20200",
        one_source_down,
    ),
    Step(
        "A source behind a firewall answers on the call that it made itself",
        "DATA_FOUND MSG00000",
        behind_a_firewall,
    ),
    Step(
        "Somebody moves in, and who helps the household is told unasked",
        "DATA_FOUND MSG00000",
        told_unasked,
    ),
    Step(
        "A notary notifies a sale, and is answered what is due",
        "ANSWERED",
        notified_and_answered,
    ),
    Step(
        "Another sale is notified, and nobody answers by the date",
        "UNANSWERED",
        notified_in_vain,
    ),
    Step(
        "Before it pays a contractor, a building company asks whether it must withhold",
        "DATA_FOUND MSG00000",
        before_paying,
    ),
    Step(
        "It asks about a contractor that has ceased to exist",
        "NO_DATA_FOUND CBSS11002",
        ceased_contractor,
    ),
    Step(
        "At the end of the month it asks about all whom it pays, in one batch",
        f"CBSS11002 {IN_BATCH // 4}, MSG00000 {IN_BATCH // 2}, MSG00008 {IN_BATCH // 4}",
        in_a_batch,
    ),
    Step(
        "The economy ministry asks for whom the social tariff is granted without an application",
        "DATA_FOUND MSG00000",
        automatic_right,
    ),
    Step(
        "A certificate of an unknown authority",
        "refused at the edge, UNAVAILABLE",
        unknown_authority,
    ),
    Step("The audit trail of the first person", "complete", trail),
)


async def tell(country: Country, console: Console, story: Sequence[Step] = STORY) -> bool:
    """Tell the story; whether every step ended as expected."""
    good = True
    for number, step in enumerate(story, 1):
        begun = perf_counter()
        told = await step.act(country)
        took = (perf_counter() - begun) * 1000
        right = told.outcome == step.expected
        good &= right
        console.print(_shown(number, step, told, took, right))
    return good


def _shown(number: int, step: Step, told: Told, took: float, right: bool) -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_row(f"[bold]{number}.[/bold]", f"[bold]{step.title}[/bold]")
    colour = "green" if right else "red"
    said = told.outcome if right else f"{told.outcome}, expected {step.expected}"
    table.add_row("", f"[{colour}]{said}[/{colour}]  [dim]{took:.1f} ms[/dim]")
    for detail in told.details:
        table.add_row("", f"[dim]{detail}[/dim]")
    return table


async def _consult(
    country: Country, who: str, contract: str, subject: str, purpose: str = MEANS_TEST
) -> routing_pb.ConsultResponse:
    async with Institution.of(country.institution(who)) as institution:
        return await institution.consult(
            consultation(institution.cbe_number, purpose, contract, subject)
        )


def _plain(answer: routing_pb.ConsultResponse) -> Told:
    return Told(outcome_of(answer.status), [answer.status.description, *_sources(answer)])


def _sources(answer: routing_pb.ConsultResponse) -> list[str]:
    lines = []
    for result in answer.results:
        place = result.information_supplier.supplier_identification.sector_institution
        size = f", {len(result.data.value)} bytes" if result.HasField("data") else ""
        lines.append(
            f"source {place.sector}.{place.institution}: {outcome_of(result.status)}{size}"
        )
    return lines
