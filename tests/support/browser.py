"""A real browser for tests of pages: Chromium as the system has it, without a window."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Browser:
    """Loads a page and gives back what became of it."""

    def __init__(self, binary: str, profile: Path) -> None:
        self._binary = binary
        self._profile = profile

    def dom(self, address: str, *, width: int = 1200) -> str:
        """The page after it has loaded, as HTML."""
        return self._run("--dump-dom", f"--window-size={width},900", address)

    def printed(self, address: str, path: Path) -> bytes:
        """The page as it comes out of a printer: PDF."""
        self._run(f"--print-to-pdf={path}", address)
        return path.read_bytes()

    def _run(self, *arguments: str) -> str:
        command = [
            *(self._binary, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-dev-shm-usage"),
            *(f"--user-data-dir={self._profile}", "--virtual-time-budget=3000", *arguments),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout


def browser(folder: Path) -> Browser:
    """The browser; the test that asks is skipped, visibly, where there is none."""
    named = os.environ.get("CBSS_BROWSER")
    binary = named or next((path for name in _NAMES if (path := shutil.which(name))), None)
    if binary is None:
        pytest.skip("there is no Chromium on this machine (CBSS_BROWSER names one)")
    return Browser(binary, folder / "profile")
