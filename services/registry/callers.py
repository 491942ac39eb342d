"""Who may call what. An RPC that is not listed is refused to everybody.

People of the bank (operator) prepare, members of the committee decide.
"""

CALLERS = {
    "cbss.registry.v1.RegistryService/GetSnapshot": frozenset(
        {"routing", "directory", "coding", "access", "audit", "gateway"}
    ),
    "cbss.registry.v1.RegistryService/PrepareAct": frozenset({"operator", "directory"}),
    "cbss.registry.v1.RegistryService/DecideAct": frozenset({"committee"}),
    "cbss.registry.v1.RegistryService/ListActs": frozenset({"operator", "committee"}),
    "cbss.registry.v1.RegistryService/GetOwnEntry": frozenset({"gateway"}),
    "cbss.registry.v1.RegistryService/PrepareOwnAct": frozenset({"gateway"}),
    "cbss.registry.v1.RegistryService/ListUnrecordedActs": frozenset({"audit"}),
    "cbss.registry.v1.RegistryService/ConfirmActs": frozenset({"audit"}),
}
