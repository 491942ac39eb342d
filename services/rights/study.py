"""A job for who reads the law and for who changes it: a right in words, what differs between two
versions, the cases beside it, and what refuses a release."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import ndiff
from itertools import pairwise
from pathlib import Path

from services.concepts.dated import FileRefused
from services.kit.clock import belgian_day, utc_now
from services.rights import cases
from services.rights.definitions import SHIPPED, read, release_faults
from services.rights.model.law import Law, Right
from services.rights.rules.sentences import say_right, say_version

DONE, REFUSED, NONSENSE = 0, 1, 2


class UnknownRight(LookupError):
    """There is no such right."""


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the code to end with."""
    asked = _parser().parse_args(arguments)
    try:
        lines, code = asked.work(asked)
    except FileRefused as refused:
        lines, code = [str(one) for one in refused.problems], REFUSED
    except UnknownRight as unknown:
        sys.stderr.write(f"{unknown}\n")
        return NONSENSE
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cbss rights", description=__doc__)
    parser.add_argument("--law", type=Path, default=SHIPPED)
    works = parser.add_subparsers(required=True)
    show = works.add_parser("show")
    show.add_argument("right", nargs="?")
    show.set_defaults(work=_show)
    diff = works.add_parser("diff")
    diff.add_argument("right", nargs="?")
    diff.add_argument("--draft", type=Path)
    diff.set_defaults(work=_diff)
    case = works.add_parser("case")
    case.add_argument("files", nargs="*", type=Path)
    case.set_defaults(work=_case)
    check = works.add_parser("check")
    check.add_argument("--on", type=date.fromisoformat)
    check.set_defaults(work=_check)
    return parser


def _right(law: Law, name: str) -> Right:
    if name not in law.rights:
        raise UnknownRight(f"{name} is none of {', '.join(sorted(law.rights))}")
    return law.rights[name]


def _show(asked: argparse.Namespace) -> tuple[list[str], int]:
    law = read(asked.law)
    if asked.right is None:
        return [f"{one.name}  {one.title.nl}, {one.body}" for one in law.rights.values()], DONE
    return list(say_right(law, _right(law, asked.right))), DONE


def _diff(asked: argparse.Namespace) -> tuple[list[str], int]:
    law = read(asked.law)
    if asked.draft is None:
        names = list(law.rights) if asked.right is None else [asked.right]
        return [line for name in names for line in _history(law, _right(law, name))], DONE
    draft = read(asked.draft)
    names = sorted(law.rights.keys() | draft.rights.keys())
    if asked.right is not None:
        _right(law if asked.right in law.rights else draft, asked.right)
        names = [asked.right]
    lines = [line for name in names for line in _between(law, draft, name)]
    return lines or ["no right differs"], DONE


def _history(law: Law, right: Right) -> Iterator[str]:
    versions = [list(say_version(law, one)) for one in right.versions]
    for (_, after), (old, new) in zip(pairwise(right.versions), pairwise(versions), strict=True):
        yield f"{right.name} from {after.begins} ({after.source})"
        yield from _changed(old[1:], new[1:])


def _between(law: Law, draft: Law, name: str) -> Iterator[str]:
    old = list(say_right(law, law.rights[name])) if name in law.rights else []
    new = list(say_right(draft, draft.rights[name])) if name in draft.rights else []
    if old != new:
        yield name
        yield from _changed(old, new)


def _changed(old: list[str], new: list[str]) -> Iterator[str]:
    changed = [line for line in ndiff(old, new) if line.startswith(("- ", "+ "))]
    yield from (f"  {line}" for line in changed or ["the same conditions"])


def _case(asked: argparse.Namespace) -> tuple[list[str], int]:
    law = read(asked.law)
    files = asked.files or sorted((asked.law / "cases").glob("*.yaml"))
    lines, wrong = [], 0
    for file in files:
        found = cases.run(law, file)
        unmet = [one for one in found if not one.is_met]
        wrong += len(unmet)
        count = len({one.case for one in found})
        lines.append(f"{file.name}: {count} cases, {len(found)} expectations, {len(unmet)} unmet")
        for one in unmet:
            lines += [f"  {one.case}", f"    expected {one.expected}", f"    found    {one.found}"]
    return lines, REFUSED if wrong else DONE


def _check(asked: argparse.Namespace) -> tuple[list[str], int]:
    faults = release_faults(asked.law, asked.on or belgian_day(utc_now()))
    return [str(one) for one in faults] or ["nothing refuses a release"], (
        REFUSED if faults else DONE
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
