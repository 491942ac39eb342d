"""Questions about dossiers, and who is located."""

from collections.abc import Iterable
from datetime import date

from cbss.common.v1 import period_pb2
from cbss.directory.v1 import directory_service_pb2 as pb
from google.type import date_pb2

from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import FieldViolation, InvalidArgument
from services.concepts.period import Period
from services.concepts.ssin import parse_ssin
from services.directory.model import Located, QualityCode, Question

MOST_QUESTIONS = 1000


def questions(request: pb.LocateDossiersRequest) -> list[Question]:
    """The questions in order; fails naming the first field that is wrong."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        raise _invalid("questions", f"must be 1 to {MOST_QUESTIONS}")
    return [_question(asked, f"questions[{n}].") for n, asked in enumerate(request.questions)]


def _question(asked: pb.DossierQuestion, path: str) -> Question:
    contract = path + "data_contract", path + "contract_version"
    return Question(
        parse_ssin(asked.ssin, field=path + "ssin"),
        parse_enterprise_number(asked.customer_cbe_number, field=path + "customer_cbe_number"),
        parse_contract_name(asked.data_contract, asked.contract_version, fields=contract),
        _period(asked.period, path + "period"),
    )


def _period(told: period_pb2.Period, path: str) -> Period:
    begin = _day(told.begin_date, path + ".begin_date")
    end = _day(told.end_date, path + ".end_date") if told.HasField("end_date") else None
    if end is not None and end < begin:
        raise _invalid(path + ".end_date", "must not be before begin_date")
    return Period(begin, end)


def _day(told: date_pb2.Date, path: str) -> date:
    try:
        return date(told.year, told.month, told.day)
    except ValueError:
        raise _invalid(path, "must be a complete day") from None


def _invalid(field: str, description: str) -> InvalidArgument:
    return InvalidArgument(violations=[FieldViolation(field, description)])


def quality_code(quality: QualityCode) -> str:
    """A quality code as it travels: 3 digits."""
    return f"{quality:03d}"


def located(results: Iterable[Located]) -> pb.LocateDossiersResponse:
    """Who knows the persons."""
    return pb.LocateDossiersResponse(
        results=[
            pb.LocatedDossiers(
                customer_quality_codes=map(quality_code, result.customer_quality_codes),
                sources=[
                    pb.LocatedSource(
                        cbe_number=source.cbe_number.digits,
                        quality_codes=map(quality_code, source.quality_codes),
                    )
                    for source in result.sources
                ],
            )
            for result in results
        ]
    )
