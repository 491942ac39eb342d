"""What it costs to decide rights: a population in buckets, and one person at a time, by CPU.

The population is synthetic, made from a seed: homes of one to five, 4 % who are insured apart
from those whom they live with, a tax file for most, statuses as often as they are in the country,
1.6 % of persons with a source that could not say. Making it is not measured. Buckets share nothing;
`--processes` of them are decided at a time. CPU is that of deciding.
"""

import argparse
import resource
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from services.rights.definitions import shipped_law
from services.rights.model.columns import FAR, Columns
from services.rights.rules.calendar import number
from services.rights.rules.decide import Decider
from services.rights.rules.evaluate import Evaluation
from services.rights.rules.gather import sort
from services.rights.rules.plan import plan_of
from tests.bench.report import Figure, machine, write

SHARES = {"RIS": 0.012, "IGO": 0.009, "IVT": 0.011, "IT": 0.014, "BIM_HOLDER": 0.17}
"""How many persons have a fact of a kind, where not 2 in a thousand."""
SILENT = 0.016
ASKED = 2000
DAY = date(2024, 5, 15)


def bucket(persons: int, seed: int) -> Columns:
    """Persons of a bucket, with all that is known of them."""
    law, chance = shipped_law(), np.random.default_rng(seed)
    born = number(DAY) - chance.integers(0, 95 * 365, persons)
    home = np.repeat(np.arange(persons), chance.choice([1, 2, 3, 4, 5], persons))[:persons]
    insured = np.where(chance.random(persons) < 0.04, persons + np.arange(persons), home)
    facts, homes = [], []
    for kind in law.facts.values():
        share = SHARES.get(kind.name, 0.002)
        if kind.value == "cents" or kind.name == "POSTAL_CODE":
            share = 0.85
        who = np.flatnonzero(chance.random(persons) < share)
        begin = number(date(2018, 1, 1)) + chance.integers(0, 2300, len(who))
        end = np.where(chance.random(len(who)) < 0.7, FAR, begin + 400)
        value = chance.integers(1, 7, len(who))
        if kind.value == "cents":
            begin, end = np.full(len(who), number(date(2023, 1, 1))), np.full(len(who), FAR)
            value = chance.integers(0, 6_000_000, len(who))
        if kind.name == "POSTAL_CODE":
            begin, end = np.zeros(len(who), np.int64), np.full(len(who), FAR)
            value = chance.integers(1000, 9999, len(who))
        facts.append(np.stack([np.full(len(who), kind.code), who, value, begin, end, begin], 1))
    for scope in law.scopes.values():
        group = insured if scope.source == "NIC" else home
        first = np.concatenate([[True], group[1:] != group[:-1]])
        rows = [np.full(persons, scope.code), np.arange(persons), group]
        rows += [np.where(first, 1, 3), np.zeros(persons, np.int64), np.full(persons, FAR)]
        homes.append(np.stack(rows, 1))
    unknown = np.where(
        chance.random(persons) < SILENT, 1 << chance.integers(0, len(law.sources), persons), 0
    )
    return sort(born, unknown, np.concatenate(facts), np.concatenate(homes))


def decide(task: tuple[int, int]) -> tuple[float, np.ndarray, float]:
    """CPU seconds of deciding a bucket, what came of each right, and the memory at its highest."""
    columns = bucket(*task)
    begun = time.process_time()
    evaluation = Evaluation(columns, number(DAY))
    found = [
        np.bincount(evaluation.right(branches), minlength=3)
        for _, branches in plan_of(shipped_law(), DAY).rights
    ]
    spent = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return spent, np.array(found), memory


def one_person(households: int) -> list[float]:
    """CPU milliseconds of all rights of one person with reasons and periods, sorted."""
    decider, spent = Decider(shipped_law()), []
    for seed in range(households):
        columns = bucket(4, seed)
        begun = time.process_time()
        decider.decide(columns, 0, DAY)
        spent.append((time.process_time() - begun) * 1000)
    return sorted(spent[households // 10 :])


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench rights", description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--buckets", type=int, default=8)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    console = Console()
    console.print(machine())
    tasks = [(asked.persons // asked.buckets, seed) for seed in range(asked.buckets)]
    begun = time.perf_counter()
    with ProcessPoolExecutor(asked.processes, get_context("spawn")) as pool:
        done = list(pool.map(decide, tasks))
    wall = time.perf_counter() - begun
    cpu, memory = sum(one[0] for one in done), max(one[2] for one in done)
    tally = np.sum([one[1] for one in done], axis=0)
    rights = [name for name, _ in plan_of(shipped_law(), DAY).rights]
    table = Table("right", "refused", "cannot decide", "granted")
    for name, row in zip(rights, tally.tolist(), strict=True):
        table.add_row(name, *(f"{one:,}" for one in row))
    console.print(table)
    spent = one_person(ASKED)
    middle, late = spent[len(spent) // 2], spent[int(len(spent) * 0.99)]
    console.print(
        f"{len(rights)} rights of {asked.persons:,} persons: {cpu:.2f} s of CPU "
        f"({cpu / asked.persons * 11_600_000:.1f} s for 11.6 million), {memory:.2f} GiB a process; "
        f"{wall:.1f} s of wall with making the population"
    )
    said = f"p50 {middle:.2f}, p99 {late:.2f} ms of CPU"
    console.print(f"one person, all rights, reasons and periods: {said}")
    if asked.json:
        figures = [Figure("population", cpu, "s of CPU"), Figure("one person p99", late, "ms")]
        write(asked.json, figures)


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
