"""The records of what is done about reports and decisions: acts, refusals, and readings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.admission import model as admission
from services.admission.model import Known, Leg, Party, Stage
from services.audit.trail.model import Entry
from services.audit.trail.model.deliveries import Concern
from services.audit.trail.wire.inquiries import Reader
from services.concepts.data_contract import ContractName
from services.concepts.ssin import Ssin
from services.concepts.trail import NOTHING_CHANGED


@dataclass(frozen=True)
class CallActs:
    """Makes the records of one call, all under one ticket."""

    reader: Reader
    ticket: UUID
    """The report or decision; where a list is read, one of its own."""
    reading_reason: str = ""
    citizen: Ssin | None = None
    """The citizen who calls, if one does."""

    def done(self, concern: Concern) -> Entry:
        """The record that it was done."""
        return self.reader.record(self._about(concern, Stage.ACT))

    def stood(self, concern: Concern) -> Entry:
        """The record that it was done before, and nothing changed."""
        return self.reader.record(replace(self._about(concern, Stage.ACT), reason=NOTHING_CHANGED))

    def refused(self, concern: Concern | None, reason: str) -> Entry:
        """The record that it was refused."""
        made = self._made(Stage.ACT) if concern is None else self._about(concern, Stage.ACT)
        return self.reader.record(made.refused(reason))

    def acted(self, reason: str = "") -> Entry:
        """The record of an act about nobody in particular, or with a reason that it was refused or
        changed nothing."""
        made = self._made(Stage.ACT)
        if reason in ("", NOTHING_CHANGED):
            return self.reader.record(replace(made, reason=reason))
        return self.reader.record(made.refused(reason))

    def looked(self) -> Entry:
        """The record that a list was read that names nobody."""
        return self.reader.record(self._made(Stage.READING))

    def read(self, concerns: Sequence[Concern]) -> Sequence[Entry]:
        """The records that a page was read: of a citizen's own one, else a header and a line for
        each person on it."""
        header = self._made(Stage.READING)
        if self.citizen is not None:
            return [self.reader.record(replace(header, person=self.citizen))]
        lines = [self._about(one, Stage.LINE) for one in concerns]
        return [self.reader.record(one) for one in (replace(header, persons=len(lines)), *lines)]

    def _about(self, concern: Concern, stage: Stage) -> admission.Entry:
        made = replace(
            self._made(stage), person=concern.person, legal_context=concern.legal_context
        )
        if concern.datum is None:
            return made
        contract, source = ContractName(concern.datum.data_contract, 0), concern.datum.source
        return replace(made, contract=contract, sources=(Leg(source),))

    def _made(self, stage: Stage) -> admission.Entry:
        call = replace(self.reader.call, ticket=self.ticket)
        named = call.certificate.organization
        return admission.Entry(
            call=call,
            stage=stage,
            party=None if named is None else Party(Known(named), Known(named)),
            reading_reason=self.reading_reason,
        )
