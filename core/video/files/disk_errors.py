"""Turn errors of the disk into sentences for users."""

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, ENOSPC
from os import strerror
from pathlib import Path

from core.exceptions import InputError, shortened


@contextmanager
def disk_errors_as_input_error(folder: Path) -> Iterator[None]:
    """Raise InputError if a file in the folder cannot be written, for example because the disk is full."""
    try:
        yield
    except OSError as error:
        name = shortened(folder, 120)
        if error.errno in (ENOSPC, EFBIG, EDQUOT):
            message = f"There is no space left for files in {name}; free some and run the same command again."
        else:
            reason = strerror(error.errno) if error.errno else "an unknown error"
            message = f"A file in {name} cannot be written ({reason}); mend that and run the same command again."
        raise InputError(message) from error
