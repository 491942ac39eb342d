"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.identification.v1.IdentificationService/ResolveSsins": frozenset({"routing"}),
}
