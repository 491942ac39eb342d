"""Where the master key is, by the settings: exactly one place."""

import structlog

from services.coding.keys import SealedFile, Token
from services.coding.settings import Settings
from services.coding.usecases.ports import Keys

log = structlog.get_logger()


async def master_key(settings: Settings) -> Keys:
    """The master key, or the end of the process with what is wrong."""
    try:
        return await _opened(settings)
    except ValueError as fault:
        log.error("there is no master key", fault=str(fault))
        raise SystemExit(2) from None


async def _opened(settings: Settings) -> Keys:
    if settings.token_module:
        if settings.token_pin_file is None or settings.master_key_file is not None:
            raise ValueError("a token wants TOKEN_PIN_FILE, and no MASTER_KEY_FILE beside it")
        return Token.open(
            *(settings.token_module, settings.token_label, settings.token_key),
            settings.token_pin_file,
        )
    if settings.master_key_file is None or settings.passphrase_file is None:
        raise ValueError("MASTER_KEY_FILE and PASSPHRASE_FILE, or TOKEN_MODULE, must be there")
    return await SealedFile.open(
        settings.master_key_file.read_bytes(), settings.passphrase_file.read_bytes()
    )
