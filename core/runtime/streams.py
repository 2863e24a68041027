"""Standard output and standard error of the commands: they take every character, and tell when they fail."""

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

JOINER = "\u200d"
"""Joins the parts of some emoji. Unlike the other format characters, it changes neither the order nor the line."""


class Stream(io.TextIOWrapper):
    """An output that remembers why it cannot be written.

    Argparse, for example, ignores the error. Text that could not be written is dropped, because Python would try to
    write it again at exit, and complain.
    """

    failure: OSError | None = None

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self.fail(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self.fail(error)

    def fail(self, error: OSError) -> None:
        """Drop this text and all that follows, and raise the error."""
        self.failure = error
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), self.fileno())
        raise error


class Stdout(Stream):
    """Standard output."""


class Stderr(Stream):
    """Standard error that drops what cannot be written: a lost progress bar must not end an import."""

    def fail(self, error: OSError) -> None:
        with suppress(OSError):
            super().fail(error)


def prepare_streams() -> None:
    """Replace stdout and stderr with the classes above. They escape characters that their encoding lacks: `\\u2026`.

    Without the escapes, an ellipsis in a table would end a command whose terminal shows only ASCII. A closed stderr is
    replaced by the null device, because `print(..., file=None)` writes to stdout.
    """
    sys.stdout = _replaced(sys.stdout, Stdout)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # to the end of the process
    else:
        sys.stderr = _replaced(sys.stderr, Stderr)


def _replaced(stream: Any, kind: type[Stream]) -> Any:
    if not isinstance(stream, io.TextIOWrapper):  # None if the shell closed the stream: `>&-`
        return stream
    return kind(
        stream.buffer,
        stream.encoding,
        "backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def flush_stdout() -> None:
    """Write the buffered output now; raises OSError if it cannot be written, or if earlier output was not."""
    if sys.stdout is not None:
        sys.stdout.flush()
    if failure := stdout_failure():
        raise failure


def stdout_failure() -> OSError | None:
    """Return why output could not be written, or None if all was."""
    return getattr(sys.stdout, "failure", None)


def printable(text: object) -> str:
    """Return a foreign text on one line, with escapes for what a terminal would obey or cannot show.

    Control characters move the cursor or change colours, line breaks look like another result, marks of direction
    reverse the text after them, and lone surrogates stand for bytes that are not UTF-8.
    """
    return "".join(
        character if character.isprintable() or character == JOINER else _escaped(character) for character in str(text)
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
