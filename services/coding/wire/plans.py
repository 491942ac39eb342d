"""Plans of projects."""

from enum import Enum
from typing import TypeVar

from cbss.coding.v1 import project_pb2

from services.coding.model import (
    CodingMode,
    Plan,
    Population,
    ReleaseRules,
    Variable,
    VariableKind,
    VariableRole,
)
from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import EnterpriseNumber, parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.legal_context import parse_legal_context
from services.concepts.subject import SubjectKind
from services.wire import values

E = TypeVar("E", bound=Enum)
MOST_DRAWN, MOST_UNITS = 10_000, 20_000_000
LARGEST_GROUP, LARGEST_DIVERSITY = 1000, 100
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME = 200, 500, 64


class PlanForm:
    """Plans as they rest: as they travel."""

    def write(self, plan: Plan) -> bytes:
        """A plan as bytes, the same for the same plan."""
        return encode_plan(plan).SerializeToString(deterministic=True)

    def read(self, content: bytes) -> Plan:
        """The plan that was written."""
        return decode_plan(project_pb2.ProjectPlan.FromString(content))


def decode_plan(told: project_pb2.ProjectPlan) -> Plan:
    """The plan that a message holds."""
    return Plan(
        values.decode_text(told.title, "plan.title", LONGEST_TITLE, shortest=1),
        _number(told.recipient_cbe_number, "plan.recipient_cbe_number"),
        parse_legal_context(told.legal_context, field="plan.legal_context"),
        values.decode_text(
            told.deliberation_number, "plan.deliberation_number", LONGEST_NAME, shortest=1
        ),
        decode_one_of(CodingMode, told.mode, "plan.mode"),
        decode_one_of(SubjectKind, told.subject_kind, "plan.subject_kind"),
        tuple(_variable(one, f"plan.variables[{n}]") for n, one in enumerate(told.variables)),
        _population(told.population),
        _rules(told.release_rules),
        values.decode_day(told.end_date, "plan.end_date"),
    )


def encode_plan(plan: Plan) -> project_pb2.ProjectPlan:
    """A plan as a message."""
    about = plan.population
    return project_pb2.ProjectPlan(
        title=plan.title,
        recipient_cbe_number=plan.recipient.digits,
        legal_context=plan.legal_context,
        deliberation_number=plan.deliberation,
        mode=f"CODING_MODE_{plan.mode.name}",
        subject_kind=f"SUBJECT_KIND_{plan.subject_kind.name}",
        variables=map(_encode_variable, plan.variables),
        population=project_pb2.Population(
            description=about.description,
            drawn_per_ten_thousand=about.drawn,
            with_households=about.with_households,
            reference_day=values.encode_day(about.reference_day),
            most_units=about.most_units,
        ),
        release_rules=project_pb2.ReleaseRules(
            minimum_group=plan.rules.minimum_group,
            minimum_diversity=plan.rules.minimum_diversity,
            most_suppressed_per_mille=plan.rules.most_suppressed,
        ),
        end_date=values.encode_day(plan.end_date),
    )


def decode_one_of(kind: type[E], told: int, path: str) -> E:
    """The value of an enum that is numbered as in the contract."""
    try:
        return kind(told)
    except ValueError:
        named = ", ".join(one.name for one in kind)
        raise invalid(path, f"must be one of {named}") from None


def decode_bounded(told: int, path: str, least: int, most: int) -> int:
    """A count within bounds."""
    if not least <= told <= most:
        raise invalid(path, f"must be {least} to {most}")
    return told


def _variable(told: project_pb2.Variable, path: str) -> Variable:
    fields = f"{path}.data_contract", f"{path}.contract_version"
    return Variable(
        told.name,
        parse_contract_name(told.data_contract, told.contract_version, fields=fields),
        values.decode_text(told.field, f"{path}.field", 256, shortest=1),
        _number(told.source_cbe_number, f"{path}.source_cbe_number"),
        decode_one_of(VariableKind, told.kind, f"{path}.kind"),
        decode_one_of(VariableRole, told.role, f"{path}.role"),
        values.decode_text(told.hierarchy, f"{path}.hierarchy", LONGEST_NAME),
        values.decode_text(told.level, f"{path}.level", LONGEST_NAME),
    )


def _encode_variable(one: Variable) -> project_pb2.Variable:
    return project_pb2.Variable(
        name=one.name,
        data_contract=one.contract.code,
        contract_version=one.contract.version,
        field=one.field,
        source_cbe_number=one.source.digits,
        kind=f"VARIABLE_KIND_{one.kind.name}",
        role=f"VARIABLE_ROLE_{one.role.name}",
        hierarchy=one.hierarchy,
        level=one.level,
    )


def _population(told: project_pb2.Population) -> Population:
    path = "plan.population"
    return Population(
        values.decode_text(told.description, f"{path}.description", LONGEST_TEXT, shortest=1),
        decode_bounded(
            told.drawn_per_ten_thousand, f"{path}.drawn_per_ten_thousand", 1, MOST_DRAWN
        ),
        told.with_households,
        values.decode_day(told.reference_day, f"{path}.reference_day"),
        decode_bounded(told.most_units, f"{path}.most_units", 1, MOST_UNITS),
    )


def _rules(told: project_pb2.ReleaseRules) -> ReleaseRules:
    path = "plan.release_rules"
    return ReleaseRules(
        decode_bounded(told.minimum_group, f"{path}.minimum_group", 2, LARGEST_GROUP),
        decode_bounded(
            told.minimum_diversity or 1, f"{path}.minimum_diversity", 1, LARGEST_DIVERSITY
        ),
        decode_bounded(
            told.most_suppressed_per_mille, f"{path}.most_suppressed_per_mille", 0, 1000
        ),
    )


def _number(told: str, path: str) -> EnterpriseNumber:
    return parse_enterprise_number(told, field=path)
