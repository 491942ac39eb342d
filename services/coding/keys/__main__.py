"""Makes a master key, by hand, once: `python -m services.coding.keys --help`."""

import argparse
import os
import sys
from pathlib import Path

from services.coding.keys.sealed import seal_key
from services.coding.keys.token import make_key


def main() -> None:
    """Make what was asked for; a key that is there is never written over."""
    parser = argparse.ArgumentParser(prog="python -m services.coding.keys")
    kinds = parser.add_subparsers(dest="kind", required=True)
    sealed = kinds.add_parser("file", help="a sealed file, opened by a passphrase in another")
    sealed.add_argument("file", type=Path)
    sealed.add_argument("passphrase_file", type=Path)
    token = kinds.add_parser("token", help="in a token, by its PKCS#11 library")
    for name in ("module", "label", "key"):
        token.add_argument(name)
    token.add_argument("pin_file", type=Path)
    told = parser.parse_args()
    try:
        if told.kind == "file":
            _write(told.file, seal_key(told.passphrase_file.read_bytes()))
        else:
            make_key(told.module, told.label, told.key, told.pin_file)
    except (OSError, ValueError) as fault:
        print(f"not made: {fault}", file=sys.stderr)
        raise SystemExit(1) from None


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)


if __name__ == "__main__":
    main()
