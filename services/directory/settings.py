"""Every knob of the directory."""

from datetime import timedelta
from typing import Annotated

from pydantic_settings import NoDecode

from services.concepts.written import Number
from services.kit.settings import Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    identification_address: Target
    access_address: Target
    audit_address: Target
    registry_address: Target
    national_register_cbe_number: Annotated[Number, NoDecode]
    """Who keeps the National Register, which identification asks who somebody is."""
    catalogue_interval: Seconds = timedelta(seconds=1)
    """How often it is looked whether organizations, contracts or subscriptions changed."""
    catalogue_maximum_age: Seconds = timedelta(seconds=60)
    """How old what is known of them may be to be decided on."""
    follow_every: Seconds = timedelta(seconds=1)
    """How often replaced numbers are looked for, to move the dossiers on them."""
