"""The data contracts that the simulated sources answer, and where each is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cbss.data.v1 import (
    employer_pb2,
    family_composition_pb2,
    handicap_pb2,
    legal_person_data_pb2,
    living_wage_pb2,
    social_status_pb2,
    withholding_duty_pb2,
)

HANDICAP = "HANDICAP"
LIVING_WAGE = "LIVING_WAGE"
SOCIAL_STATUS = "SOCIAL_STATUS"
FAMILY_COMPOSITION = "FAMILY_COMPOSITION"
LEGAL_PERSON_DATA = "LEGAL_PERSON_DATA"
WITHHOLDING_DUTY = "WITHHOLDING_DUTY"
EMPLOYER_DIRECTORY = "EMPLOYER_DIRECTORY"
NATIONAL_REGISTER = "0.0"
NATIONAL_REGISTER_SEARCH = "NATIONAL_REGISTER_SEARCH"
"""What the mesh asks of the National Register to know who somebody is; it names no person."""


@dataclass(frozen=True, slots=True)
class Contract:
    """The messages of a data contract."""

    criteria: type[Any] | None
    """None where nothing can be asked but the whole."""
    result: type[Any]


CONTRACTS: Mapping[str, Contract] = {
    HANDICAP: Contract(handicap_pb2.HandicapCriteria, handicap_pb2.HandicapFile),
    LIVING_WAGE: Contract(living_wage_pb2.LivingWageCriteria, living_wage_pb2.LivingWageAmounts),
    SOCIAL_STATUS: Contract(
        social_status_pb2.SocialStatusCriteria, social_status_pb2.SocialStatuses
    ),
    FAMILY_COMPOSITION: Contract(
        family_composition_pb2.FamilyCompositionCriteria,
        family_composition_pb2.FamilyComposition,
    ),
    LEGAL_PERSON_DATA: Contract(
        legal_person_data_pb2.LegalPersonDataCriteria, legal_person_data_pb2.LegalPersonData
    ),
    WITHHOLDING_DUTY: Contract(None, withholding_duty_pb2.WithholdingDuty),
    EMPLOYER_DIRECTORY: Contract(None, employer_pb2.Employer),
}

LIVING_WAGE_PLACE = "16.2"
SOCIAL_STATUS_PLACE = "25.0"

HANDICAP_SOURCES: Mapping[str, str] = {
    "16.0": "HANDICAP_SOURCE_DGPH",
    "37.0": "HANDICAP_SOURCE_IRIS_CARE",
    "69.1": "HANDICAP_SOURCE_AVIQ",
    "45.0": "HANDICAP_SOURCE_DSL",
}
"""Which source of disability files is at a place, by its name in the criteria."""
