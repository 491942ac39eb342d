"""The master key of coding, sealed in a file, and the passphrase beside it: for a sandbox only."""

import secrets
import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from services.kit.files import replace_file


@dataclass(frozen=True, slots=True)
class SealedKey:
    """A sealed key in a folder, made when it is first needed."""

    folder: Path

    @property
    def file(self) -> Path:
        """The sealed key."""
        return self.folder / "coding-master.json"

    @property
    def passphrase(self) -> Path:
        """What opens it."""
        return self.folder / "coding.passphrase"

    def make(self) -> None:
        """Make both, unless they are there."""
        if self.file.exists():
            return
        replace_file(self.passphrase, b64encode(secrets.token_bytes(32)), mode=0o600)
        # Only the program of the service knows how its keys are sealed.
        program = [sys.executable, "-m", "services.coding.keys", "file"]
        subprocess.run([*program, self.file, self.passphrase], check=True)  # noqa: S603
