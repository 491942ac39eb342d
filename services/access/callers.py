"""Who may call what. An RPC that is not listed is refused to everybody."""

EVERYBODY = frozenset({"gateway", "operator"})
OPERATOR = frozenset({"operator"})

CALLERS = {
    "cbss.access.v1.AccessService/CheckAccess": frozenset(
        {"routing", "directory", "identification"}
    ),
    "cbss.access.v1.AccessService/CheckCaller": frozenset({"identification"}),
    "cbss.access.v1.DeliberationService/ListDeliberations": EVERYBODY,
    "cbss.access.v1.DeliberationService/GetDeliberation": EVERYBODY,
    "cbss.access.v1.DeliberationService/ProposeDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/CompareDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/EnactDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/SuspendDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/WithdrawDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/AccedeToDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/ExplainDecision": OPERATOR,
    "cbss.access.v1.DeliberationService/DryRunDeliberation": OPERATOR,
    "cbss.access.v1.DeliberationService/ReplayDecisions": OPERATOR,
}
