"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.identification.v1.IdentificationService/ResolveSsins": frozenset(
        {"routing", "directory", "buffer"}
    ),
    "cbss.identification.v1.IdentificationService/ListReplacements": frozenset(
        {"directory", "buffer"}
    ),
}
