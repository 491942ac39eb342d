"""Bringing suspected errors to the authentic source, following them to their end, and telling
corrections to who got the datum."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from services.admission.model import Call, Known
from services.admission.usecases import Insight
from services.audit.corrections import rules as ruling
from services.audit.corrections.model import (
    Decided,
    NewReport,
    Report,
    ReportState,
    Seen,
    SeenPage,
    Suspicion,
    Told,
    ToldPage,
    Wanted,
)
from services.audit.corrections.ports import Contracts, Reports
from services.audit.errors import (
    CorrectionNoticeUnknown,
    DatumNotReceived,
    DecidedMeanwhile,
    DecisionNotAllowed,
    ErrorReportDiffers,
    ErrorReportUnknown,
    SourceUnknown,
)
from services.audit.trail import rules
from services.audit.trail.model import HiddenSubject
from services.audit.trail.model.deliveries import Concern, Datum
from services.audit.trail.rules import deliveries
from services.audit.trail.usecases.acts import NOT_RECEIVED, Acts
from services.audit.trail.usecases.citizens import Citizens
from services.audit.trail.usecases.pages import each, fill_page
from services.audit.trail.usecases.ports import Organizations
from services.audit.trail.usecases.receipts import Receipts
from services.audit.trail.usecases.trail import Trail
from services.concepts.citizen import Citizen
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.failures import Failure, FieldViolation, invalid
from services.concepts.ssin import Ssin


@dataclass(frozen=True)
class Corrections:
    """Carries reports to their source and corrections to their recipients."""

    trail: Trail
    organizations: Organizations
    admission: Insight[Known]
    citizens: Citizens
    reports: Reports
    receipts: Receipts
    contracts: Contracts

    async def report_error(
        self, call: Call, told: Suspicion, asking: Citizen | None, acts: Acts
    ) -> Seen:
        """Address a report to its source; that it was made, or refused, is durable before."""
        actor = await self._actor(call, asking)
        person = actor if isinstance(actor, Ssin) else told.person
        assert person is not None, "the wire asks an organization whom it reports about"
        concern = Concern(person, told.datum, "")
        try:
            reporter = actor if isinstance(actor, EnterpriseNumber) else None
            earlier = kept = await self.reports.find(told.report_id)
            if kept is None:
                report = await self._addressed(told, person, reporter)
                concern = Concern(person, told.datum, report.legal_context)
                await self.trail.record([acts.done(concern)])
                kept = await self.reports.add(report)
            concern = Concern(person, told.datum, kept.told.legal_context)
            if self._person(kept) != person or not ruling.is_same(kept.told, told, reporter):
                raise ErrorReportDiffers
            if earlier is not None:
                await self.trail.record([acts.stood(concern)])
        except Failure as failure:
            await self.trail.record([acts.refused(concern, failure.reason())])
            raise
        return self._seen(kept)

    async def list_reports(
        self, call: Call, wanted: Wanted, asking: Citizen | None, acts: Acts
    ) -> SeenPage:
        """A page of the reports that concern who asks; that it was read is durable before."""
        actor = await self._actor(call, asking)
        due_before = self.receipts.today() if wanted.waiting_only else None
        if isinstance(actor, Ssin):
            delays, now = self.citizens.delays, self.citizens.now()
            page, next_after = await fill_page(
                partial(self.reports.of_subject, await self._keys(actor), due_before),
                wanted.page,
                each(lambda one: ruling.is_shown_to_the_person(one, delays, now)),
            )
        else:
            after, most = wanted.page.after, wanted.page.most + 1
            found = await self.reports.of_organization(actor, due_before, after, most)
            page, next_after = rules.cut(found, wanted.page)
        seen = [self._seen(one) for one in page]
        await self.trail.record(acts.read([self._concern(one) for one in page]))
        return SeenPage(seen, next_after)

    async def list_overdue(self, wanted: Wanted, acts: Acts) -> SeenPage:
        """A page of what has no end in time, whoever's it is, without the persons."""
        after, most = wanted.page.after, wanted.page.most + 1
        found = await self.reports.overdue(self.receipts.today(), after, most)
        page, next_after = rules.cut(found, wanted.page)
        await self.trail.record(acts.read([]))
        return SeenPage([Seen(one, None, is_overdue=True) for one in page], next_after)

    async def decide(self, call: Call, report_id: UUID, decided: Decided, acts: Acts) -> Seen:
        """Decide as the source, and tell recipients of a correction; that it was decided, or
        refused, is durable before."""
        source = (await self.admission.known(call)).cbe_number
        concern = None
        try:
            report = await self.reports.find(report_id)
            if report is None or report.told.datum.source != source:
                raise ErrorReportUnknown
            concern = self._concern(report)
            if report.decided == decided:
                await self.trail.record([acts.stood(concern)])
                return self._seen(report)
            if not ruling.may_become(report, decided):
                raise DecisionNotAllowed
            is_correction = decided.state is ReportState.CORRECTED
            recipients = await self._recipients(report) if is_correction else {}
            await self.trail.record([acts.done(concern)])
            kept = await self.reports.decide(report, decided, recipients)
            if kept is None:
                raise DecidedMeanwhile
        except Failure as failure:
            await self.trail.record([acts.refused(concern, failure.reason())])
            raise
        return self._seen(kept)

    async def list_notices(self, call: Call, wanted: Wanted, acts: Acts) -> ToldPage:
        """A page of the corrections of what an organization got; that it was read is durable
        before."""
        recipient = (await self.admission.known(call)).cbe_number
        found = await self.reports.notices_of(
            recipient, wanted.waiting_only, wanted.page.after, wanted.page.most + 1
        )
        page, next_after = rules.cut(found, wanted.page)
        told = [Told(one, self._revealed(one.subject, one.report_id)) for one in page]
        await self.trail.record(acts.read([_of_notice(one) for one in told]))
        return ToldPage(told, next_after)

    async def acknowledge(self, call: Call, report_id: UUID, acts: Acts) -> Told:
        """Note that an organization took a correction over; that it did is durable before."""
        recipient = (await self.admission.known(call)).cbe_number
        notice = await self.reports.find_notice(recipient, report_id)
        if notice is None:
            await self.trail.record([acts.refused(None, CorrectionNoticeUnknown.reason())])
            raise CorrectionNoticeUnknown
        told = Told(notice, self._revealed(notice.subject, report_id))
        if notice.acknowledged_at is not None:
            await self.trail.record([acts.stood(_of_notice(told))])
            return told
        await self.trail.record([acts.done(_of_notice(told))])
        await self.reports.acknowledge(recipient, report_id)
        kept = await self.reports.find_notice(recipient, report_id)
        assert kept is not None, "notices are never taken away"
        return Told(kept, told.person)

    async def _actor(self, call: Call, asking: Citizen | None) -> EnterpriseNumber | Ssin:
        if asking is not None:
            return await self.admission.admit(call, asking)
        return (await self.admission.known(call)).cbe_number

    async def _addressed(
        self, told: Suspicion, person: Ssin, reporter: EnterpriseNumber | None
    ) -> NewReport:
        """The report as it would be kept; fails if it may not be made."""
        if not await self.organizations.keys_of(told.datum.source):
            raise SourceUnknown
        if not self.contracts.knows(told.datum.data_contract):
            raise invalid("datum.data_contract", "must be a data contract")
        if not self.contracts.has(told.datum.data_contract, told.datum.field_path):
            raise invalid("datum.field_path", "must be a field of the data contract")
        legal_context = ""
        if reporter is not None:
            purposes = await self._purposes(person, told.datum)
            if reporter.digits not in purposes:
                raise DatumNotReceived(violations=[FieldViolation("datum", NOT_RECEIVED)])
            legal_context = purposes[reporter.digits]
        return NewReport(
            told.report_id,
            self.trail.subjects.hide(person, told.report_id),
            told.datum,
            reporter,
            told.claim,
            told.evidence_reference,
            legal_context,
            ruling.due_date(self.receipts.term(), self.receipts.today()),
        )

    async def _recipients(self, report: Report) -> dict[str, str]:
        """Everybody but the source who got the datum, with the purpose."""
        datum = report.told.datum
        found = await self._purposes(self._person(report), datum)
        found.pop(datum.source.digits, None)
        return found

    async def _purposes(self, person: Ssin, datum: Datum) -> dict[str, str]:
        brought = [
            one for one in await self.receipts.about(person) if deliveries.brought(one, datum)
        ]
        return deliveries.purposes(brought, self.citizens.delays, self.receipts.today())

    async def _keys(self, person: Ssin) -> list[bytes]:
        numbers = await self.trail.numbers_of(person)
        return [key for number in numbers for key in self.trail.subjects.keys_of(number)]

    def _seen(self, report: Report) -> Seen:
        return Seen(report, self._person(report), ruling.is_overdue(report, self.receipts.today()))

    def _concern(self, report: Report) -> Concern:
        return Concern(self._person(report), report.told.datum, report.told.legal_context)

    def _person(self, report: Report) -> Ssin:
        return self._revealed(report.told.subject, report.told.report_id)

    def _revealed(self, hidden: HiddenSubject, report_id: UUID) -> Ssin:
        return self.trail.subjects.reveal(hidden, report_id)


def _of_notice(told: Told) -> Concern:
    return Concern(told.person, told.notice.datum, told.notice.legal_context)
