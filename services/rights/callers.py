"""Who may call what. An RPC that is not listed is refused to everybody."""

CALLERS = {
    "cbss.rights.v1.RightsService/ListMyRights": frozenset({"gateway"}),
    "cbss.rights.v1.RightsService/WhatIf": frozenset({"gateway"}),
    "cbss.supplier.v1.SupplierService/Answer": frozenset({"routing"}),
}
