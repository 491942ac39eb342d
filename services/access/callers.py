"""Who may call what. An RPC that is not listed is refused to everybody.

People of the bank (operator) prepare what opens data to others, members of the committee decide it;
either may stop it.
"""

EVERYBODY = frozenset({"gateway", "operator", "committee"})
EITHER = frozenset({"operator", "committee"})
BANK = frozenset({"operator"})
COMMITTEE = frozenset({"committee"})

CALLERS = {
    "cbss.access.v1.AccessService/CheckAccess": frozenset(
        {"routing", "directory", "coding", "identification"}
    ),
    "cbss.access.v1.AccessService/CheckCaller": frozenset({"identification"}),
    "cbss.access.v1.DeliberationService/ListDeliberations": EVERYBODY,
    "cbss.access.v1.DeliberationService/GetDeliberation": EVERYBODY,
    "cbss.access.v1.DeliberationService/ProposeDeliberation": BANK,
    "cbss.access.v1.DeliberationService/CompareDeliberation": EITHER,
    "cbss.access.v1.DeliberationService/EnactDeliberation": COMMITTEE,
    "cbss.access.v1.DeliberationService/SuspendDeliberation": EITHER,
    "cbss.access.v1.DeliberationService/WithdrawDeliberation": EITHER,
    "cbss.access.v1.DeliberationService/AccedeToDeliberation": BANK,
    "cbss.access.v1.DeliberationService/EnactAccession": COMMITTEE,
    "cbss.access.v1.DeliberationService/ExplainDecision": EITHER,
    "cbss.access.v1.DeliberationService/DryRunDeliberation": EITHER,
    "cbss.access.v1.DeliberationService/ReplayDecisions": EITHER,
}
