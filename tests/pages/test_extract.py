"""The extract: whole in both forms, and text in it stays text."""

import json
from types import SimpleNamespace

import pytest
import yaml
from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_pb2 as report_pb
from cbss.common.v1 import words_pb2
from cbss.data.v1 import address_pb2, legal_person_data_pb2
from cbss.identification.v1 import bis_pb2, origin_pb2
from cbss.identification.v1 import person_data_pb2 as person_pb

from cli.calling import everything
from cli.citizen import write
from pages.extract import Extract, as_json
from pages.extract.page import as_page
from pages.words import words
from tests.architecture.project import ROOT
from tests.pages.extracts import (
    HOSTILE,
    NOW,
    REGISTER,
    SSIN,
    Page,
    a_datum,
    a_decision,
    a_fact,
    a_file,
    a_number,
    a_report,
    a_use,
    an_address,
    extract,
    whole,
)
from tests.support.browser import browser
from tests.support.commanding import cbss


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "nl",
            (
                "Leefloon",
                "geraadpleegd",
                "niet meer juist",
                "uzelf",
                "beëindigd",
                "Geboorte",
                "datum: 1971",
                "verklaring",
            ),
        ),
        (
            "fr",
            (
                "Revenu",
                "consultées",
                "n'est plus exacte",
                "vous-même",
                "terminé",
                "Naissance",
                "date: 1971",
                "déclaration",
            ),
        ),
        (
            "de",
            (
                "Einkommen",
                "abgefragt",
                "ist nicht mehr richtig",
                "Sie selbst",
                "beendet",
                "Geburt",
                "Datum: 1971",
                "Erklärung",
            ),
        ),
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
        "05/2026",
        "590000000075",
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


def test_a_fact_is_told_with_its_category_and_decision_if_the_source_said_them():
    silent = a_fact()
    for field in ("value", "value_name", "decided_on"):
        silent.ClearField(field)

    told, untold = (Page(as_page(extract(facts=[one]), "nl")) for one in (a_fact(), silent))

    assert "gezin (3)" in told.text
    assert "06/04/2021" in told.text
    assert "gezin" not in untold.text
    assert len(told.named("td")) == len(untold.named("td"))


def test_an_address_is_told_whole_in_the_language_of_the_page():
    nl, fr, de = (
        Page(as_page(extract(data=[a_datum(an_address())]), language)).text
        for language in ("nl", "fr", "de")
    )

    assert "straat: Molenstraat" in nl
    assert "mag niet worden meegedeeld: ja" in nl
    assert "soort: in België" in nl
    assert "rue: Rue du Moulin" in fr
    # The source has no German: then what it says first.
    assert "Straße: Molenstraat" in de


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (a_number(), "in gebruik"),
        (a_number(replaced_by="95661501255"), "vervangen"),
        (a_number(canceled=True), "geannuleerd"),
        (a_number(created_by_cbe_number="0899990348"), "Centre (0899990348)"),
    ],
)
def test_a_number_says_what_became_of_it_and_who_had_it_made(number, words):
    page = Page(as_page(extract(numbers=[number], decisions=[a_decision()]), "nl"))

    assert words in page.text.partition("Uw kaarten")[2]


def test_every_field_of_legal_person_data_has_words():
    def fields(message):
        for field in message.fields:
            if field.message_type is None or field.message_type.name in ("Date", "LocalizedText"):
                yield field.name
            else:
                yield from fields(field.message_type)

    named = set(fields(legal_person_data_pb2.LegalPersonData.DESCRIPTOR))
    said = words("extract", "nl")
    # These are called so in Dutch too.
    unsaid = {one for one in named if said.field(one) == one.replace("_", " ")}
    assert unsaid <= {"code", "register"}


