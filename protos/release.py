"""Take the contracts as they are for the released ones: `make released`, at a release only.

What `make contracts` compares with from then on: a contract that was released is changed by adding.
Comments are left out, for they may change.
"""

from pathlib import Path

from generate import DESCRIPTORS
from google.protobuf.descriptor_pb2 import FileDescriptorSet

RELEASED = Path(__file__).resolve().parent / "released.binpb"


def release() -> None:
    """Write the image."""
    image = FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    for file in image.file:
        file.ClearField("source_code_info")
    RELEASED.write_bytes(image.SerializeToString(deterministic=True))


if __name__ == "__main__":
    release()
