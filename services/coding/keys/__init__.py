"""Where the master key is, in a sealed file or in a token: both derive alike, neither tells it."""

from services.coding.keys.sealed import SealedFile
from services.coding.keys.token import Token

__all__ = ["SealedFile", "Token"]
