"""One method for each RPC of coding, over ports declared here."""

from services.coding.usecases.coding import Coding
from services.coding.usecases.deliveries import Deliveries
from services.coding.usecases.keyring import Keyring
from services.coding.usecases.projects import Projects
from services.coding.usecases.reidentifying import Reidentifying
from services.coding.usecases.today import Today

__all__ = ["Coding", "Deliveries", "Keyring", "Projects", "Reidentifying", "Today"]
