"""The knobs of oversight."""

from services.kit.settings import ProcessSettings, ReadableFile


class Settings(ProcessSettings):
    """What the job reads from its environment."""

    database_dsn_file: ReadableFile
    """A file that says where the database is; as the service, not as its owner."""
    subject_keys_file: ReadableFile
    """The keys that hide persons; see subjects.py."""
