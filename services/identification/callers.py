"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.identification.v1.IdentificationService/ResolveSsins": frozenset(
        {"routing", "directory", "rights", "coding"}
    ),
    "cbss.identification.v1.IdentificationService/ResolveEnterprises": frozenset({"routing"}),
    "cbss.identification.v1.IdentificationService/ListReplacements": frozenset(
        {"directory", "rights", "buffer"}
    ),
    "cbss.identification.v1.IdentificationService/CheckIdentities": frozenset({"directory"}),
    "cbss.identification.v1.IdentificationService/SearchPersons": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/VerifyPerson": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/CreateBisPerson": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/UpdatePerson": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/ReplaceSsin": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/ListPersonVersions": frozenset({"operator"}),
    "cbss.identification.v1.IdentificationService/ListMyPersonData": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/GetEnterprise": frozenset({"gateway"}),
    "cbss.identification.v1.IdentificationService/RegisterEnterprise": frozenset({"gateway"}),
}
