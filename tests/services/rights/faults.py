"""The law with one thing in it wrong: every thing in turn."""

from dataclasses import replace
from datetime import timedelta

from services.concepts.dated import Versions
from services.rights.model.law import Part, Rule
from services.rights.model.words import DECISION, RUNS
from tests.services.rights.turns import conditions, limits_of

DAY = timedelta(days=1)
OF_FACTS = (
    Rule(),
    Rule("ON_1_JAN"),
    Rule("ON_1_JAN_OF_YEAR_BEFORE"),
    Rule("ANY_DAY_IN_QUARTER"),
    Rule("ON_1_JAN", 0, "CALENDAR_YEAR"),
    Rule("AT", 0, DECISION),
    Rule("AT", 0, "UNTIL_31_DEC"),
    Rule("AT", 0, "UNTIL_31_DEC_OF_NEXT_YEAR"),
    Rule("ON_1_JAN", 0, "FROM_1_JUN_TO_31_MAY"),
    Rule("AT", 0, "YEARS", 5),
)
OF_HOUSEHOLDS = (
    Rule(),
    Rule("ON_1_JAN"),
    Rule("ON_1_JAN_OF_YEAR_BEFORE"),
    Rule("ON_1_JAN", 0, "FROM_1_JUN_TO_31_MAY"),
)
KEPT = (Rule("TO_31_DEC"), Rule("QUARTERS", 1), Rule("QUARTERS", 2), Rule("QUARTERS", 3), None)


def faults_of(law):
    """Each fault: what is wrong, the rights that may come out otherwise, and the law with it."""
    for name, right in law.rights.items():
        for at, version in enumerate(right.versions):
            for said, wrong in wrong_versions(law, version):
                versions = (*right.versions[:at], wrong, *right.versions[at + 1 :])
                if wrong.condition == version.condition and _same(right.versions, at, wrong):
                    continue
                changed = replace(right, versions=versions)
                said = f"{name} {version.begins}: {said}"
                yield said, [name], replace(law, rights={**law.rights, name: changed})
    for name, status in law.statuses.items():
        users = [one for one in law.rights if _uses(law.rights[one], name)]
        for said, parts in wrong_parts(law, status.parts):
            changed = replace(status, parts=parts)
            if users:
                yield (
                    f"{name}: {said}",
                    users,
                    replace(law, statuses={**law.statuses, name: changed}),
                )
    for name, series in law.series.items():
        users = [
            one
            for one, right in law.rights.items()
            if any(name in limits_of(version) for version in right.versions)
        ]
        for said, amounts in wrong_amounts(series.amounts) if users else ():
            changed = replace(series, amounts=Versions(amounts))
            yield f"{name}: {said}", users, replace(law, series={**law.series, name: changed})
    yield from wrong_sources(law)


def _uses(right, status):
    return any(
        status in told.statuses
        for version in right.versions
        for told in conditions(version.condition)
    )


def _same(versions, at, wrong):
    """Whether the day that a version has more is of one that takes it in."""
    later, earlier = wrong.ends != versions[at].ends, wrong.begins < versions[at].begins
    for near in ([versions[at + 1]] if later and at + 1 < len(versions) else []) + (
        [versions[at - 1]] if earlier and at else []
    ):
        if set(_ways(wrong)) <= set(_ways(near)):
            return (wrong.ends or near.begins) >= near.begins
    return False


def _ways(version):
    told = version.condition
    return told.parts if told.kind == "any_of" else (told,)


def wrong_versions(law, version):
    yield "begins a day late", replace(version, begins=version.begins + DAY)
    yield "begins a day early", replace(version, begins=version.begins - DAY)
    if version.ends is not None:
        yield "ends a day late", replace(version, ends=version.ends + DAY)
        yield "ends a day early", replace(version, ends=version.ends - DAY)
    for said, condition in wrong_conditions(law, version.condition):
        yield said, replace(version, condition=condition)


