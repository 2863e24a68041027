"""Find and read the images that the arguments of `predict` name: files, folders, patterns, and standard input."""

import sys
from glob import glob
from pathlib import Path

from core.exceptions import InputError, shortened

STDIN = Path("-")
"""Stands for standard input. It is recognised by identity, because a file may have the same name: `./-`."""


def path_or_stdin(argument: str) -> Path:
    """Return the path in an argument, or `STDIN` for a dash. Use as the `type` of an argument."""
    return STDIN if argument == "-" else Path(argument)


def find_files(path: Path) -> list[Path]:
    """Return the files that one argument names: those in a folder, or those that match a pattern, sorted by name.

    Patterns are expanded here, because not every shell does this. Raises InputError for a folder without images, and
    for one that cannot be read.
    """
    if path is STDIN:
        return [path]
    try:
        matches = [] if path.exists() else sorted(map(Path, glob(str(path))))  # noqa: PTH207 (absolute patterns)
        return [file for match in matches or [path] for file in (_images_in(match) if match.is_dir() else [match])]
    except OSError as error:  # for example, the name is too long
        raise InputError(
            f"{shortened(path)} cannot be read ({error.strerror}); check its name and permissions."
        ) from error


def read_data(path: Path) -> bytes:
    """Return the content of an image file or of standard input, without decoding it. Raises InputError if it fails."""
    from core.vision.images import read_bytes

    try:
        return _read_stdin() if path is STDIN else read_bytes(path)
    except OSError as error:
        raise InputError(f"{shortened(path)} cannot be read ({error.strerror or error}); check its name.") from error


def _images_in(folder: Path) -> list[Path]:
    from core.vision.formats import SUFFIXES

    visible = (path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
    images = [path for path in visible if path.suffix.lower() in SUFFIXES and not path.is_dir()]
    if not images:
        raise InputError(
            f"The folder {shortened(folder)} has no images ({', '.join(SUFFIXES)}); its subfolders are not searched, "
            "so name the right one."
        )
    return images


def _read_stdin() -> bytes:
    from core.vision.formats import MAX_BYTES

    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("Standard input has no image; write `python -m core predict - < photo.jpg`.")
    return sys.stdin.buffer.read(MAX_BYTES + 1)  # one more byte than allowed, so that decoding refuses it
