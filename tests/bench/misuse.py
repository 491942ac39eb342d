"""How much of the misuse in a labelled year is found, and how much else is told.

The naive way of the same run looks at volumes only: a day on which an institution asks more than
three deviations above its mean of the four weeks before.
"""

import argparse
import statistics
import time
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

from services.audit.oversight.model import Alert, Code, Day
from services.audit.oversight.rules import alerts, detectors
from services.audit.oversight.rules.rulebook import rulebook
from tests.bench.report import Figure, show, write
from tests.bench.year import Year, synthetic
from tests.bench.year.diary import Incident

WEEKS = 28
DEVIATIONS = 3
Flagged = frozenset[tuple[str, date]]


@dataclass(frozen=True)
class Score:
    """How good it was."""

    told: int
    right: int
    incidents: int
    found: int

    @property
    def precision(self) -> float:
        """Of what was told, the share that was misuse."""
        return self.right / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        """Of the misuse, the share that was told."""
        return self.found / self.incidents if self.incidents else 0.0


def judged(told: Sequence[Alert], incidents: Sequence[Incident]) -> Score:
    """Alerts of a rule against the cases of its kind: they meet where they name an exchange."""
    of = {ticket: n for n, one in enumerate(incidents) for ticket in one.tickets}
    met = [{of[ticket] for ticket in one.tickets if ticket in of} for one in told]
    found = {n for one in met for n in one}
    return Score(len(told), sum(map(bool, met)), len(incidents), len(found))


def flagged(days: Sequence[Day]) -> Flagged:
    """What the naive way tells: an institution, and a day."""
    history: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=WEEKS))
    found = set()
    for day in days:
        asked = Counter(step.organization for step in day.steps if step.is_asked_alone)
        for who in history.keys() | asked.keys():
            before = history[who]
            if len(before) == WEEKS:
                usual = statistics.mean(before) + DEVIATIONS * statistics.pstdev(before)
                if asked[who] > usual:
                    found.add((who, day.date))
            before.append(asked[who])
    return frozenset(found)


def judged_naively(told: Collection[tuple[str, date]], incidents: Sequence[Incident]) -> Score:
    """The naive way, judged kindly: any exchange of a case on that day will do."""
    wrong = {where for one in incidents for where in one.days}
    found = sum(1 for one in incidents if not one.days.isdisjoint(told))
    return Score(len(told), len(wrong.intersection(told)), len(incidents), found)


def figures(year: Year) -> list[Figure]:
    """What a year shows."""
    begun = time.process_time()
    told = list(alerts(year.days, detectors(rulebook(), year.estimates)))
    took = time.process_time() - begun
    naive = flagged(year.days)
    all_naive = judged_naively(naive, year.incidents)
    shown = []
    scores = []
    for code in Code:
        cases = [one for one in year.incidents if one.kind is code]
        score = judged([one for one in told if one.code is code], cases)
        scores.append(score)
        shown += _pair(code.value, score, judged_naively(naive, cases), all_naive)
    whole = Score(*map(sum, zip(*map(astuple, scores), strict=True)))
    shown += _pair("all rules", whole, all_naive, all_naive)
    shown += [
        Figure("volume only, precision", all_naive.precision, f"of {all_naive.told} alerts"),
        Figure("volume only, recall", all_naive.recall, f"of {all_naive.incidents} cases"),
        Figure("alerts per institution and year", whole.told / len(year.institutions), "alerts"),
        Figure("steps judged", sum(len(day.steps) for day in year.days) / took, "1/s of CPU"),
    ]
    return shown


def _pair(name: str, score: Score, naive: Score, all_naive: Score) -> list[Figure]:
    return [
        Figure(
            f"{name}, precision",
            score.precision,
            f"of {score.told} alerts",
            "volume only, precision",
            score.precision / all_naive.precision if all_naive.precision else None,
        ),
        Figure(
            f"{name}, recall",
            score.recall,
            f"of {score.incidents} cases",
            f"volume only, recall of these: {naive.recall:.2f}",
            score.recall / naive.recall if naive.recall else None,
        ),
    ]


def main(arguments: Sequence[str]) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="cbss bench misuse", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which year")
    parser.add_argument("--json", type=Path, help="where the figures are written too")
    given = parser.parse_args(arguments)
    found = figures(synthetic(given.seed))
    show(found)
    if given.json:
        write(given.json, found)
