"""The errors a user can meet, each with the exit code that a scheduler sees."""


class SegmentationError(Exception):
    """A message for the user: what is wrong (file, row, column or key), the value, and the remedy."""

    exit_code = 2


class ParameterError(SegmentationError):
    """A parameter, a rule file or the command's usage is wrong (exit 2)."""

    exit_code = 2


class DataError(SegmentationError):
    """The data cannot be used, or failed a gate (exit 3)."""

    exit_code = 3


class NotebookError(SegmentationError):
    """A notebook failed or did not run to its end (exit 4)."""

    exit_code = 4


class NotebookTimeout(SegmentationError):
    """A notebook took too long, or its kernel died (exit 5)."""

    exit_code = 5


class Locked(SegmentationError):
    """Another run holds the lock (exit 75)."""

    exit_code = 75
