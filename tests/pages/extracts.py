"""An extract as tests make it, and what a browser would make of its page."""

from datetime import UTC, datetime
from html.parser import HTMLParser

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_pb2 as report_pb
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.common.v1 import organization_pb2, period_pb2, words_pb2
from cbss.data.v1 import address_pb2, legal_person_data_pb2, localized_text_pb2
from cbss.directory.v1 import person_file_pb2
from cbss.identification.v1 import bis_pb2, history_pb2, origin_pb2
from cbss.identification.v1 import person_data_pb2 as person_pb
from google.type import date_pb2

from pages.extract import Extract

SSIN = "71713000318"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOSTILE = "</td><script>alert(1)</script><img src=x onerror='x'>\"&"
REGISTER = "https://register.example/pages/nl/ivc-kszg-99-002.html"


def a_file(**changed):
    fields = {
        "cbe_number": "0899990348",
        "organization_name": "Centre",
        "quality_code": "002",
        "quality": words_pb2.Words(nl="Leefloon", fr="Revenu", de="Einkommen"),
        "period": period_pb2.Period(begin_date=date_pb2.Date(year=2020, month=1, day=2)),
        "ssin": SSIN,
    }
    return person_file_pb2.PersonFile(**fields | changed)


def a_use(**changed):
    fields = {
        "record_id": "r",
        "step": words_pb2.Words(nl="geraadpleegd", fr="consultées", de="abgefragt"),
        "customer": audit_pb.NamedOrganization(cbe_number="0899990348", name="Centre"),
        "sources": [audit_pb.NamedOrganization(cbe_number="0899990744", name="Source")],
        "data_contract": "HANDICAP",
        "legal_context": "PCSW:MEANS_TEST",
        "deliberation_number": "IVC/KSZG/99/002",
        "deliberation_url": REGISTER,
        "proof": audit_pb.GetInclusionProofResponse(log_index=41),
    }
    one = audit_pb.Consultation(**fields | changed)
    one.occurred_at.FromDatetime(NOW)
    return one


def a_fact(**changed):
    place = organization_pb2.SectorInstitution(sector=16, institution=2)
    fields = {
        "ssin": SSIN,
        "fact_type": "RIS",
        "fact": words_pb2.Words(nl="Feit", fr="Fait", de="Tatsache"),
        "supplier": organization_pb2.Organization(sector_institution=place),
        "period": period_pb2.Period(begin_date=date_pb2.Date(year=2021, month=3, day=4)),
        "expires_on": date_pb2.Date(year=2027, month=12, day=31),
        "value": 3,
        "value_name": words_pb2.Words(nl="gezin", fr="famille", de="Familie"),
        "decided_on": date_pb2.Date(year=2021, month=4, day=6),
    }
    one = buffer_pb.PersonFact(**fields | changed)
    one.as_of.FromDatetime(NOW)
    return one


def a_report(**changed):
    fields = {
        "report_id": "r-1",
        "datum": report_pb.Datum(
            data_contract="HANDICAP", field_path="begin_date", source_cbe_number="0899990744"
        ),
        "claim": report_pb.ERROR_CLAIM_OUTDATED,
        "state": report_pb.ERROR_REPORT_STATE_REFUSED,
        "refusal_ground": report_pb.ERROR_REFUSAL_GROUND_DATUM_RIGHT,
        "due_date": date_pb2.Date(year=2026, month=12, day=25),
    }
    one = report_pb.ErrorReport(**fields | changed)
    one.reported_at.FromDatetime(NOW)
    return one


def a_decision(**changed):
    fact = decision_pb.UsedFact(
        data_contract="LIVING_WAGE",
        source_cbe_number="0899990744",
        as_of_date=date_pb2.Date(year=2026, month=10, day=9),
    )
    fields = {
        "right": "SOCIAL_TARIFF",
        "outcome": decision_pb.DECISION_OUTCOME_ENDED,
        "facts_used": [fact],
        "legal_means_url": "https://centre.example/means",
    }
    told = decision_pb.Decision(**fields | changed)
    notice = decision_pb.DecisionNotice(cbe_number="0899990348", name="Centre", decision=told)
    notice.recorded_at.FromDatetime(NOW)
    return notice


def a_datum(data=None, **changed):
    birth = legal_person_data_pb2.LifeEvent(date=date_pb2.Date(year=1971))
    fields = {
        "group": legal_person_data_pb2.LEGAL_PERSON_DATA_GROUP_BIRTH,
        "data": data or legal_person_data_pb2.LegalPersonData(birth=birth),
        "valid_until": date_pb2.Date(year=2026, month=5),
        "origin": origin_pb2.ORIGIN_BCSS_KSZ,
        "proof_level": bis_pb2.PROOF_LEVEL_DECLARED,
    }
    version = history_pb2.PersonVersion(**fields | changed)
    version.known_from.FromDatetime(NOW)
    title = words_pb2.Words(nl="Geboorte", fr="Naissance", de="Geburt")
    return person_pb.PersonDatum(ssin=SSIN, title=title, version=version)


def a_number(**changed):
    return person_pb.PersonNumber(**{"ssin": SSIN} | changed)


def an_address(text="Molenstraat", language="LANGUAGE_NL"):
    street = localized_text_pb2.LocalizedText(language=language, text=text)
    french = localized_text_pb2.LocalizedText(language="LANGUAGE_FR", text="Rue du Moulin")
    address = address_pb2.Address(
        kind="ADDRESS_KIND_BELGIAN",
        street_names=[street, french],
        house_number="7",
        undisclosable=True,
    )
    home = legal_person_data_pb2.DatedAddress(address=address)
    return legal_person_data_pb2.LegalPersonData(main_address=home)


def extract(**parts):
    return Extract(ssin=SSIN, made_at=NOW, **parts)


def whole(**changed):
    parts = {
        "numbers": [a_number()],
        "cards": [person_pb.PersonCard(card_number="590000000075")],
        "data": [a_datum()],
        "files": [a_file()],
        "facts": [a_fact()],
        "reports": [a_report()],
        "decisions": [a_decision()],
        "consultations": [a_use()],
    }
    return extract(**parts | changed)


class Page(HTMLParser):
    """What a browser would make of a page: elements with attributes, and the text."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "wbr":  # where a word may be broken says nothing
            return
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]
