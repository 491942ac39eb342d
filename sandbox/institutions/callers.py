"""Who may call what. A source answers the mesh's routing service, the National Register also its
identification service, and nobody else."""

CALLERS = {
    "cbss.supplier.v1.SupplierService/Answer": frozenset({"routing"}),
}
NATIONAL_REGISTER_CALLERS = {
    "cbss.supplier.v1.SupplierService/Answer": frozenset({"routing", "identification"}),
}
