"""The extract: whole in both forms, and text in it stays text."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
import yaml
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_pb2 as report_pb
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.common.v1 import organization_pb2, period_pb2, words_pb2
from cbss.directory.v1 import person_file_pb2
from google.type import date_pb2
from typer.testing import CliRunner

from sandbox.citizen import everything, write
from sandbox.command import app
from sandbox.extract import Extract, as_json
from sandbox.extract.page import as_page
from tests.architecture.project import ROOT

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


def extract(**parts):
    return Extract(ssin=SSIN, made_at=NOW, **parts)


def whole(**changed):
    parts = {
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
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ("Leefloon", "geraadpleegd", "niet meer juist", "uzelf", "beëindigd")),
        ("fr", ("Revenu", "consultées", "n'est plus exacte", "vous-même", "terminé")),
        ("de", ("Einkommen", "abgefragt", "ist nicht mehr richtig", "Sie selbst", "beendet")),
    ],
)
def test_a_page_tells_who_what_when_and_why_in_its_language(language, words):
    page = Page(as_page(whole(), language))

    assert page.named("html") == [{"lang": language}]
    for told in (
        *words,
        "Centre (0899990348)",
        "Source (0899990744)",
        "PCSW:MEANS_TEST",
        "16.2",
        "31/12/2027",
        "SOCIAL_TARIFF",
        "09/10/2026",
        "25/12/2026",
    ):
        assert told in page.text
    assert "25/11/2026 13:00:00" in page.text
    assert "02/01/2020" in page.text
    links = [one["href"] for one in page.named("a") if not one["href"].startswith("#")]
    deliberation = f"https://register.example/pages/{language}/ivc-kszg-99-002.html"
    assert links == ["https://centre.example/means", deliberation]


def test_a_report_says_who_made_it_and_what_became_of_it():
    known = {"consultations": [a_use()], "decisions": [a_decision()]}
    late = a_report(
        reporter_cbe_number="0899990348", state=report_pb.ERROR_REPORT_STATE_OPEN, is_overdue=True
    )
    late.ClearField("refusal_ground")

    refused = Page(as_page(extract(reports=[a_report()]), "nl")).text
    told = Page(as_page(extract(reports=[late], **known), "nl")).text

    assert "geweigerd; onderzocht en juist bevonden" in refused
    assert "wacht op de bron; de termijn is voorbij" in told
    assert told.count("Centre (0899990348)") == 3
    assert "uzelf" not in told


def test_every_code_of_a_report_and_a_decision_has_words():
    held = yaml.safe_load((ROOT / "sandbox/data/extract.yaml").read_text("utf-8"))
    kinds = (report_pb.ErrorClaim, report_pb.ErrorReportState, report_pb.ErrorRefusalGround)

    codes = [
        kind.Name(value)
        for kind in (*kinds, decision_pb.DecisionOutcome)
        for value in kind.values()
        if value
    ]
    assert [code for code in codes if code not in held["nl"]] == []


def test_a_code_of_a_later_contract_is_shown_by_its_number():
    assert "77" in Page(as_page(extract(decisions=[a_decision(outcome=77)]), "nl")).text


def test_the_register_can_be_elsewhere():
    page = Page(as_page(extract(consultations=[a_use()]), "nl", "../register/"))

    assert "../register/nl/ivc-kszg-99-002.html" in [one["href"] for one in page.named("a")]


def test_hostile_text_stays_text_and_makes_no_link():
    words = {"nl": HOSTILE}
    file = a_file(
        cbe_number=HOSTILE,
        organization_name=HOSTILE,
        quality_code=HOSTILE,
        quality=words_pb2.Words(**words),
        ssin=HOSTILE,
    )
    use = a_use(
        step=words_pb2.Words(**words),
        data=words_pb2.Words(**words),
        customer=audit_pb.NamedOrganization(cbe_number=HOSTILE, name=HOSTILE),
        sources=[audit_pb.NamedOrganization(cbe_number=HOSTILE, name=HOSTILE)],
        legal_context=HOSTILE,
        deliberation_number=HOSTILE,
        deliberation_url="javascript:alert(1)//x/y",
    )

    fact = a_fact(
        ssin=HOSTILE,
        fact_type=HOSTILE,
        fact=words_pb2.Words(**words),
        supplier_name=words_pb2.Words(**words),
    )

    datum = report_pb.Datum(data_contract=HOSTILE, field_path=HOSTILE, source_cbe_number=HOSTILE)
    report = a_report(
        report_id=HOSTILE, datum=datum, reporter_cbe_number=HOSTILE, evidence_reference=HOSTILE
    )
    decision = a_decision(
        right=HOSTILE,
        legal_means_url=f"javascript:{HOSTILE}",
        facts_used=[decision_pb.UsedFact(data_contract=HOSTILE, source_cbe_number=HOSTILE)],
    )
    decision.name = decision.cbe_number = decision.decision_id = HOSTILE
    parts = {"reports": [report], "decisions": [decision]}

    told = Extract(
        ssin=HOSTILE, made_at=NOW, files=[file], facts=[fact], consultations=[use], **parts
    )
    hostile = Page(as_page(told, "nl"))
    plain = {"consultations": [a_use(deliberation_url="")]}
    harmless = Page(as_page(whole(decisions=[a_decision(legal_means_url="")], **plain), "nl"))

    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    # What names an organization by a hostile number names it with its hostile name.
    assert hostile.text.count(HOSTILE) == 34
    assert not hostile.named("script") + hostile.named("img")


def test_a_hostile_number_cannot_leave_its_attribute():
    use = a_use(deliberation_number='"><script>x</script>', deliberation_url=REGISTER)

    page = Page(as_page(extract(consultations=[use]), "fr"))

    assert page.named("script") == []


def test_a_page_needs_nothing_from_elsewhere_and_reads_well_aloud():
    page = Page(as_page(whole(), "de"))

    assert not [one for tag in ("script", "link", "img", "iframe") for one in page.named(tag)]
    [policy] = [one for one in page.named("meta") if "http-equiv" in one]
    assert policy["content"].startswith("default-src 'none'")
    assert len(page.named("h1")) == 1
    assert len(page.named("caption")) == len(page.named("table")) == 5
    assert all(one.get("scope") in ("col", "row") for one in page.named("th"))
    identified = {one["id"] for _, one in page.elements if "id" in one}
    assert {one["href"][1:] for one in page.named("a") if one["href"][0] == "#"} == identified


def test_the_file_for_programs_holds_everything():
    told = json.loads(as_json(whole(consultations=[a_use(), a_use()])))

    assert told["ssin"] == SSIN
    assert told["files"][0]["qualityCode"] == "002"
    assert told["facts"][0]["expiresOn"] == {"year": 2027, "month": 12, "day": 31}
    assert told["errorReports"][0]["state"] == "ERROR_REPORT_STATE_REFUSED"
    assert told["decisions"][0]["decision"]["factsUsed"][0]["asOfDate"]["month"] == 10
    assert [one["deliberationNumber"] for one in told["consultations"]] == ["IVC/KSZG/99/002"] * 2


async def test_a_list_is_read_to_its_end():
    pages = {"": (["a", "b"], "2"), "2": ([], "3"), "3": (["c"], "")}
    asked = []

    async def call(request, timeout):
        asked.append(request.page_token)
        found, following = pages[request.page_token]
        return SimpleNamespace(things=found, next_page_token=following)

    assert await everything(call, SimpleNamespace(page_token=""), "things") == ["a", "b", "c"]
    assert asked == ["", "2", "3"]


def test_only_the_owner_reads_what_is_written(tmp_path):
    for path in write(whole(), tmp_path / "out", "nl"):
        assert path.stat().st_mode & 0o077 == 0
        assert path.stat().st_size > 0


def test_every_language_has_the_same_words():
    held = yaml.safe_load((ROOT / "sandbox/data/extract.yaml").read_text("utf-8"))

    assert held["nl"].keys() == held["fr"].keys() == held["de"].keys()
    assert all(said for words in held.values() for said in words.values())


def test_without_a_mesh_the_command_says_so(tmp_path):
    (tmp_path / "card").write_text("x")
    card = str(tmp_path / "card")

    options = {"certificate": card, "key": card, "out": tmp_path / "out", "state": tmp_path / "no"}
    told = [f"--{name}={value}" for name, value in options.items()]
    result = CliRunner().invoke(app, ["citizen", "extract", *told])

    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()
