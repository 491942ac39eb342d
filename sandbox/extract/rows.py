"""What the page says of each thing: a row, in the order of the heads of its table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_pb2 as report_pb
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.common.v1 import period_pb2
from cbss.directory.v1 import person_file_pb2
from cbss.identification.v1 import bis_pb2 as bis_pb
from cbss.identification.v1 import origin_pb2
from cbss.identification.v1 import person_data_pb2 as person_pb

from sandbox.extract import values
from sandbox.extract.values import day, instant, named
from services.access.pages.deliberations import slug
from services.access.pages.html import Child, element
from services.concepts.contract_words import contract_words

HEADS = {
    "numbers": ("number", "replaced_by", "state", "created_by", "created_at", "deceased_on"),
    "cards": ("card", "valid_until"),
    "person_data": (
        *(
            "what",
            "value",
            "begin",
            "no_longer",
            "known_from",
            "known_until",
            "origin",
            "proof_level",
        ),
        "number",
    ),
    "files": ("organization", "quality", "phase", "begin", "end", "number"),
    "facts": ("fact", "source", "begin", "end", "as_of", "expires", "number"),
    "reports": (
        *("reported_at", "data", "source", "reporter", "claim", "evidence", "state"),
        *("decided_at", "due", "reference"),
    ),
    "decisions": ("when", "organization", "right", "outcome", "facts_used", "means", "reference"),
    "consultations": (
        *("when", "step", "customer", "data", "sources", "purpose", "ground", "proof"),
    ),
}
"""The heads of the tables, by the section that each is in."""


@dataclass(frozen=True)
class Rows:
    """Makes rows in a language; `said` are its words, `names` those of organizations."""

    language: str
    said: Mapping[str, str]
    register: str | None
    names: Mapping[str, str]

    def number(self, one: person_pb.PersonNumber) -> Sequence[Child]:
        """A number, and what became of it."""
        return (
            one.ssin,
            one.replaced_by,
            self.said["canceled" if one.canceled else "replaced" if one.replaced_by else "active"],
            self._organization(one.created_by_cbe_number),
            instant(one.created_at.ToDatetime(UTC)) if one.HasField("created_at") else "",
            day(one.deceased_on) if one.HasField("deceased_on") else "",
        )

    def card(self, one: person_pb.PersonCard) -> Sequence[Child]:
        """An identity card."""
        return one.card_number, day(one.valid_until) if one.HasField("valid_until") else ""

    def datum(self, one: person_pb.PersonDatum) -> Sequence[Child]:
        """What is or was known, when it was true, and when it was known so."""
        held = one.version
        ended = held.HasField("valid_until")
        return (
            self._text(one.title),
            values.lines(held.data, self.said, self.language),
            day(held.valid_from) if held.HasField("valid_from") else "",
            day(held.valid_until) if ended else self.said["ongoing"],
            instant(held.known_from.ToDatetime(UTC)),
            instant(held.known_until.ToDatetime(UTC)) if held.HasField("known_until") else "",
            self._coded(origin_pb2.Origin, held.origin),
            self._coded(bis_pb.ProofLevel, held.proof_level),
            one.ssin,
        )

    def file(self, one: person_file_pb2.PersonFile) -> Sequence[Child]:
        """Who keeps a file."""
        return (
            named(one.organization_name, one.cbe_number),
            named(self._text(one.quality), one.quality_code),
            str(one.phase),
            *self._span(one.period),
            one.ssin,
        )

    def fact(self, one: buffer_pb.PersonFact) -> Sequence[Child]:
        """What is kept beside the source."""
        place = one.supplier.sector_institution
        return (
            named(self._text(one.fact), one.fact_type),
            named(self._text(one.supplier_name), f"{place.sector}.{place.institution}"),
            *self._span(one.period),
            instant(one.as_of.ToDatetime(UTC)),
            day(one.expires_on),
            one.ssin,
        )

    def report(self, one: report_pb.ErrorReport) -> Sequence[Child]:
        """What is suspected to be wrong."""
        claim, state = report_pb.ErrorClaim, report_pb.ErrorReportState
        ground = report_pb.ErrorRefusalGround
        became = [self._coded(state, one.state)]
        if one.refusal_ground:
            became.append(self._coded(ground, one.refusal_ground))
        if one.is_overdue:
            became.append(self.said["overdue"])
        return (
            instant(one.reported_at.ToDatetime(UTC)),
            f"{self._data(one.datum.data_contract)}: {one.datum.field_path}",
            self._organization(one.datum.source_cbe_number),
            self._organization(one.reporter_cbe_number) or self.said["yourself"],
            self._coded(claim, one.claim),
            one.evidence_reference,
            "; ".join(became),
            instant(one.decided_at.ToDatetime(UTC)) if one.HasField("decided_at") else "",
            day(one.due_date),
            one.report_id,
        )

    def decision(self, one: decision_pb.DecisionNotice) -> Sequence[Child]:
        """What was decided, on which facts."""
        told = one.decision
        facts = [
            element(
                "li",
                f"{self._data(fact.data_contract)}, {self._organization(fact.source_cbe_number)}, ",
                day(fact.as_of_date),
            )
            for fact in told.facts_used
        ]
        means: Child = told.legal_means_url
        if told.legal_means_url.startswith("https://"):
            means = element("a", means, href=told.legal_means_url, rel="noreferrer")
        return (
            instant(one.recorded_at.ToDatetime(UTC)),
            named(one.name, one.cbe_number),
            told.right,
            self._coded(decision_pb.DecisionOutcome, told.outcome),
            element("ul", facts) if facts else "",
            means,
            one.decision_id,
        )

    def use(self, one: audit_pb.Consultation) -> Sequence[Child]:
        """Who used what, why, on which ground."""
        customer = one.customer if one.HasField("customer") else None
        sources = [element("li", named(source.name, source.cbe_number)) for source in one.sources]
        sources += [
            element("li", f"{named(source.name, source.cbe_number)} ({self.said['in_vain']})")
            for source in one.asked_in_vain
        ]
        return (
            instant(one.occurred_at.ToDatetime(UTC)),
            self._text(one.step),
            named(customer.name, customer.cbe_number)
            if customer
            else self._coded(audit_pb.Asker, one.asker),
            self._text(one.data) or one.data_contract,
            element("ul", sources) if sources else "",
            _breakable(one.legal_context),
            self._ground(one),
            str(one.proof.log_index) if one.HasField("proof") else self.said["pending"],
        )

    def _ground(self, one: audit_pb.Consultation) -> Child:
        number = one.deliberation_number
        base = self.register or one.deliberation_url.rpartition("/nl/")[0]
        if not number or not base.startswith(("https://", "./", "../", "file:///")):
            return number
        path = f"{base.rstrip('/')}/{self.language}/{slug(number)}.html"
        return element("a", number, href=path, rel="noreferrer")

    def _span(self, period: period_pb2.Period) -> tuple[Child, Child]:
        end = day(period.end_date) if period.HasField("end_date") else self.said["ongoing"]
        return day(period.begin_date), end

    def _organization(self, number: str) -> str:
        return named(self.names.get(number, ""), number)

    def _data(self, contract: str) -> str:
        return self._text(contract_words(contract))

    def _coded(self, kind: Any, value: int) -> str:
        """A value of an enum in words; what a later contract added by its number."""
        name = kind.Name(value) if value in kind.values() else ""
        return self.said.get(name, str(value))

    def _text(self, words: Any) -> str:
        return str(getattr(words, self.language))


def _breakable(code: str) -> Child:
    """A long code that may go on in the next line after each of its words."""
    parts = re.split(r"(?<=[:_])", code)
    return [parts[0], *((element("wbr"), part) for part in parts[1:])]
