"""The extract of GDPR article 15: as JSON for programs (here), as one page for people (`page`)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cbss.audit.v1 import audit_service_pb2 as audit_pb
from cbss.audit.v1 import decision_notice_service_pb2 as decision_pb
from cbss.audit.v1 import error_report_pb2 as report_pb
from cbss.buffer.v1 import buffer_service_pb2 as buffer_pb
from cbss.directory.v1 import person_file_pb2
from cbss.identification.v1 import person_data_pb2 as person_pb
from google.protobuf.json_format import MessageToDict

from pages.extract.beside import beside
from services.kit.clock import belgian_day


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What is kept about a person, as the mesh told it."""

    ssin: str
    made_at: datetime
    numbers: Sequence[person_pb.PersonNumber] = ()
    cards: Sequence[person_pb.PersonCard] = ()
    data: Sequence[person_pb.PersonDatum] = ()
    files: Sequence[person_file_pb2.PersonFile] = ()
    facts: Sequence[buffer_pb.PersonFact] = ()
    reports: Sequence[report_pb.ErrorReport] = ()
    decisions: Sequence[decision_pb.DecisionNotice] = ()
    consultations: Sequence[audit_pb.Consultation] = ()

    def names(self) -> dict[str, str]:
        """The names of organizations that some part of it tells, by their numbers."""
        uses = [
            one
            for use in self.consultations
            for one in (use.customer, *use.sources, *use.asked_in_vain)
        ]
        return {
            **{one.cbe_number: one.organization_name for one in self.files},
            **{one.cbe_number: one.name for one in self.decisions},
            **{one.cbe_number: one.name for one in uses},
        }


def as_json(extract: Extract) -> str:
    """The extract for programs; messages in the JSON form of their contracts."""
    told = {
        "ssin": extract.ssin,
        "madeAt": extract.made_at.isoformat(),
        "numbers": [MessageToDict(one) for one in extract.numbers],
        "cards": [MessageToDict(one) for one in extract.cards],
        "personData": [MessageToDict(one) for one in extract.data],
        "files": [MessageToDict(one) for one in extract.files],
        "facts": [MessageToDict(one) for one in extract.facts],
        "errorReports": [MessageToDict(one) for one in extract.reports],
        "decisions": [MessageToDict(one) for one in extract.decisions],
        "consultations": [MessageToDict(one) for one in extract.consultations],
        "article15": [
            {
                "code": one.code,
                "article": one.article,
                "from": one.begins.isoformat(),
                "source": one.source,
                "title": one.title,
                "text": one.text,
            }
            for one in beside(belgian_day(extract.made_at))
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
