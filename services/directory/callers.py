"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.directory.v1.DirectoryService/LocateDossiers": frozenset({"routing"}),
    "cbss.directory.v1.DirectoryService/ListOrganizations": frozenset({"operator"}),
    "cbss.directory.v1.DirectoryService/ListDataContracts": frozenset({"operator", "gateway"}),
    "cbss.directory.v1.DirectoryService/RegisterDataContract": frozenset({"operator"}),
    "cbss.directory.v1.DirectoryService/RegisterPerson": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/UnregisterPerson": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/ListRegistrations": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/ListMyFiles": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/Subscribe": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/Unsubscribe": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/ListSubscriptions": frozenset({"gateway"}),
    "cbss.directory.v1.DirectoryService/LocateSubscribers": frozenset({"routing"}),
    "cbss.directory.v1.DirectoryService/ListFigures": frozenset({"operator"}),
    "cbss.directory.v1.DirectoryService/PreviewSubscribers": frozenset({"operator"}),
}
