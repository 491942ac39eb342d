"""Who may call what. An RPC that is not listed is refused to everybody.

People of the bank (operator) prepare, members of the committee decide; either may close.
"""

_PROJECTS = "cbss.coding.v1.ProjectService"
_CODING = "cbss.coding.v1.CodingService"
_LISTS = "cbss.coding.v1.ReidentificationService"
EVERYBODY = frozenset({"gateway", "operator", "committee"})

CALLERS = {
    f"{_PROJECTS}/RequestProject": frozenset({"operator"}),
    f"{_PROJECTS}/AssessProject": frozenset({"operator"}),
    f"{_PROJECTS}/DecideProject": frozenset({"committee"}),
    f"{_PROJECTS}/OpenProject": frozenset({"operator"}),
    f"{_PROJECTS}/ReleaseDelivery": frozenset({"operator"}),
    f"{_PROJECTS}/CloseProject": frozenset({"operator", "committee"}),
    f"{_PROJECTS}/ListProjects": EVERYBODY,
    f"{_PROJECTS}/GetProject": EVERYBODY,
    f"{_CODING}/GetTemporaryNumbers": frozenset({"gateway"}),
    f"{_CODING}/StreamTemporaryNumbers": frozenset({"gateway"}),
    f"{_CODING}/SubmitRows": frozenset({"gateway"}),
    f"{_CODING}/ListDeliveryRows": frozenset({"gateway"}),
    f"{_CODING}/AcknowledgeDelivery": frozenset({"gateway"}),
    f"{_LISTS}/RequestReidentification": frozenset({"operator"}),
    f"{_LISTS}/DecideReidentification": frozenset({"committee"}),
    f"{_LISTS}/EndReidentification": frozenset({"operator", "committee"}),
    f"{_LISTS}/ListReidentifications": frozenset({"operator", "committee"}),
    f"{_LISTS}/GetReidentifiedUnits": frozenset({"gateway"}),
}
