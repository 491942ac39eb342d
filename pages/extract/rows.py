"""What the page says of each thing: a row, in the order of the heads of its table."""

from collections.abc import Mapping
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

from pages.blocks import Cell, Code, Link, Row, breakable, bullets
from pages.extract import values
from pages.extract.values import day, instant, with_number
from pages.register.acts import slug
from pages.words import words
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
    "facts": (
        *("fact", "value", "source", "begin", "end", "decided_at", "as_of", "expires"),
        "number",
    ),
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

    def number(self, one: person_pb.PersonNumber) -> tuple[Cell, ...]:
        """A number, and what became of it."""
        return (
            one.ssin,
            one.replaced_by,
            self.said["canceled" if one.canceled else "replaced" if one.replaced_by else "active"],
            self._organization(one.created_by_cbe_number),
            instant(one.created_at.ToDatetime(UTC)) if one.HasField("created_at") else "",
            day(one.deceased_on) if one.HasField("deceased_on") else "",
        )

    def card(self, one: person_pb.PersonCard) -> tuple[Cell, ...]:
        """An identity card."""
        return one.card_number, day(one.valid_until) if one.HasField("valid_until") else ""

    def datum(self, one: person_pb.PersonDatum) -> tuple[Cell, ...]:
        """What is or was known, when it was true, and when it was known so."""
        held = one.version
        ended = held.HasField("valid_until")
        return (
            self._text(one.title),
            values.lines(held.data, words("extract", self.language)),
            day(held.valid_from) if held.HasField("valid_from") else "",
            day(held.valid_until) if ended else self.said["ongoing"],
            instant(held.known_from.ToDatetime(UTC)),
            instant(held.known_until.ToDatetime(UTC)) if held.HasField("known_until") else "",
            self._coded(origin_pb2.Origin, held.origin),
            self._coded(bis_pb.ProofLevel, held.proof_level),
            one.ssin,
        )

    def file(self, one: person_file_pb2.PersonFile) -> tuple[Cell, ...]:
        """Who keeps a file."""
        return (
            self._named(one.organization_name, one.cbe_number),
            with_number(self._text(one.quality), one.quality_code),
            str(one.phase),
            *self._span(one.period),
            one.ssin,
        )

    def fact(self, one: buffer_pb.PersonFact) -> tuple[Cell, ...]:
        """What is kept beside the source."""
        place = one.supplier.sector_institution
        return (
            with_number(self._text(one.fact), one.fact_type),
            self._category(one),
            self._named(self._text(one.supplier_name), f"{place.sector}.{place.institution}"),
            *self._span(one.period),
            day(one.decided_on) if one.HasField("decided_on") else "",
            instant(one.as_of.ToDatetime(UTC)),
            day(one.expires_on),
            one.ssin,
        )

    def _category(self, one: buffer_pb.PersonFact) -> Cell:
        if not one.HasField("value"):
            return ""
        return with_number(self._text(one.value_name), str(one.value))

    def report(self, one: report_pb.ErrorReport) -> tuple[Cell, ...]:
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
            self._field(one.datum),
            self._organization(one.datum.source_cbe_number),
            self._organization(one.reporter_cbe_number) or self.said["yourself"],
            self._coded(claim, one.claim),
            one.evidence_reference,
            "; ".join(became),
            instant(one.decided_at.ToDatetime(UTC)) if one.HasField("decided_at") else "",
            day(one.due_date),
            one.report_id,
        )

    def decision(self, one: decision_pb.DecisionNotice) -> tuple[Cell, ...]:
        """What was decided, on which facts."""
        told = one.decision
        facts = [
            Row(
                (
                    self._data(fact.data_contract),
                    ", ",
                    self._organization(fact.source_cbe_number),
                    ", ",
                    day(fact.as_of_date),
                )
            )
            for fact in told.facts_used
        ]
        means: Cell = told.legal_means_url
        if told.legal_means_url.startswith("https://"):
            means = Link(told.legal_means_url, told.legal_means_url, leaves=True)
        return (
            instant(one.recorded_at.ToDatetime(UTC)),
            self._named(one.name, one.cbe_number),
            told.right,
            self._coded(decision_pb.DecisionOutcome, told.outcome),
            bullets(facts),
            means,
            one.decision_id,
        )

    def use(self, use: audit_pb.Consultation) -> tuple[Cell, ...]:
        """Who used what, why, on which ground."""
        customer = use.customer if use.HasField("customer") else None
        sources: list[Cell] = [self._named(one.name, one.cbe_number) for one in use.sources]
        sources += [
            Row((self._named(source.name, source.cbe_number), f" ({self.said['in_vain']})"))
            for source in use.asked_in_vain
        ]
        return (
            instant(use.occurred_at.ToDatetime(UTC)),
            self._text(use.step),
            self._named(customer.name, customer.cbe_number)
            if customer
            else self._coded(audit_pb.Asker, use.asker),
            self._text(use.data) or use.data_contract,
            bullets(sources),
            Code(breakable(use.legal_context)) if use.legal_context else "",
            self._ground(use),
            str(use.proof.log_index) if use.HasField("proof") else self.said["pending"],
        )

    def _ground(self, one: audit_pb.Consultation) -> Cell:
        number = one.deliberation_number
        base = self.register or one.deliberation_url.rpartition("/nl/")[0]
        if not number or not base.startswith(("https://", "./", "../", "file:///")):
            return number
        path = f"{base.rstrip('/')}/{words('extract', self.language).official}/{slug(number)}.html"
        return Link(number, path, leaves=True)

    def _span(self, period: period_pb2.Period) -> tuple[Cell, Cell]:
        end = day(period.end_date) if period.HasField("end_date") else self.said["ongoing"]
        return day(period.begin_date), end

    def _named(self, name: Cell, number: str) -> Cell:
        if isinstance(name, str):
            name = words("extract", self.language).name(name)
        return with_number(name, number)

    def _organization(self, number: str) -> Cell:
        return self._named(self.names.get(number, ""), number)

    def _field(self, datum: report_pb.Datum) -> Cell:
        """What is meant, by its path in the contract and in words."""
        path = words("extract", self.language).path(datum.field_path)
        return Row((self._data(datum.data_contract), ": ", path))

    def _data(self, contract: str) -> Cell:
        return self._text(contract_words(contract))

    def _coded(self, kind: Any, value: int) -> str:
        """A value of an enum in words; what a later contract added by its number."""
        name = kind.Name(value) if value in kind.values() else ""
        return self.said.get(name, str(value))

    def _text(self, text: Any) -> Cell:
        said = words("extract", self.language)
        return "" if not getattr(text, said.official) else said.told(text)
