"""Harmonized social statuses: GeefSociaalStatuut, element Persoon."""

from xml.etree.ElementTree import Element

from cbss.common.v1 import ssin_pb2
from cbss.data.v1 import social_status_pb2

from sandbox.institutions.errors import ElementUnknown
from sandbox.institutions.official.elements import Part, Same, Table, choice, day, fill, tag, text
from sandbox.institutions.official.envelope import Official, SourceResult, outcome

_RESULT: Table = {
    "Code": choice(
        "result",
        {
            "1": social_status_pb2.SOCIAL_STATUS_RESULT_APPLIES,
            "0": social_status_pb2.SOCIAL_STATUS_RESULT_DOES_NOT_APPLY,
        },
    ),
    "Omschrijving": text("result_description"),
}
_STATUS: Table = {
    "Naam": text("name"),
    "Resultaat": Same(_RESULT),
    "Periodes": Same(
        {
            "Periode": Part(
                "periods", {"Begindatum": day("begin_date"), "Einddatum": day("end_date")}
            )
        }
    ),
    "Status": Part("status", {"Code": text("code"), "Waarde": text("description")}),
}
_STATUSES: Table = {"SociaalStatuut": Part("statuses", _STATUS)}


def content(element: Element) -> Official:
    """The answer in a Persoon."""
    if tag(element) != "Persoon":
        raise ElementUnknown(f"Inhoud/{tag(element)}")
    person = ssin_pb2.SsinResult()
    statuses = social_status_pb2.SocialStatuses()
    for child in element:
        match tag(child):
            case "INSZ":
                fill(person, child, {"#": text("ssin")})
            case "SocialeStatuten":
                fill(statuses, child, _STATUSES)
            case other:
                raise ElementUnknown(f"Persoon/{other}")
    return Official(person.ssin, (SourceResult("", outcome("MSG00000"), statuses),))
