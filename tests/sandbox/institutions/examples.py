"""Questions and official answers for the tests of the simulated sources."""

from pathlib import Path

from cbss.supplier.v1 import supplier_service_pb2 as pb
from google.protobuf.message import Message

DISABLED = "71713000318"
MOTHER = "89672220419"
NOBODY = "99600000470"


def question(
    ssin: str,
    contract: str = "HANDICAP",
    days: tuple[str, str] | None = None,
    criteria: Message | None = None,
) -> pb.Question:
    """A question about one person."""
    asked = pb.Question(ssin=ssin, data_contract=contract, contract_version=1)
    if days is not None:
        for end, day in zip((asked.period.begin_date, asked.period.end_date), days, strict=True):
            end.year, end.month, end.day = map(int, day.split("-"))
    if criteria is not None:
        asked.criteria.Pack(criteria)
    return asked


def request(*questions: pb.Question) -> pb.AnswerRequest:
    """A call with questions."""
    return pb.AnswerRequest(questions=questions)


def written(folder: Path, text: str) -> Path:
    """A file with an official answer around some content."""
    path = folder / "answer.xml"
    path.write_text(f"<r><Repliek>{text}</Repliek></r>", "utf-8")
    return path
