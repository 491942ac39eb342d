"""Folders for servers of the tests and the benchmarks, gone afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.servers.privileges import SHARED


@contextmanager
def scratch(purpose: str) -> Iterator[Path]:
    """A folder that a server of another user can reach, so that it leaves nothing elsewhere."""
    folder = Path(tempfile.mkdtemp(prefix=f"cbss-{purpose}-", dir=SHARED))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
