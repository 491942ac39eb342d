"""Tries what jurists expect of deliberations: `python -m services.access.load.policy --help`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from services.access.load.expectations import check
from services.access.load.files import read
from services.access.rules.comparisons import in_force
from services.access.rules.snapshots import compile_snapshot
from services.concepts.problems import Problem


def main() -> None:
    """The command; ends with code 1 when an expectation is not met."""
    parser = argparse.ArgumentParser(prog="services.access.load.policy", description=__doc__)
    parser.add_argument("proposed", nargs="*", type=Path, help="files with a proposed change")
    parser.add_argument("--policy", type=Path, required=True, help="the folder of the tests")
    parser.add_argument("--deliberations", type=Path, required=True, help="what is in force")
    parser.add_argument("--json", action="store_true", help="as JSON instead of text")
    given = parser.parse_args()
    expectations, problems = try_policy(given.policy, given.deliberations, given.proposed)
    if given.json:
        told = [
            {"file": one.file, "line": one.line, "description": one.description} for one in problems
        ]
        print(json.dumps({"expectations": expectations, "not_met": told}, ensure_ascii=False))
    else:
        for problem in problems:
            print(f"{problem.file}:{problem.line} {problem.description}")
        print(f"{expectations} expectations, {len(problems)} not met")
    sys.exit(1 if problems else 0)


def try_policy(
    policy: Path, deliberations: Path, proposed: Sequence[Path]
) -> tuple[int, Sequence[Problem]]:
    """How many expectations there are, and which are not met by what is in force with a change."""
    present = read(sorted(deliberations.glob("*.yaml")))
    change = read(proposed)
    texts = {
        (one.deliberation.number, one.deliberation.version): one.deliberation
        for one in present.reviewed
    }
    for one in change.reviewed:
        draft = in_force(one.deliberation)
        texts[draft.number, draft.version] = draft
    found = check(sorted(policy.glob("*.yaml")), compile_snapshot(texts.values()))
    return found.expectations, [*present.problems, *change.problems, *found.problems]


if __name__ == "__main__":
    main()
