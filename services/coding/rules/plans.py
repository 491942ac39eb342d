"""Whether a plan holds together, and whether a deliberation grants it.

Source: the deliberations on data for research: which fields, of which persons, for whom, until
when.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

from services.admission.model import Granted
from services.coding.errors import DeliberationMissing, PlanRefused
from services.coding.model import Hierarchies, Plan, Variable, VariableKind
from services.concepts.data_contract import ContractName
from services.concepts.decision import Denied
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import FieldViolation
from services.concepts.reference import Reference
from services.concepts.subject import SubjectKind

EVERYTHING = "*"
MOST_VARIABLES = 200
NUMBERS = (VariableKind.INTEGER, VariableKind.DECIMAL)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


def check_plan(plan: Plan, reference: Reference, hierarchies: Hierarchies, today: date) -> None:
    """Refuse a plan that is not possible, for all the reasons there are."""
    found = [*_of_whole(plan, reference, today)]
    for n, variable in enumerate(plan.variables):
        path = f"plan.variables[{n}]"
        found += _of_variable(variable, path, plan, reference)
        found += _of_hierarchy(variable, path, hierarchies)
    if found:
        raise PlanRefused(violations=found)


def _of_whole(plan: Plan, reference: Reference, today: date) -> Iterator[FieldViolation]:
    if plan.recipient not in reference.organizations:
        yield FieldViolation("plan.recipient_cbe_number", "is no organization of the network")
    if plan.recipient in plan.sources:
        what = "must not be a source: it would hold numbers and codes"
        yield FieldViolation("plan.recipient_cbe_number", what)
    if not 1 <= len(plan.variables) <= MOST_VARIABLES:
        yield FieldViolation("plan.variables", f"must be 1 to {MOST_VARIABLES}")
    if len(set(plan.columns)) < len(plan.columns):
        yield FieldViolation("plan.variables", "must have names of their own")
    if plan.end_date < today:
        yield FieldViolation("plan.end_date", "must not be past")
    if plan.subject_kind is SubjectKind.ESTABLISHMENT:
        yield FieldViolation("plan.subject_kind", "must be PERSON or ENTERPRISE")
    if plan.population.with_households and plan.subject_kind is not SubjectKind.PERSON:
        yield FieldViolation("plan.population.with_households", "is of persons alone")


def _of_variable(
    one: Variable, path: str, plan: Plan, reference: Reference
) -> Iterator[FieldViolation]:
    if _NAME.fullmatch(one.name) is None:
        what = "must be 1 to 64 lower-case letters, digits or `_`, a letter first"
        yield FieldViolation(f"{path}.name", what)
    source = reference.organizations.get(one.source)
    if source is None:
        yield FieldViolation(f"{path}.source_cbe_number", "is no organization of the network")
    contract = reference.contracts.get(one.contract)
    if contract is None or contract.is_retired:
        yield FieldViolation(f"{path}.data_contract", "is no data contract that can be asked for")
        return
    if contract.subject_kind is not plan.subject_kind:
        yield FieldViolation(f"{path}.data_contract", "is about something else than the plan")
    places = {supplier.place for supplier in contract.suppliers}
    if source is not None and source.place not in places:
        yield FieldViolation(f"{path}.source_cbe_number", "supplies no such data")


def _of_hierarchy(one: Variable, path: str, hierarchies: Hierarchies) -> Iterator[FieldViolation]:
    if not one.hierarchy:
        if one.level:
            yield FieldViolation(f"{path}.level", "is of a hierarchy, which is not named")
        return
    known = hierarchies.get(one.hierarchy)
    if known is None:
        yield FieldViolation(f"{path}.hierarchy", f"must be one of {', '.join(hierarchies)}")
        return
    if one.level not in known.levels:
        yield FieldViolation(f"{path}.level", f"must be one of {', '.join(known.levels)}")
    if (one.kind in NUMBERS) != known.is_numeric:
        what = "whole numbers or decimals" if known.is_numeric else "texts"
        yield FieldViolation(f"{path}.kind", f"must be {what}, as the hierarchy has them")


def is_granted(
    plan: Plan,
    decisions: Mapping[ContractName, Granted | Denied],
    source: EnterpriseNumber | None = None,
) -> bool:
    """Whether the deliberation of the plan grants it: all of it, or what one source sends."""
    wanted = plan.variables if source is None else plan.of_source(source)
    return all(_covers(decisions.get(one.contract), one.field, plan) for one in wanted)


def check_granted(plan: Plan, decisions: Mapping[ContractName, Granted | Denied]) -> None:
    """Refuse what the deliberation of the plan does not grant today."""
    if not is_granted(plan, decisions):
        raise DeliberationMissing


def _covers(decision: Granted | Denied | None, field: str, plan: Plan) -> bool:
    if not isinstance(decision, Granted) or decision.deliberation.number != plan.deliberation:
        return False
    return any(
        path == EVERYTHING or field == path or field.startswith(f"{path}.")
        for path in decision.fields
    )
