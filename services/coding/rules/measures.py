"""How well units hide among each other: k and l of a file as it would be handed over.

A missing value is a category of its own: who lacks one is not "anybody".
Source: k-anonymity (Sweeney 2002), l-diversity (Machanavajjhala and others 2007).
"""

from collections.abc import Iterator, Mapping, Sequence

from services.coding.model import Measures, Plan, ReleaseRules, Row, VariableRole
from services.concepts.failures import FieldViolation


def measure(plan: Plan, rows: Sequence[Row]) -> Measures:
    """Measure a file by the roles of its variables."""
    groups, sensitive = groups_of(plan, rows), places(plan, VariableRole.SENSITIVE)
    return Measures(
        len(rows),
        min(map(len, groups.values()), default=0),
        min(_diversities(groups, sensitive), default=0),
    )


def groups_of(plan: Plan, rows: Sequence[Row]) -> Mapping[tuple[str, ...], Sequence[Row]]:
    """Units that share all their quasi-identifiers."""
    quasi = places(plan, VariableRole.QUASI_IDENTIFIER)
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.values[n] for n in quasi), []).append(row)
    return groups


def problems(measured: Measures, rules: ReleaseRules) -> Iterator[FieldViolation]:
    """Why a file may not be released, all of it."""
    if not measured.unit_count:
        yield FieldViolation("rows", "there are none")
        return
    if measured.smallest_group < rules.minimum_group:
        said = f"a group has {measured.smallest_group} units, not {rules.minimum_group}"
        yield FieldViolation("minimum_group", said)
    if 0 < measured.smallest_diversity < rules.minimum_diversity:
        said = f"a group has {measured.smallest_diversity} values, not {rules.minimum_diversity}"
        yield FieldViolation("minimum_diversity", said)


def places(plan: Plan, role: VariableRole) -> tuple[int, ...]:
    """Where the variables of a role stand."""
    return tuple(n for n, one in enumerate(plan.variables) if one.role is role)


def _diversities(
    groups: Mapping[tuple[str, ...], Sequence[Row]], sensitive: Sequence[int]
) -> Iterator[int]:
    for rows in groups.values():
        for n in sensitive:
            yield len({row.values[n] for row in rows})
