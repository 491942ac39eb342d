"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.buffer.v1.BufferService/ListFeeds": frozenset({"operator"}),
    "cbss.buffer.v1.BufferService/CheckKept": frozenset({"operator"}),
    "cbss.buffer.v1.BufferService/ListMyFacts": frozenset({"gateway"}),
    "cbss.buffer.v1.BufferService/ListNeighbourhoods": frozenset({"rights"}),
    "cbss.supplier.v1.SupplierService/Answer": frozenset({"routing"}),
}
