"""Whether what a source sends can be taken: as a whole, with every fault named by its place."""

from collections.abc import Iterator, Sequence

from services.coding.model import CodedUnit, Hierarchies, Plan, Row, Unit, Variable
from services.coding.rules.anonymising import coarsen
from services.coding.rules.values import EXPECTED, is_written_well
from services.concepts.failures import FieldViolation, InvalidArgument, invalid
from services.concepts.subject import kind_of

MOST_FAULTS = 100
"""How many faults are named; the rest would tell nothing new."""


def check_units(plan: Plan, units: Sequence[Unit]) -> None:
    """Refuse units that the plan is not about, all of them named."""
    faults = [one for n, unit in enumerate(units) for one in _of_unit(plan, unit, f"units[{n}]")]
    if faults:
        raise InvalidArgument(violations=faults[:MOST_FAULTS])


def _of_unit(plan: Plan, unit: Unit, path: str) -> Iterator[FieldViolation]:
    if kind_of(unit.number) is not plan.subject_kind:
        yield FieldViolation(f"{path}.number", f"must be a number of kind {plan.subject_kind.name}")
    if (unit.household is not None) != plan.population.with_households:
        what = "must be there exactly where the project takes whole households"
        yield FieldViolation(f"{path}.household_ssin", what)


def check_known(plan: Plan, units: Sequence[Unit]) -> None:
    """Refuse units of another kind, all of them named; households are not wanted."""
    faults = [
        FieldViolation(f"units[{n}].number", f"must be a number of kind {plan.subject_kind.name}")
        for n, unit in enumerate(units)
        if kind_of(unit.number) is not plan.subject_kind or unit.household is not None
    ]
    if faults:
        raise InvalidArgument(violations=faults[:MOST_FAULTS])


def check_columns(variables: Sequence[Variable], columns: Sequence[str]) -> None:
    """Refuse columns that are not those of the source, in the order of the plan: values of one kind
    would change places unseen."""
    expected = [one.name for one in variables]
    if list(columns) != expected:
        raise invalid("columns", f"must be {', '.join(expected)}, in this order")


def check_rows(
    variables: Sequence[Variable],
    units: Sequence[CodedUnit | None],
    values: Sequence[tuple[str, ...]],
    hierarchies: Hierarchies,
) -> list[Row]:
    """The rows of known units, or all that is wrong with them."""
    faults: list[FieldViolation] = []
    seen: set[bytes] = set()
    rows: list[Row] = []
    for n, (unit, told) in enumerate(zip(units, values, strict=True)):
        path = f"rows[{n}]"
        if unit is None:
            faults.append(FieldViolation(f"{path}.temporary_number", "is none of this source"))
            continue
        if unit.code in seen:
            faults.append(FieldViolation(f"{path}.temporary_number", "is there twice"))
        seen.add(unit.code)
        faults += _of_values(variables, told, path, hierarchies)
        rows.append(Row(unit, told))
    if faults:
        raise InvalidArgument(violations=faults[:MOST_FAULTS])
    return rows


def _of_values(
    variables: Sequence[Variable], told: Sequence[str], path: str, hierarchies: Hierarchies
) -> Iterator[FieldViolation]:
    if len(told) != len(variables):
        yield FieldViolation(f"{path}.values", f"must be {len(variables)}")
        return
    for n, (variable, value) in enumerate(zip(variables, told, strict=True)):
        if not is_written_well(value, variable.kind):
            yield FieldViolation(f"{path}.values[{n}]", EXPECTED[variable.kind])
        elif coarsen(variable, value, hierarchies) is None:
            what = f"must be a value that hierarchy {variable.hierarchy} knows"
            yield FieldViolation(f"{path}.values[{n}]", what)
