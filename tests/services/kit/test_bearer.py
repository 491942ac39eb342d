"""A person's access token: the good one, and all that looks like it."""

import json
import os
import time

import pytest

from services.kit import bearer
from services.kit.bearer import LARGEST, Holder, TokenFlaw, Tokens
from tests.support.certificates import Authority
from tests.support.server import settings
from tests.support.tokens import ISSUER, Issuer, other_kind

PERSON = "71713000318"


@pytest.fixture(scope="module")
def issuer():
    return Issuer()


@pytest.fixture
def tokens(issuer, tmp_path, files):
    return Tokens(settings(files, **issuer.publish(tmp_path)))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    authority = Authority()
    folder = tmp_path_factory.mktemp("files")
    return authority.files(folder, authority.workload("directory"), "directory")


def test_a_good_token_is_its_holders(tokens, issuer):
    assert tokens.holder(f"Bearer {issuer.token(PERSON)}") == Holder(PERSON, ISSUER)
    assert tokens.holder(f"bearer {issuer.token(PERSON, aud=['x', 'cbss'])}") == Holder(
        PERSON, ISSUER
    )


def test_a_holder_and_what_he_brings_are_not_printed(tokens, issuer):
    assert PERSON not in repr(tokens.holder(f"Bearer {issuer.token(PERSON)}"))


@pytest.mark.parametrize(
    ("begins", "expected"),
    [(-330, Holder(PERSON, ISSUER)), (-420, TokenFlaw.ENDED), (30, Holder(PERSON, ISSUER))],
    ids=["ended within the grace", "ended", "of a clock ahead of ours"],
)
def test_the_time_of_a_token_has_the_grace_of_clocks(tokens, issuer, begins, expected):
    assert tokens.holder(f"Bearer {issuer.token(PERSON, begins=begins)}") == expected


def test_the_grace_ends_after_sixty_seconds(issuer, tmp_path, files):
    now = time.time()
    given = settings(files, **issuer.publish(tmp_path))
    token = f"Bearer {issuer.token(PERSON, exp=int(now), iat=int(now) - 300)}"

    assert isinstance(Tokens(given, lambda: int(now) + 59).holder(token), Holder)
    assert Tokens(given, lambda: int(now) + 61).holder(token) is TokenFlaw.ENDED


BAD = {
    "of the ID token's kind": lambda one: one.token(PERSON, kind="JWT"),
    "of no kind": lambda one: one.token(PERSON, kind=None),
    "for another audience": lambda one: one.token(PERSON, aud="portal"),
    "for no audience": lambda one: one.token(PERSON, aud=None),
    "of another issuer's name": lambda one: one.token(PERSON, iss="https://other.test"),
    "of no issuer": lambda one: one.token(PERSON, iss=None),
    "without an end": lambda one: one.token(PERSON, exp=None),
    "without a beginning": lambda one: one.token(PERSON, iat=None),
    "that lasts an hour": lambda one: one.token(PERSON, lasts=3600),
    "that ends never": lambda one: one.token(PERSON, exp=float("inf")),
    "of a far future": lambda one: one.token(PERSON, begins=120),
    "not to be used yet": lambda one: one.token(PERSON, nbf=int(time.time()) + 120),
    "of nobody": lambda one: one.token(PERSON, egovNRN=None),
    "of a number that is no text": lambda one: one.token(PERSON, egovNRN=71713000318),
    "of another issuer's key": lambda one: Issuer().token(PERSON),
    "of a key of another kind": lambda one: one.token(PERSON, key=other_kind(), alg="RS256"),
    "authenticated with the public key": lambda one: one.confused(PERSON),
    "unsigned": lambda one: one.unsigned(PERSON),
    "encrypted": lambda one: one.encrypted(PERSON),
    "tampered with": lambda one: tampered(one.token(PERSON)),
    "cut off": lambda one: one.token(PERSON)[:-9],
    "no token": lambda one: "not.a.token",
    "empty": lambda one: "",
    "deeper than can be read": lambda one: f"{'W1tb' * 1500}.e30.e30",
    "too long": lambda one: one.token(PERSON, more="x" * LARGEST),
}


def tampered(token):
    head, _, signature = token.split(".")
    other = Issuer().token("72052600225").split(".")[1]
    return f"{head}.{other}.{signature}"


@pytest.mark.parametrize("made", BAD.values(), ids=BAD.keys())
def test_a_token_is_nobodys(tokens, issuer, made):
    assert tokens.holder(f"Bearer {made(issuer)}") is TokenFlaw.UNUSABLE


def test_another_scheme_is_nobodys(tokens, issuer):
    assert tokens.holder(f"Basic {issuer.token(PERSON)}") is TokenFlaw.UNUSABLE
    assert tokens.holder(issuer.token(PERSON)) is TokenFlaw.UNUSABLE


def test_nobody_holds_a_token_where_no_issuer_is_believed(files, issuer):
    assert Tokens(settings(files)).holder(f"Bearer {issuer.token(PERSON)}") is TokenFlaw.UNUSABLE


def test_new_keys_count_at_once_and_damaged_ones_change_nothing(
    tmp_path, files, issuer, monkeypatch
):
    monkeypatch.setattr(bearer, "LOOK", 0.0)
    given = issuer.publish(tmp_path)
    tokens, path, late = Tokens(settings(files, **given)), given["tokens_keys_file"], Issuer()
    old, new = f"Bearer {issuer.token(PERSON)}", f"Bearer {late.token(PERSON)}"

    assert isinstance(tokens.holder(old), Holder)
    late.publish(tmp_path)
    os.utime(path, (1, 1))
    assert tokens.holder(old) is TokenFlaw.UNUSABLE
    assert isinstance(tokens.holder(new), Holder)
    path.write_text("half of it")
    assert isinstance(tokens.holder(new), Holder)


@pytest.mark.parametrize(
    "content", ["{}", "[]", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "AAAA"}]}']
)
def test_keys_that_are_not_usable_stop_the_start(tmp_path, files, content):
    path = tmp_path / "tokens.jwks"
    path.write_text(content)

    with pytest.raises(ValueError, match=r".*"):
        Tokens(settings(files, tokens_keys_file=path, tokens_issuer=ISSUER))


def test_a_private_key_is_no_key_to_verify_with(tmp_path, files, issuer):
    path = tmp_path / "tokens.jwks"
    path.write_text(json.dumps({"keys": [issuer.key.as_dict(private=True)]}))

    with pytest.raises(ValueError, match="no public one"):
        Tokens(settings(files, tokens_keys_file=path, tokens_issuer=ISSUER))
