"""The rows of all sources about one unit become one row, in the columns of the plan."""

from collections.abc import Iterable

from services.coding.model import CodedUnit, Held, Plan, Row
from services.coding.rules.sealing import RowSeal


def join(plan: Plan, seal: RowSeal, held: Iterable[Held]) -> list[Row]:
    """One row for each unit; what no source sent of it is missing. The order is that of the places,
    which tell nothing."""
    places = {one.name: n for n, one in enumerate(plan.variables)}
    own = {source: [places[one.name] for one in plan.of_source(source)] for source in plan.sources}
    found: dict[bytes, tuple[CodedUnit, list[str]]] = {}
    for one in held:
        (row,) = seal.open(one.sealed, one.unit + one.source.digits.encode())
        known = found.get(one.unit)
        if known is None:
            known = found[one.unit] = (row.unit, [""] * len(plan.variables))
        for place, value in zip(own[one.source], row.values, strict=True):
            known[1][place] = value
    return [Row(unit, tuple(values)) for unit, values in found.values()]
