"""The nouns of messages that want an answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.concepts.data_contract import ContractName
from services.concepts.enterprise_number import EnterpriseNumber
from services.concepts.ssin import Ssin


class Disposition(Enum):
    """What an addressee says of a message; numbered as in the contract."""

    ACCEPTED = 1
    REJECTED = 2
    NOT_CONCERNED = 3


class AnswerState(Enum):
    """How far an addressee has come with a message; numbered as in the contract."""

    WAITING = 1
    ANSWERED = 2
    UNANSWERED = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What an addressee says, with the reference of its file."""

    disposition: Disposition
    file_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A message as it went to one addressee, and its answer if there is one."""

    source: EnterpriseNumber
    reference: str
    addressee: EnterpriseNumber
    notice_id: UUID
    reply_by: datetime
    person: Ssin
    contract: ContractName
    answer: Answer | None = None
    answered_at: datetime | None = None

    def state(self, now: datetime) -> AnswerState:
        """How far it has come."""
        if self.answer is not None:
            return AnswerState.ANSWERED
        return AnswerState.WAITING if now < self.reply_by else AnswerState.UNANSWERED
