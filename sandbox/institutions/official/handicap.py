"""Disability files: HandiV2, ConsultFilesByDateResponse. One answer holds those of every source."""

from xml.etree.ElementTree import Element

from cbss.common.v1 import data_filters_pb2, ssin_pb2, status_pb2
from cbss.data.v1 import address_pb2, handicap_pb2, localized_text_pb2

from sandbox.institutions.errors import ElementMissing, ElementUnknown
from sandbox.institutions.official.elements import (
    Leaf,
    Part,
    Same,
    Table,
    cents,
    choice,
    day,
    fill,
    flag,
    number,
    tag,
    text,
)
from sandbox.institutions.official.envelope import Official, SourceResult

RESULTS = {
    "dgphResult": "HANDICAP_SOURCE_DGPH",
    "irisCareResult": "HANDICAP_SOURCE_IRIS_CARE",
    "aviqResult": "HANDICAP_SOURCE_AVIQ",
    "dslResult": "HANDICAP_SOURCE_DSL",
}
"""The element in which each source answers."""

_LOCALIZED: Table = {
    "@language": choice(
        "language",
        {
            "NL": localized_text_pb2.LANGUAGE_NL,
            "FR": localized_text_pb2.LANGUAGE_FR,
            "DE": localized_text_pb2.LANGUAGE_DE,
        },
    ),
    "#": text("text"),
}
_ADDRESS: Table = {
    "@class": choice("kind", {"belgianAddress": address_pb2.ADDRESS_KIND_BELGIAN}),
    "streetCode": text("street_code"),
    "streetName": Part("street_names", _LOCALIZED),
    "houseNumber": text("house_number"),
    "box": text("box"),
    "boxNumber": text("box"),
    "postalCode": text("postal_code"),
    "cityCode": text("city_code"),
    "cityName": Part("city_names", _LOCALIZED),
    "countryCode": text("country_code"),
    "countryName": Part("country_names", _LOCALIZED),
}
_EVOLUTION: Table = {
    "legislation": text("legislation"),
    "administrativePendingRequest": flag("administrative_pending_request"),
    "handicapRecognitionPending": flag("handicap_recognition_pending"),
    "appeal": flag("appeal"),
}
_ADULT: Table = {
    "diminuationIndependence": Part(
        "diminuation_independence",
        {
            "mobility": number("mobility"),
            "nourishment": number("nourishment"),
            "hygiene": number("hygiene"),
            "household": number("household"),
            "supervision": number("supervision"),
            "socialSkills": number("social_skills"),
            "totalPoints": number("total_points"),
        },
    ),
    "diminuationEarnings": flag("diminuation_earnings"),
    "unsuitability": Part(
        "unsuitability",
        {
            "mentalUnsuitability": number("mental_unsuitability"),
            "physicalUnsuitability": number("physical_unsuitability"),
        },
    ),
}
_CHILD: Table = {
    "inabilityFollowCourse": flag("inability_follow_course"),
    "inabilityToWork": flag("inability_to_work"),
    "disabilityCode": text("disability_code"),
    "independencyScore": number("independency_score"),
    "pillars": Part(
        "pillars",
        {
            "pillar1": number("pillar1"),
            "pillar2": number("pillar2"),
            "pillar3": number("pillar3"),
            "pillarsTotal": number("pillars_total"),
        },
    ),
    "childPathology": flag("child_pathology"),
}
_RECOGNITION: Table = {
    "recognitionStatus": Part(
        "recognition_status",
        {
            "dateOfDecision": day("date_of_decision"),
            "startDateRecognition": day("start_date_recognition"),
            "endDateRecognition": day("end_date_recognition"),
        },
    ),
    "legislation": text("legislation"),
    "handicapRecognitionDetails": Part(
        "handicap_recognition_details",
        {
            "lowerLimbs50p": flag("lower_limbs_50p"),
            "fullBlindness": flag("full_blindness"),
            "upperLimbsAmputated": flag("upper_limbs_amputated"),
            "upperLimbsParalyzed": flag("upper_limbs_paralyzed"),
        },
    ),
    "resultRecognitionAdult": Part("result_recognition_adult", _ADULT),
    "resultRecognitionChild": Part("result_recognition_child", _CHILD),
    "decisionStatus": text("decision_status"),
}
_RIGHT: Table = {
    "period": Part("period", {"beginDate": day("begin_date"), "endDate": day("end_date")}),
    "legislation": text("legislation"),
    "totalMonthAmount": cents("total_month_amount_eurocents"),
    "monthAmount": cents("month_amount_eurocents"),
    "categoryIVT": text("category_ivt"),
    "categoryIT": text("category_it"),
    "partnerIncome": flag("partner_income"),
    "decisionStatus": text("decision_status"),
}
_CARD: Table = {
    "deliveryDate": day("delivery_date"),
    "endDate": day("end_date"),
    "cardNumber": text("card_number"),
    "cardCategory": text("card_category"),
}
_FILE: Table = {
    "addressHandicappedPerson": Part(
        "address_handicapped_person",
        {
            "lastName": text("last_name"),
            "firstName": text("first_name"),
            "address": Part("address", _ADDRESS),
        },
    ),
    "evolutionOfRequest": Part("evolution_of_request", _EVOLUTION),
    "handicapRecognitions": Same(
        {"handicapRecognition": Part("handicap_recognitions", _RECOGNITION)}
    ),
    "rights": Part("rights", _RIGHT),
    "socialCards": Same({"socialCard": Part("social_cards", _CARD)}),
}
_STATUS: Table = {
    "value": Leaf("value", lambda word: status_pb2.StatusValue.Value(f"STATUS_VALUE_{word}")),
    "code": text("code"),
    "description": text("description"),
    "information": Part(
        "information", {"fieldName": text("field_name"), "fieldValue": text("field_value")}
    ),
}


def content(element: Element) -> Official:
    """The answer in a ConsultFilesByDateResponse."""
    if tag(element) != "ConsultFilesByDateResponse":
        raise ElementUnknown(f"Inhoud/{tag(element)}")
    status: status_pb2.Status | None = None
    person = ssin_pb2.SsinResult()
    filters = data_filters_pb2.DataFilters()
    results: tuple[SourceResult, ...] = ()
    for child in element:
        match tag(child):
            case "status":
                status = _status(child)
            case "ssin":
                fill(person, child, {"#": text("ssin")})
            case "dataFilters":
                fill(filters, child, {"filteredElement": text("filtered_elements")})
            case "results":
                results = tuple(map(_result, child))
            case other:
                raise ElementUnknown(f"ConsultFilesByDateResponse/{other}")
    filtered = tuple(filters.filtered_elements)
    return Official(person.ssin, results, status=status, filtered=filtered)


def _result(element: Element) -> SourceResult:
    source = RESULTS.get(tag(element))
    if source is None:
        raise ElementUnknown(f"results/{tag(element)}")
    status: status_pb2.Status | None = None
    file: handicap_pb2.HandicapFile | None = None
    for child in element:
        match tag(child):
            case "status":
                status = _status(child)
            case "file":
                file = handicap_pb2.HandicapFile()
                fill(file, child, _FILE)
            case other:
                raise ElementUnknown(f"{tag(element)}/{other}")
    if status is None:
        raise ElementMissing(f"{tag(element)}/status")
    return SourceResult(source, status, file)


def _status(element: Element) -> status_pb2.Status:
    status = status_pb2.Status()
    fill(status, element, _STATUS)
    return status
