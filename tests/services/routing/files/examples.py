"""Files of questions with their vouchers, over the country of batches."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from cbss.routing.v1 import batch_pb2, batch_service_pb2, voucher_pb2
from google.protobuf import proto

from services.kit.ids import uuid7
from services.routing.files import wire
from services.routing.files.store import PostgresFiles
from services.routing.files.usecases.giving import ResultFiles
from services.routing.files.usecases.keeping import FileUpkeep
from services.routing.files.usecases.taking import Filings
from tests.services.routing import examples as ex
from tests.services.routing.batches.examples import SEAL, Country, person

PERSONS = [person(number) for number in range(1, 8)]
TERM = timedelta(days=1)
RPC = "cbss.routing.v1.BatchFileService/SubmitBatchFile"


def message(**part):
    told = BytesIO()
    proto.serialize_length_prefixed(batch_service_pb2.SubmitBatchRequest(**part), told)
    return told.getvalue()


def header(ticket="t-1", context="PCSW:EXAMPLE", contract="EXAMPLE"):
    told = batch_pb2.BatchHeader(legal_context=context, data_contract=contract, contract_version=1)
    told.information_customer.ticket = ticket
    told.information_customer.customer_identification.cbe_number = ex.CENTRE.digits
    return told


def content(*texts, head=None, in_a_message=3):
    """A file that asks about these."""
    items = [
        batch_pb2.BatchItem(ssin=text, reference=f"r-{place}") for place, text in enumerate(texts)
    ]
    parts = [
        message(items=batch_service_pb2.BatchItems(items=items[at : at + in_a_message]))
        for at in range(0, len(items), in_a_message)
    ]
    return message(header=head or header()) + b"".join(parts)


def told_voucher(file, count, number=1, **other):
    """The voucher of a file, as it travels."""
    told = voucher_pb2.Voucher(
        file_name="questions.bin",
        sequence_number=number,
        legal_context="PCSW:EXAMPLE",
        data_contract="EXAMPLE",
        contract_version=1,
        item_count=count,
        byte_count=len(file),
        sha256=hashlib.sha256(file).hexdigest(),
    )
    told.created_at.FromDatetime(datetime(2026, 11, 28, tzinfo=UTC))
    told.sender.cbe_number = ex.CENTRE.digits
    told.receiver.sector_institution.sector = 25
    for name, value in other.items():
        setattr(told, name, value)
    return told


def voucher(file, count, number=1, **other):
    """The voucher of a file."""
    return replace(wire.decode_voucher(told_voucher(file, count, number)), **other)


def somebody_else(country):
    """The number of another organization that is known."""
    return next(one for one in country.mesh.catalogue.organizations if one != ex.CENTRE)


async def pieces(file, size=50):
    """A file as it comes."""
    for at in range(0, len(file), size):
        yield file[at : at + size]


class FilingCountry(Country):
    """What takes batches as files too."""

    def __init__(self, connections):
        super().__init__(connections)
        self.files, self.gaps, self.rejections, self.halted = PostgresFiles(connections), 0, [], 0
        self.filings = Filings(
            admission=self.arrivals,
            submissions=self.submissions,
            store=self.files,
            reader=wire.Reader(),
            seal=SEAL,
            now=lambda: self.now,
            term=TERM,
            tell_gap=self.count_gap,
            tell_rejection=self.rejections.append,
        )
        self.given = ResultFiles(self.readings, self.files)
        self.keeping = FileUpkeep(
            self.files, lambda: self.now, timedelta(days=400), self.show_halted
        )

    def count_gap(self, more):
        self.gaps += more

    def show_halted(self, count):
        self.halted = count

    async def file(self, file, count=7, number=1, told=None, coming=None):
        """What became of a file."""
        call = replace(self.call(rpc=RPC), ticket=uuid7())
        announced = told or voucher(file, count, number)
        file, _ = await self.filings.submit(call, announced, coming or pieces(file))
        return file

    async def result_file(self, batch_id, from_byte=0):
        """The parts of a file of results: its bytes, and what ended the stream."""
        came, last = b"", None
        async for part in self.given.stream(self.call(), batch_id, from_byte):
            came, last = came + getattr(part, "content", b""), part
        return came, last
