"""What was released is changed by adding: the check of every change finds what breaks it."""

import subprocess

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from tests.architecture.project import ROOT

RELEASED = ROOT / "protos/released.binpb"
BUF = ROOT / ".venv/bin/buf"


def changed(tmp_path, change):
    """What the check says of the released contracts after a change."""
    image = FileDescriptorSet.FromString(RELEASED.read_bytes())
    messages = {
        f"{file.package}.{one.name}": one for file in image.file for one in file.message_type
    }
    services = {f"{file.package}.{one.name}": one for file in image.file for one in file.service}
    change(messages, services)
    path = tmp_path / "changed.binpb"
    path.write_bytes(image.SerializeToString())
    done = subprocess.run(
        [
            *(BUF, "breaking", f"{path}#format=binpb"),
            *("--against", f"{RELEASED}#format=binpb", "--config", ROOT / "protos/buf.yaml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def field_gone(messages, _):
    del messages["cbss.routing.v1.ConsultRequest"].field[0]


def field_of_another_type(messages, _):
    [one] = [f for f in messages["cbss.supplier.v1.Question"].field if f.name == "ssin"]
    one.type = FieldDescriptorProto.TYPE_BYTES


def method_gone(_, services):
    del services["cbss.identification.v1.IdentificationService"].method[0]


def field_added(messages, _):
    messages["cbss.supplier.v1.Question"].field.add(
        name="more", number=900, type=FieldDescriptorProto.TYPE_STRING, label=1, json_name="more"
    )


@pytest.mark.parametrize("change", [field_gone, field_of_another_type, method_gone])
def test_what_breaks_a_client_is_found(tmp_path, change):
    code, said = changed(tmp_path, change)

    assert code == 100
    assert said


def test_what_is_added_breaks_nobody(tmp_path):
    assert changed(tmp_path, field_added) == (0, "")


def test_the_image_holds_every_contract_and_no_comment():
    image = FileDescriptorSet.FromString(RELEASED.read_bytes())
    packages = {file.package for file in image.file}

    assert {"cbss.routing.v1", "cbss.data.v1", "cbss.supplier.v1"} <= packages
    assert not any(file.HasField("source_code_info") for file in image.file)
