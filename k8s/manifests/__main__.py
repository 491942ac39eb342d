"""Write what the table of the mesh gives: `python -m k8s.manifests [--check] [FOLDER]`."""

import argparse
import sys
from pathlib import Path

from k8s.manifests import folders

HERE = Path(__file__).parent.parent


def main() -> None:
    """The command; with --check it writes nothing and ends with code 1 if something differs."""
    parser = argparse.ArgumentParser(prog="python -m k8s.manifests", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where (k8s/)")
    parser.add_argument("--check", action="store_true", help="only compare; name what differs")
    given = parser.parse_args()
    made = folders.texts()
    if not given.check:
        folders.write(given.folder, made)
        return
    wrong = folders.differences(given.folder, made)
    for name in wrong:
        sys.stderr.write(f"{name} is not what the table of the mesh gives; make manifests\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