def test_every_code_has_words():
    held = yaml.safe_load((ROOT / "pages/data/extract.yaml").read_text("utf-8"))
    kinds = [report_pb.ErrorClaim, report_pb.ErrorReportState, report_pb.ErrorRefusalGround]
    kinds += [decision_pb.DecisionOutcome, origin_pb2.Origin, bis_pb2.ProofLevel]
    kinds += [legal_person_data_pb2.Sex, address_pb2.AddressKind]

    codes = [kind.Name(value) for kind in kinds for value in kind.values() if value]
    # An organization is named; whoever else asked is said in words.
    codes += [name for name, value in audit_pb.Asker.items() if value > audit_pb.ASKER_ORGANIZATION]
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
        value_name=words_pb2.Words(**words),
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
    parts["numbers"] = [a_number(ssin=HOSTILE, replaced_by=HOSTILE, created_by_cbe_number=HOSTILE)]
    parts["cards"] = [person_pb.PersonCard(card_number=HOSTILE)]
    datum = a_datum(an_address(HOSTILE))
    datum.title.nl = datum.ssin = HOSTILE
    datum.version.data.main_address.address.house_number = HOSTILE
    parts["data"] = [datum]

    told = Extract(
        ssin=HOSTILE,
        made_at=NOW,
        files=[file],
        facts=[fact],
        consultations=[use],
        **parts,
    )
    hostile = Page(as_page(told, "nl"))
    plain = {"consultations": [a_use(deliberation_url="")]}
    plain["data"] = [a_datum(an_address())]
    # A field that has no words either, so that both are told in the same form.
    unexplained = report_pb.Datum(
        data_contract="HANDICAP", field_path="unexplained", source_cbe_number="0899990744"
    )
    plain["reports"] = [a_report(datum=unexplained)]
    harmless = Page(as_page(whole(decisions=[a_decision(legal_means_url="")], **plain), "nl"))

    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    # What names an organization by a hostile number names it with its hostile name.
    assert hostile.text.count(HOSTILE) == 44
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
    assert len(page.named("caption")) == len(page.named("table")) == 8
    assert all(one.get("scope") in ("col", "row") for one in page.named("th"))
    identified = {one["id"] for _, one in page.elements if "id" in one}
    assert {one["href"][1:] for one in page.named("a") if one["href"][0] == "#"} == identified


def test_the_file_for_programs_holds_everything():
    told = json.loads(as_json(whole(consultations=[a_use(), a_use()])))

    assert told["ssin"] == SSIN
    assert told["files"][0]["qualityCode"] == "002"
    assert told["facts"][0]["expiresOn"] == {"year": 2027, "month": 12, "day": 31}
    assert told["numbers"][0]["ssin"] == told["personData"][0]["ssin"] == SSIN
    assert told["cards"][0]["cardNumber"] == "590000000075"
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
    held = yaml.safe_load((ROOT / "pages/data/extract.yaml").read_text("utf-8"))

    assert held["nl"].keys() == held["fr"].keys() == held["de"].keys() == held["en"].keys()
    assert all(said for words in held.values() for said in words.values())


def test_without_a_mesh_the_command_says_so(tmp_path):
    (tmp_path / "card").write_text("x")
    card = str(tmp_path / "card")

    options = {"certificate": card, "key": card, "out": tmp_path / "out", "state": tmp_path / "no"}
    told = [f"--{name}={value}" for name, value in options.items()]
    result = cbss("citizen", "extract", *told)

    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()


@pytest.fixture
def written(tmp_path):
    """A page as people get it, with long texts in every table."""
    long = "https://centre.example/" + "means-" * 20
    parts = {
        "data": [a_datum(an_address())] * 3,
        "reports": [a_report(evidence_reference="x" * 64, report_id="r" * 36)] * 3,
        "decisions": [a_decision(legal_means_url=long, right="R" * 40)],
        "consultations": [a_use(legal_context="PCSW:" + "LIVING_WAGE_MEANS_TEST_" * 3)] * 3,
    }
    path = tmp_path / "extract.html"
    path.write_text(as_page(whole(**parts), "de"), "utf-8")
    return path


@pytest.mark.parametrize("width", [390, 600, 1000, 1200])
def test_a_page_is_nowhere_wider_than_its_window_so_that_nothing_needs_to_be_moved(
    tmp_path, written, width
):
    assert browser(tmp_path).overflow(written.as_uri(), width=width) == 0


def test_on_paper_no_column_is_cut_off(tmp_path, written):
    """An A4 page is 186 mm wide between its margins: 703 pixels of CSS."""
    assert browser(tmp_path).overflow(written.as_uri(), width=703, on_paper=True) == 0
    assert browser(tmp_path).printed(written.as_uri(), tmp_path / "p.pdf").startswith(b"%PDF")


def test_on_a_phone_every_cell_says_what_it_is():
    page = Page(as_page(whole(), "fr"))
    heads = [text for one in page.named("th") + page.named("td") for text in [one.get("data-head")]]

    cells = [one for one in page.named("th") if one["scope"] == "row"] + page.named("td")
    assert all(one["data-head"] for one in cells)
    assert {"Quand", "Source", "Contenu", "Preuve"} <= set(heads)
    roles = {one.get("role") for tag in ("table", "tr", "td", "th") for one in page.named(tag)}
    assert roles == {"table", "row", "cell", "columnheader", "rowheader"}
