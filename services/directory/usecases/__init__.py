"""What the directory does: one method per RPC, over ports declared here."""

from services.directory.usecases.catalogues import CatalogueKeeper, CatalogueMembers
from services.directory.usecases.citizens import Citizens
from services.directory.usecases.contracts import Contracting
from services.directory.usecases.following import Following
from services.directory.usecases.locating import Directory
from services.directory.usecases.registering import Registrar
from services.directory.usecases.subscribing import Subscribers
from services.directory.usecases.verifying import Verifier

__all__ = [
    "CatalogueKeeper",
    "CatalogueMembers",
    "Citizens",
    "Contracting",
    "Directory",
    "Following",
    "Registrar",
    "Subscribers",
    "Verifier",
]