def wrong_conditions(law, told):
    """A condition with one thing wrong, in it or below it."""
    for at, part in enumerate(told.parts):
        before, after = told.parts[:at], told.parts[at + 1 :]
        if len(told.parts) > 1:
            yield f"{told.kind} without {_short(part)}", replace(told, parts=(*before, *after))
        for said, wrong in wrong_conditions(law, part):
            yield said, replace(told, parts=(*before, wrong, *after))
    here = _short(told)
    match told.kind:
        case "any_of":
            yield f"{here} as all", replace(told, kind="all_of")
        case "all_of":
            yield f"{here} as any", replace(told, kind="any_of")
        case "not":
            yield "not, without not", told.parts[0]
        case "has":
            for name in told.statuses:
                rest = tuple(one for one in told.statuses if one != name)
                if rest:
                    yield f"{here} without {name}", replace(told, statuses=rest)
            for rule in _rules(told.when):
                yield f"{here} by {rule}", replace(told, when=rule)
        case "any_member_of" | "every_member_of":
            other = "every_member_of" if told.kind == "any_member_of" else "any_member_of"
            if told.kept is None:
                yield f"{here} as {other}", replace(told, kind=other)
            if told.kept is not None or other == "every_member_of":
                for kept in KEPT:
                    fits = told.kept is not None or told.parts[0].kind == "has"
                    if kept != told.kept and fits:
                        yield f"{here} kept {kept}", replace(told, kept=kept)
        case "age":
            for field in ("from_age", "under_age", "month_of_age"):
                age = getattr(told, field)
                for wrong in () if age is None else (age - 1, age + 1):
                    yield f"{field} {wrong}", replace(told, **{field: wrong})
        case "income_of":
            for year in (told.of_year - 1, told.of_year + 1):
                yield f"income of {year}", replace(told, of_year=year)
            if told.further:
                yield "income without what others add", replace(told, further="")
            kinds = [one.name for one in law.facts.values() if one.value == "cents"]
            for fact in kinds:
                if fact != told.fact:
                    yield f"{fact} for {told.fact}", replace(told, fact=fact)
    if told.scope:
        for scope in law.scopes:
            if scope != told.scope:
                yield f"{here} in {scope}", replace(told, scope=scope)
    if told.kind not in ("any_of", "all_of", "not", "has") and told.kept is None:
        for rule in OF_HOUSEHOLDS:
            if rule != told.at:
                yield f"{here} at {rule}", replace(told, at=rule)


def _short(told):
    return f"{told.kind} {'/'.join(told.statuses) or told.scope}"


def _rules(rule):
    if rule.test in RUNS:
        yield replace(rule, times=rule.times - 1)
        yield replace(rule, times=rule.times + 1)
        yield replace(rule, test="AT", times=0)
        return
    if rule.years:
        yield replace(rule, years=rule.years - 1)
        yield replace(rule, years=rule.years + 1)
    # On 1 January for a year, and on 1 January of each day, are the same.
    same = {Rule("ON_1_JAN"), Rule("ON_1_JAN", 0, "CALENDAR_YEAR")}
    for other in OF_FACTS:
        if other != rule and not {other, rule} <= same:
            yield other


def wrong_parts(law, parts):
    """The facts that make a status, one of them missing or counting where it does not."""
    for at, part in enumerate(parts):
        before, after = parts[:at], parts[at + 1 :]
        if len(parts) > 1:
            yield f"without {part.fact}", (*before, *after)
        for other in _shifted(part):
            yield f"{part.fact} {other.ranges}", (*before, other, *after)
        if not part.ranges and law.facts[part.fact].value in ("points", "category"):
            yield f"{part.fact} from 2", (*before, Part(part.fact, ((2, 2**60),)), *after)


def _shifted(part):
    said = _values(part.ranges)
    for at, (low, high) in enumerate(part.ranges):
        for wrong in ((low - 1, high), (low + 1, high), (low, high - 1), (low, high + 1)):
            ranges = (*part.ranges[:at], wrong, *part.ranges[at + 1 :])
            # A bound that is none is not shifted; nor one between ranges that touch.
            is_bound = abs(wrong[0] - wrong[1]) < 10**6 or wrong[0] != low
            if is_bound and _values(ranges) != said:
                yield replace(part, ranges=ranges)


def _values(ranges):
    return {one for low, high in ranges for one in range(max(low, -9), min(high, 10**5) + 1)}


def wrong_amounts(amounts):
    told = list(amounts)
    for at, one in enumerate(told):
        before, after = told[:at], told[at + 1 :]
        for cents in (one.cents - 1, one.cents + 1):
            yield f"{cents} cents", [*before, replace(one, cents=cents), *after]
        if at:
            for shift in (-DAY, DAY):
                begins = one.begins + shift
                last = replace(told[at - 1], ends=begins - DAY)
                yield f"from {begins}", [*told[: at - 1], last, replace(one, begins=begins), *after]


def wrong_sources(law):
    """A source that nobody asks, right by right."""
    for name, right in law.rights.items():
        told = [one for version in right.versions for one in conditions(version.condition)]
        scopes = {law.scopes[one.scope].source for one in told if one.scope}
        # Of who does not say who lives where either, that decides already.
        for source in {law.facts[fact].source for fact in right.facts} - scopes:
            facts = {
                fact: replace(kind, source="VDAB" if source != "VDAB" else "VAPH")
                if kind.source == source
                else kind
                for fact, kind in law.facts.items()
            }
            yield f"{name}: {source} for facts", [name], replace(law, facts=facts)
        for scope in {told.scope for one in right.versions for told in conditions(one.condition)}:
            if scope:
                told = replace(law.scopes[scope], source="VDAB")
                scopes = {**law.scopes, scope: told}
                yield f"{name}: source of {scope}", [name], replace(law, scopes=scopes)
