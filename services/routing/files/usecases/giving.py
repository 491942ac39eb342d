"""Giving results as files: the same bytes each time, and the voucher at the end."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.admission.model import Call
from services.concepts.failures import invalid
from services.routing.batches.model import Batch, BatchState, Reading
from services.routing.batches.usecases.reading import Readings
from services.routing.errors import BatchNotDone
from services.routing.files import rules
from services.routing.files.model import Part, Whole


class Numbers(Protocol):
    """Numbers the files that go to a customer."""

    async def result_number(self, batch: Batch) -> int:
        """The number of a batch's file of results, given to it when it has none."""


@dataclass(frozen=True)
class ResultFiles:
    """Gives results as files."""

    readings: Readings
    store: Numbers

    async def stream(
        self, call: Call, batch_id: UUID, from_byte: int
    ) -> AsyncGenerator[Part | Whole | Reading, None]:
        """The bytes of a file from one on, then what the whole holds; or why it may not be read."""
        batch = await self.readings.get(call, batch_id)
        if batch.state is not BatchState.DONE:
            raise BatchNotDone
        measure, count = rules.Measure(), 0
        pages = self.readings.stream_results(call, batch_id, 0)
        async with aclosing(pages):
            async for read in pages:
                if read.status.code.code != "MSG00000":
                    yield read
                    return
                content = b"".join(map(rules.delimit, read.page.results))
                begin = max(0, from_byte - measure.byte_count)
                measure.add(content)
                count += len(read.page.results)
                if content[begin:]:
                    yield Part(content[begin:])
        if from_byte > measure.byte_count:
            raise invalid("from_byte", "must be within the file")
        number = await self.store.result_number(batch)
        yield Whole(number, count, measure.byte_count, measure.value(), batch)
