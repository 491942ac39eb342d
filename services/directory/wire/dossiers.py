"""Questions about dossiers, and who is located."""

from collections.abc import Iterable
from datetime import datetime

from cbss.directory.v1 import directory_service_pb2 as pb

from services.concepts.data_contract import parse_contract_name
from services.concepts.enterprise_number import parse_enterprise_number
from services.concepts.failures import invalid
from services.concepts.ssin import parse_ssin
from services.directory.model import Located, QualityCode, Question
from services.wire import values

MOST_QUESTIONS = 1000


def decode_questions(request: pb.LocateDossiersRequest) -> list[Question]:
    """The questions in order; fails naming the first field that is wrong."""
    if not 1 <= len(request.questions) <= MOST_QUESTIONS:
        raise invalid("questions", f"must be 1 to {MOST_QUESTIONS}")
    return [_question(asked, f"questions[{n}].") for n, asked in enumerate(request.questions)]


def decode_known_at(request: pb.LocateDossiersRequest) -> datetime | None:
    """When it must have been recorded; nothing for now."""
    return (
        values.decode_instant(request.known_at, "known_at")
        if request.HasField("known_at")
        else None
    )


def _question(asked: pb.DossierQuestion, path: str) -> Question:
    contract = path + "data_contract", path + "contract_version"
    return Question(
        parse_ssin(asked.ssin, field=path + "ssin"),
        parse_enterprise_number(asked.customer_cbe_number, field=path + "customer_cbe_number"),
        parse_contract_name(asked.data_contract, asked.contract_version, fields=contract),
        values.decode_period(asked.period, path + "period"),
        parse_ssin(asked.main_ssin, field=path + "main_ssin") if asked.main_ssin else None,
        values.decode_day(asked.day, path + "day") if asked.HasField("day") else None,
    )


def encode_quality_code(quality: QualityCode) -> str:
    """A quality code as it travels: 3 digits."""
    return f"{quality:03d}"


def encode_locate_dossiers_response(results: Iterable[Located]) -> pb.LocateDossiersResponse:
    """Who knows the persons."""
    return pb.LocateDossiersResponse(
        results=[
            pb.LocatedDossiers(
                customer_quality_codes=map(encode_quality_code, result.customer_quality_codes),
                sources=[
                    pb.LocatedSource(
                        cbe_number=source.cbe_number.digits,
                        quality_codes=map(encode_quality_code, source.quality_codes),
                    )
                    for source in result.sources
                ],
            )
            for result in results
        ]
    )
