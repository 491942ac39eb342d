"""The knobs of identification."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator
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
    national_register_address: Target
    """Where the National Register answers (`cbss.supplier.v1`)."""
    national_register_server_name: Annotated[str, Field(min_length=1)]
    """The name in its certificate, which an authority of sources issued."""
    national_register_deadline: Seconds = timedelta(seconds=1)
    sources_authority_file: ReadableFile
    """The authorities that vouch for sources, PEM."""
    crossroads_bank_cbe_number: Annotated[Number, NoDecode]
    """Who keeps the registers of the bank itself, and is the source of what comes from them."""
    mock_numbers: bool | None = None
    """Whether the numbers that are made are mock numbers. Absent: in demo and test they are, in
    acceptance and production they are real; in production they cannot be."""

    @model_validator(mode="after")
    def _are_somebodys(self) -> Self:
        if self.mock_numbers and self.environment is Environment.PRODUCTION:
            raise ValueError("MOCK_NUMBERS cannot be made in production")
        return self

    @property
    def makes_mock_numbers(self) -> bool:
        """Whether new numbers are mock numbers: nobody's."""
        if self.mock_numbers is None:
            return self.environment in (Environment.DEMO, Environment.TEST)
        return self.mock_numbers

    @property
    def knows_mock_numbers(self) -> bool:
        """Whether mock numbers can be persons: everywhere but in production."""
        return self.environment is not Environment.PRODUCTION
