"""The knobs of retention."""

from services.kit.settings import OwnerSettings, ReadableFile


class Settings(OwnerSettings):
    """What the job reads from its environment."""

    subject_keys_file: ReadableFile
    """The keys that hide persons; see subjects.py."""
