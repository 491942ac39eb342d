"""Who is signed in, and who is about to be."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the provider said of a person, and with what his calls are made."""

    number: str = field(repr=False)
    """His identification number."""
    access_token: str = field(repr=False)
    ends_at: float
    """When the access token ends, in seconds since 1970."""
    refresh_token: str = field(repr=False)
    """With what the next access token is asked; empty if the provider gives none."""
    id_token: str = field(repr=False)
    """What tells the provider whose session ends there too."""


@dataclass(frozen=True, slots=True)
class Session:
    """A person at one browser."""

    key: str = field(repr=False)
    """What the browser keeps in its cookie, and nobody else knows."""
    person: SignedIn
    began_at: float
    """In seconds since 1970."""
    form_key: str = field(repr=False)
    """What a form of this session brings, and one of another site cannot know."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in under way: what its answer is held against, and where it leads."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    leads_to: str
