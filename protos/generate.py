"""Compile the contracts: Python messages, gRPC stubs, type stubs and one descriptor set.

Runs as the build hook of the package and by hand: `python protos/generate.py`. Everything goes to
`protos/gen`, which git ignores: generated code is tied to the protobuf runtime it was made with.
"""

import shutil
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
GENERATED = ROOT / "gen"
DESCRIPTORS = GENERATED / "cbss" / "descriptors.binpb"


def compile_contracts() -> None:
    """Replace `protos/gen` by what the contracts say now."""
    from grpc_tools import protoc  # only present while building

    sources = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("cbss/**/*.proto"))
    services = [source for source in sources if source.endswith("_service.proto")]
    shutil.rmtree(GENERATED, ignore_errors=True)
    DESCRIPTORS.parent.mkdir(parents=True)
    # googleapis-common-protos carries google/rpc and google/type, grpc_tools google/protobuf.
    include = [
        f"-I{ROOT}",
        f"-I{files('google.rpc') / '..' / '..'}",
        f"-I{files('grpc_tools') / '_proto'}",
    ]
    messages = [f"--python_out={GENERATED}", f"--pyi_out={GENERATED}"]
    described = [
        f"--descriptor_set_out={DESCRIPTORS}",
        "--include_imports",
        "--include_source_info",
    ]
    _run(protoc.main, [*include, *messages, *sources])
    # Errors carry these; whoever translates them to JSON needs their descriptors too.
    errors = ["google/rpc/status.proto", "google/rpc/error_details.proto"]
    _run(protoc.main, [*include, *described, *sources, *errors])
    _run(protoc.main, [*include, f"--grpc_python_out={GENERATED}", *services])
    for folder in [GENERATED / "cbss", *(GENERATED / "cbss").rglob("*/")]:
        if folder.is_dir() and folder.name != "__pycache__":
            (folder / "__init__.py").touch()


def _run(main: Any, arguments: list[str]) -> None:
    if main(["protoc", *arguments]) != 0:
        sys.exit("the contracts do not compile; protoc has said where")


class ContractsHook(BuildHookInterface[Any]):
    """Generates before every wheel and every editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_contracts()


if __name__ == "__main__":
    compile_contracts()
