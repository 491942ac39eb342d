"""The knobs of the trail."""

from services.kit.settings import ReadableFile, StoreSettings


class Settings(StoreSettings):
    """What the process reads from its environment."""

    subject_keys_file: ReadableFile
    """The keys that hide persons, in every version that records were made with; see subjects.py."""
