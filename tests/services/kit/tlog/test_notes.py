"""Notes are signed and verified as C2SP says; the example is the one of the specification."""

import pytest

from services.kit.tlog.checkpoints import Checkpoint
from services.kit.tlog.notes import (
    COSIGNATURE,
    SIGNATURE,
    KeyUnusable,
    Note,
    NoteInvalid,
    Signer,
    Verifier,
    private_key_text,
)

# Published with Go's note package.
GO_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
GO_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n"
)
BODY = Checkpoint("audit.example/trail", 7, b"r" * 32).text


def signer(kind=SIGNATURE, seed=b"s" * 32):
    return Signer.parse(private_key_text("log.example", kind, seed))


def test_signs_and_verifies_what_go_does():
    assert str(Signer.parse(GO_KEY).verifier) == GO_VERIFIER
    assert Signer.parse(GO_KEY).sign(GO_TEXT) == GO_SIGNATURE
    Note.parse(f"{GO_TEXT}\n{GO_SIGNATURE}").signature_of(Verifier.parse(GO_VERIFIER))


def test_a_changed_text_or_another_key_is_noticed():
    note = Note.parse(f"{BODY}\n{signer().sign(BODY)}")
    note.signature_of(signer().verifier)

    with pytest.raises(NoteInvalid):
        Note(note.text.replace("7", "8"), note.signatures).signature_of(signer().verifier)
    with pytest.raises(NoteInvalid):
        note.signature_of(signer(seed=b"t" * 32).verifier)


def test_a_cosignature_tells_its_time_and_passes_for_no_signature():
    cosigner = signer(COSIGNATURE)
    note = Note.parse(f"{BODY}\n{cosigner.sign(BODY, 1_700_000_000)}")

    assert note.signature_of(cosigner.verifier).time == 1_700_000_000
    with pytest.raises(NoteInvalid):
        note.signature_of(signer().verifier)


@pytest.mark.parametrize(
    "written", ["", "text\n", "text\n\n", "text\n\n— x\n", "text\n\n- a AAAA\n", f"{BODY}\n— a b"]
)
def test_what_is_no_note_is_refused(written):
    with pytest.raises(NoteInvalid):
        Note.parse(written)


@pytest.mark.parametrize(
    "text",
    ["", "a+b", "name+00000000+AAAA", GO_VERIFIER.replace("c74f", "c74e"), GO_VERIFIER + "A"],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(KeyUnusable):
        Verifier.parse(text)
    with pytest.raises(KeyUnusable):
        Signer.parse(text)


def test_a_checkpoint_is_read_back():
    assert Checkpoint.parse(BODY) == Checkpoint("audit.example/trail", 7, b"r" * 32)


@pytest.mark.parametrize(
    "text", ["", "o\n7\n", "o\n07\ncnI=\n", f"\n7\n{'A' * 43}=\n", f"o\n-7\n{'A' * 43}=\n"]
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteInvalid):
        Checkpoint.parse(text)
