"""Where the master key is: a sealed file, and a real token; both derive alike."""

import asyncio
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, ObjectClass

from services.coding.assembly import master_key
from services.coding.keys.sealed import SealedFile, seal_key
from services.coding.keys.token import Token
from services.coding.settings import Settings

PASSPHRASE = b"a passphrase of the tests"
LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")


async def test_a_sealed_file_gives_the_same_keys_again():
    content = seal_key(PASSPHRASE)

    first = await SealedFile.open(content, PASSPHRASE + b"\n")
    second = await SealedFile.open(content, PASSPHRASE)

    assert await first.derive(b"info") == await second.derive(b"info")
    assert await first.derive(b"info") != await first.derive(b"other")
    assert repr(first) == "SealedFile()"


@pytest.mark.parametrize("spoilt", ["passphrase", "content", "form"])
async def test_what_cannot_be_opened_stops_the_start(spoilt):
    content = seal_key(PASSPHRASE)
    if spoilt == "content":
        content = content.replace(b'"sealed": "', b'"sealed": "AAAA')
    if spoilt == "form":
        content = b"[]"

    with pytest.raises(ValueError, match="cannot be opened"):
        await SealedFile.open(
            content, b"another passphrase" if spoilt == "passphrase" else PASSPHRASE
        )


def test_a_short_passphrase_seals_nothing():
    with pytest.raises(ValueError, match="16 bytes"):
        seal_key(b"short")


def test_the_program_writes_no_key_over_another(tmp_path):
    (tmp_path / "passphrase").write_bytes(PASSPHRASE)
    program = [sys.executable, "-m", "services.coding.keys", "file"]
    program += [tmp_path / "key.json", tmp_path / "passphrase"]

    first = subprocess.run(program, check=False, capture_output=True)
    content = (tmp_path / "key.json").read_bytes()
    second = subprocess.run(program, check=False, capture_output=True)

    assert (first.returncode, second.returncode) == (0, 1)
    assert (tmp_path / "key.json").read_bytes() == content
    assert (tmp_path / "key.json").stat().st_mode & 0o077 == 0


def chosen(**told):
    """Settings of which only the key matters here."""
    return Settings.model_construct(**{"token_module": "", "master_key_file": None} | told)


async def test_a_process_without_a_master_key_does_not_start(tmp_path):
    with pytest.raises(SystemExit):
        await master_key(chosen(passphrase_file=None))
    with pytest.raises(SystemExit):
        await master_key(
            chosen(
                token_module="/no/library.so", token_label="x", token_key="y", token_pin_file=None
            )
        )


@pytest.fixture
def token(tmp_path, monkeypatch):
    """A token of its own; the library is loaded once in a process."""
    library = next((one for one in LIBRARIES if Path(one).exists()), None)
    if library is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is absent (Debian: softhsm2)")
    folder = tmp_path / "tokens"
    folder.mkdir()
    config = tmp_path / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder}\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    pin = tmp_path / "pin"
    pin.write_text(secrets.token_hex(8))
    made = ["softhsm2-util", "--init-token", "--free", "--label", "cbss", "--so-pin", "12345678"]
    subprocess.run([*made, "--pin", pin.read_text()], check=True, capture_output=True)
    return library, pin


CHILD = """
import sys
from tests.services.coding import test_keys
getattr(test_keys, sys.argv[1])(*sys.argv[2:])
"""


def make(library, pin):
    """Keys as they should be, known elsewhere too, and as they should not be."""
    with (
        pkcs11.lib(library)
        .get_token(token_label="cbss")
        .open(user_pin=Path(pin).read_text(), rw=True) as session
    ):
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: KeyType.GENERIC_SECRET,
                Attribute.VALUE: b"m" * 32,
                Attribute.LABEL: "known",
                Attribute.SIGN: True,
                Attribute.TOKEN: True,
                Attribute.SENSITIVE: True,
                Attribute.EXTRACTABLE: False,
            }
        )
        open_key = {Attribute.SIGN: True, Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True}
        kind = KeyType.GENERIC_SECRET
        session.generate_key(kind, 256, label="open", store=True, template=open_key)


def derive(library, pin, name):
    """What a key derives, or why it is not used."""
    try:
        found = Token.open(library, "cbss", name, Path(pin))
    except ValueError as fault:
        print(fault)
        return
    with pytest.raises(pkcs11.AttributeSensitive):
        found._key[Attribute.VALUE]
    print(asyncio.run(found.derive(b"info")).hex())


async def test_a_token_derives_what_a_sealed_file_does_and_never_gives_its_key_away(token):
    library, pin = token

    def child(*arguments):
        """In a process of its own: a library reads its configuration, and logs in, once."""
        told = subprocess.run(
            [sys.executable, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    child("-m", "services.coding.keys", "token", library, "cbss", "master", str(pin))
    child("-c", CHILD, "make", library, str(pin))
    master, known, open_key, missing = (
        child("-c", CHILD, "derive", library, str(pin), name)
        for name in ("master", "known", "open", "missing")
    )

    assert len(bytes.fromhex(master)) == 32
    assert known == (await SealedFile(b"m" * 32).derive(b"info")).hex()
    assert known != master
    assert "read out" in open_key
    assert "cannot be used" in missing
