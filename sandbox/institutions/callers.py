"""Who may call what. A source answers the mesh's routing service and nobody else."""

CALLERS = {
    "cbss.supplier.v1.SupplierService/Answer": frozenset({"routing"}),
}
