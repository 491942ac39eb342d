"""Why a right is refused, as the person reads it: what was not so, and what would change it."""

from collections.abc import Sequence
from datetime import date

from services.concepts.text import Text
from services.rights.model.law import Law, Rule
from services.rights.model.nodes import Alone, Born, Holds, Income, Kept, Members, Node, Not
from services.rights.model.people import Unmet
from services.rights.model.wording import Wording, fill, join
from services.rights.rules import calendar
from services.rights.rules.sentences import say_cents

_NEVER = 10**6
"""Days since 1970, beyond which a day of birth is no bound."""


class Teller:
    """Tells conditions of one law."""

    def __init__(self, law: Law, wording: Wording) -> None:
        self._wording = wording
        self._facts = {one.code: one.title for one in law.facts.values()}
        self._scopes = {one.code: one.title for one in law.scopes.values()}

    def unmet(self, nodes: Sequence[Node], day: date) -> tuple[Unmet, ...]:
        """What was not met on a day, each thing once."""
        return tuple(dict.fromkeys(self._unmet(node, day) for node in nodes))

    def _unmet(self, node: Node, day: date) -> Unmet:
        kind, parts = self._parts(node, day)
        sentence = self._wording.conditions[kind]
        return Unmet(fill(sentence.said, parts), fill(sentence.remedy, parts))

    def _parts(self, node: Node, day: date) -> tuple[str, dict[str, Text | str]]:
        match node:
            case Holds():
                return "has", {"what": self._kinds(node), "when": self._when(node.rule, day)}
            case Kept():
                who = self._scopes[node.scope]
                when = self._when(node.facts.rule, day)
                return "has_in", {"who": who, "what": self._kinds(node.facts), "when": when}
            case Born():
                return _age(node)
            case Members():
                return "household", {"who": self._scopes[node.scope]}
            case Alone():
                return "alone", {"who": self._scopes[node.scope]}
            case Income():
                year = str(calendar.day_of(node.first).year)
                who = self._scopes[node.scope]
                return "income", {"year": year, "who": who, "limit": self._limit(node)}
            case Not():
                inner, parts = self._parts(node.part, day)
                what = parts.get("what", self._wording.conditions[inner].said)
                return "excluded", {"what": what}
        return "other", {}

    def _kinds(self, node: Holds) -> Text:
        return join([self._facts[code] for code, _ in node.types])

    def _when(self, rule: Rule, day: date) -> Text:
        parts = {
            "day": _day(day),
            "year": str(day.year),
            "next": str(day.year + 1),
            "before": str(day.year - 1),
            "times": str(rule.times),
        }
        return fill(self._wording.tests[rule.test], parts)

    def _limit(self, node: Income) -> Text:
        told = []
        for name, cents in (
            ("at_least", node.at_least),
            ("below", node.below),
            ("further", node.further),
        ):
            if cents:
                told.append(fill(self._wording.limits[name], {"amount": say_cents(cents)}))
        return join(told)


def _age(node: Born) -> tuple[str, dict[str, Text | str]]:
    has_first, has_last = node.first > -_NEVER, node.last < _NEVER
    parts: dict[str, Text | str] = {}
    if has_first:
        parts["first"] = _day(calendar.day_of(node.first))
    if has_last:
        parts["last"] = _day(calendar.day_of(node.last))
    if has_first and has_last:
        return "out_of_age", parts
    return "too_young" if has_last else "too_old", parts


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
