"""The reference folder beside the checkout: real answers and test vectors, never copied."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "reference"


def folder() -> Path:
    """The folder; the test that asks is skipped, visibly, where it is absent."""
    path = Path(os.environ.get("CBSS_REFERENCE", _BESIDE))
    if not path.is_dir():
        pytest.skip("the reference folder is absent (CBSS_REFERENCE names it)")
    return path


def vectors() -> dict[str, Any]:
    """The test vectors for numbers."""
    loaded: dict[str, Any] = json.loads((folder() / "vectors.json").read_text("utf-8"))
    return loaded
