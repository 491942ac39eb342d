"""The data contracts that the simulated sources answer, and where each is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cbss.data.v1 import (
    dmfa_pb2,
    employer_pb2,
    employment_relation_pb2,
    family_composition_pb2,
    handicap_payment_pb2,
    handicap_pb2,
    legal_person_data_pb2,
    living_wage_pb2,
    secondary_registration_pb2,
    self_employed_career_pb2,
    social_status_pb2,
    tax_assessment_pb2,
    withholding_duty_pb2,
)

HANDICAP = "HANDICAP"
HANDICAP_PAYMENTS = "HANDICAP_PAYMENTS"
LIVING_WAGE = "LIVING_WAGE"
SOCIAL_STATUS = "SOCIAL_STATUS"
FAMILY_COMPOSITION = "FAMILY_COMPOSITION"
LEGAL_PERSON_DATA = "LEGAL_PERSON_DATA"
WITHHOLDING_DUTY = "WITHHOLDING_DUTY"
EMPLOYER_DIRECTORY = "EMPLOYER_DIRECTORY"
EMPLOYMENT_RELATIONS = "EMPLOYMENT_RELATIONS"
DMFA = "DMFA"
SELF_EMPLOYED_CAREER = "SELF_EMPLOYED_CAREER"
TAX_ASSESSMENT = "TAX_ASSESSMENT"
SECONDARY_REGISTRATION = "SECONDARY_REGISTRATION"
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
    HANDICAP_PAYMENTS: Contract(
        handicap_payment_pb2.HandicapPaymentCriteria, handicap_payment_pb2.HandicapPayments
    ),
    EMPLOYMENT_RELATIONS: Contract(
        employment_relation_pb2.EmploymentRelationCriteria,
        employment_relation_pb2.EmploymentRelations,
    ),
    DMFA: Contract(dmfa_pb2.DmfaCriteria, dmfa_pb2.DmfaAttestations),
    SELF_EMPLOYED_CAREER: Contract(
        self_employed_career_pb2.SelfEmployedCareerCriteria,
        self_employed_career_pb2.SelfEmployedCareer,
    ),
    TAX_ASSESSMENT: Contract(
        tax_assessment_pb2.TaxAssessmentCriteria, tax_assessment_pb2.TaxAssessment
    ),
    SECONDARY_REGISTRATION: Contract(
        secondary_registration_pb2.SecondaryRegistrationCriteria,
        secondary_registration_pb2.SecondaryRegistration,
    ),
}

LIVING_WAGE_PLACE = "16.2"
SOCIAL_STATUS_PLACE = "25.0"
NSSO = "12.0"
SELF_EMPLOYED = "15.0"
TAXES = "50.1"
FLANDERS = "40.0"

HANDICAP_SOURCES: Mapping[str, str] = {
    "16.0": "HANDICAP_SOURCE_DGPH",
    FLANDERS: "HANDICAP_SOURCE_VSB",
    "37.0": "HANDICAP_SOURCE_IRIS_CARE",
    "69.1": "HANDICAP_SOURCE_AVIQ",
    "45.0": "HANDICAP_SOURCE_DSL",
}
"""Which source of disability files is at a place, by its name in the criteria."""
