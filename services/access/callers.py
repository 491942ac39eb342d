"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.access.v1.AccessService/CheckAccess": frozenset(
        {"routing", "directory", "identification"}
    ),
    "cbss.access.v1.AccessService/CheckCaller": frozenset({"directory", "identification"}),
}
