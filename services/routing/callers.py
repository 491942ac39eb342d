"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.routing.v1.RoutingService/Consult": frozenset({"gateway"}),
}
