"""Living wages: GeefLeefloonbedragen, element Leefloonbedragen."""

from xml.etree.ElementTree import Element

from cbss.data.v1 import living_wage_pb2

from sandbox.institutions.errors import ElementUnknown
from sandbox.institutions.official.elements import (
    Part,
    Same,
    Table,
    cents,
    day,
    fill,
    flag,
    number,
    tag,
    text,
)
from sandbox.institutions.official.envelope import Official, SourceResult, outcome

_PERIOD: Table = {
    "@ID": text("id"),
    "Bedrag": cents("amount_eurocents"),
    "Periode": Part("period", {"Begin": day("begin_date"), "Einde": day("end_date")}),
    "Begunstigde": Same({"INSZ": text("beneficiary_ssin")}),
    "Partner": Same({"INSZ": text("partner_ssin")}),
    "OCMW": Part(
        "welfare_centre",
        {
            "Ondernemingsnummer": text("cbe_number"),
            "Bestand": text("file"),
            "Suffix": text("suffix"),
        },
    ),
    "MaximumLeefloonGekregen": flag("maximum_received"),
}
_MONTH: Table = {
    "@JaarMaand": text("year_month"),
    "LeefloonPerPeriode": Same(
        {
            "@LaatsteUitbetaling": flag("last_payment"),
            "LeefloonPeriode": Part("periods", _PERIOD),
        }
    ),
}
_TOTAL: Table = {
    "@Jaar": number("year"),
    "Leefloon": Same(
        {
            "Bedrag": cents("amount_eurocents"),
            "TweedeGerechtigde": flag("second_beneficiary"),
            "AantalMaandenZonderToelage": number("months_without_allowance"),
            "MaximumLeefloonGekregen": flag("maximum_received"),
        }
    ),
}
_AMOUNTS: Table = {
    "Leefloonbedrag": Part(
        "years",
        {
            "Jaar": number("year"),
            "Uitbetaling": Part(
                "payout", {"#": text("code"), "@Beschrijving": text("description")}
            ),
            "Tegemoetkoming": Same(
                {
                    "Jaarlijks": Part("total", _TOTAL),
                    "Maandelijks": Same({"Maand": Part("months", _MONTH)}),
                }
            ),
        },
    ),
}


def content(element: Element) -> Official:
    """The answer in a Leefloonbedragen, which does not say whom it is about."""
    if tag(element) != "Leefloonbedragen":
        raise ElementUnknown(f"Inhoud/{tag(element)}")
    amounts = living_wage_pb2.LivingWageAmounts()
    fill(amounts, element, _AMOUNTS)
    return Official("", (SourceResult("", outcome("MSG00000"), amounts),))
