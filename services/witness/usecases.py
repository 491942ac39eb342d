"""What the witness does: it judges, remembers, and only then tells its signature."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from services.kit import telemetry
from services.kit.tlog.notes import Signer, Verifier
from services.witness import rules
from services.witness.listening import TEXT, Answer
from services.witness.memory import Memory
from services.witness.rules import Refused

log = structlog.get_logger()

SIZE = "text/x.tlog.size"


@dataclass(frozen=True)
class Witness:
    """Watches over some logs."""

    signer: Signer
    logs: Mapping[str, Verifier]
    memory: Memory
    seconds: Callable[[], float]
    """The present instant, in seconds since 1970."""

    def add_checkpoint(self, body: str) -> Answer:
        """A cosignature, durable in what it vouches for, or the refusal."""
        asked = rules.parse_submission(body)
        if isinstance(asked, Refused):
            return Answer(asked.status)
        origin = asked.checkpoint.origin
        seen = self.memory.last(origin) if origin in self.logs else None
        judgement = rules.judge_submission(asked, self.logs, seen)
        if isinstance(judgement, Refused):
            return self._refuse(judgement, body)
        cosignature = self.signer.sign(judgement.text, int(self.seconds()))
        if seen is None or judgement.size >= seen.size:
            # What is kept says by itself that it was cosigned, and when last.
            self.memory.remember(origin, body.partition("\n\n")[2] + cosignature)
        return Answer(200, cosignature)

    def last_checkpoint(self, origin: str) -> Answer:
        """What was cosigned last of a log, for who wants to know whether the log was put back."""
        note = self.memory.note(origin) if origin in self.logs else None
        return Answer(404) if note is None else Answer(200, note)

    def _refuse(self, refused: Refused, body: str) -> Answer:
        telemetry.meter().create_counter(
            "cbss.witness.refusals", description="Checkpoints that were not cosigned, by status."
        ).add(1, {"status": refused.status})
        if refused.is_evidence:
            log.error("a log does not grow from what was cosigned", status=refused.status)
            self.memory.keep_evidence(body)
        kind = SIZE if refused.status == 409 else TEXT
        return Answer(refused.status, refused.body, kind)


def known_logs(text: str) -> dict[str, Verifier]:
    """The logs in a file of public keys, one a line, by their origin."""
    verifiers = [Verifier.parse(line) for line in text.splitlines() if line.strip()]
    return {one.name: one for one in verifiers}
