"""The knobs of identification."""

from datetime import timedelta
from typing import Annotated

from pydantic_settings import NoDecode

from services.concepts.written import Number
from services.kit.settings import Environment, ReadableFile, Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    access_address: Target
    audit_address: Target
    relay_every: Seconds = timedelta(seconds=1)
    """How often replacements are looked for that the trail has not been told yet."""
    national_register_cbe_number: Annotated[Number, NoDecode]
    """Who keeps the National Register: the authentic source of what comes from it."""
    crossroads_bank_cbe_number: Annotated[Number, NoDecode]
    """Who keeps the registers of the bank itself, and is the source of what comes from them."""
    citizens_authority_file: ReadableFile | None = None
    """The certificate of the authority that issues citizens' certificates, PEM; without it nobody
    is a citizen."""

    @property
    def knows_mock_numbers(self) -> bool:
        """Whether mock numbers can be persons: everywhere but in production."""
        return self.environment is not Environment.PRODUCTION
