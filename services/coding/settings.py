"""Every knob of coding."""

from datetime import timedelta

from services.kit.settings import ReadableFile, Seconds, StoreSettings, Target


class Settings(StoreSettings):
    """What the process reads from its environment, beside what every service reads."""

    identification_address: Target
    access_address: Target
    audit_address: Target
    registry_address: Target
    master_key_file: ReadableFile | None = None
    """The sealed master key, made by `python -m services.coding.keys`; exactly where there is no
    token."""
    passphrase_file: ReadableFile | None = None
    """What opens it."""
    token_module: str = ""
    """The PKCS#11 library of the token that holds the master key, for example
    `/usr/lib/softhsm/libsofthsm2.so`; empty where there is none."""
    token_label: str = "cbss"  # noqa: S105
    """The token."""
    token_key: str = "coding-master"  # noqa: S105
    """The label of the master key in it: a generic secret that can sign."""
    token_pin_file: ReadableFile | None = None
    """What opens the token."""
    closing_every: Seconds = timedelta(seconds=30)
    """How often it is looked for projects whose last day is past."""
