"""What can be wrong with an output folder."""


class UnusableFolder(Exception):
    """The folder cannot take this run; the message says why and what to do."""


class FolderInUse(Exception):
    """Another run holds the folder."""


class OutputError(Exception):
    """Results could not be written: the disk is full, gone or read-only."""


class FolderGone(OutputError):
    """The folder, or the database in it, was deleted, moved or replaced while a run wrote it."""


class DamagedDatabase(OutputError):
    """The database is no longer what was written; the message says what to do."""
