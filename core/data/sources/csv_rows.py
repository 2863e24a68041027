"""Read the rows of a CSV as text, whatever its encoding and separator are. Nothing is guessed from the values."""

import csv
import io
import itertools
from collections.abc import Generator
from contextlib import closing
from typing import BinaryIO

from core.data.sources.base import listed
from core.data.sources.words import split_of
from core.exceptions import InputError, shortened

MAX_LINE = 100_000
"""Largest number of characters of a line. A row of fer2013.csv has about 9,000."""
MAX_COLUMNS = 100
MAX_ROWS = 200_000

SEPARATORS = (",", ";", "\t", "|")

ROLES = {
    "emotion": ("emotion", "emotions", "expression", "label", "labels", "class", "target", "y"),
    "pixels": ("pixels", "pixel"),
    "usage": ("usage", "split", "set"),
}
"""What a column is for -> its names, in lower case."""

MIN_PIXELS = 100
"""A field with this many numbers holds pixels."""

Row = dict[str, str]
"""Role -> text of the field. A role is missing if the CSV has no such column."""

BLANK = " \t\r\n\x00\x1a,;|"
"""Characters of which an empty line consists; old programs end a file with \\x00 or \\x1a."""


def rows(file: BinaryIO) -> Generator[tuple[int, Row | None], None, None]:
    """Yield the line number, counted from 1, and the fields of each row.

    The fields are None if there are more than in the first row. Close the generator before the file. Raises InputError
    if the columns are unknown or ambiguous, or if a line or the file is far too long.
    """
    with closing(_lines(file)) as lines:
        first = next(lines, None)
        if first is None:
            raise InputError("The CSV is empty; use fer2013.csv or icml_face_data.csv.")
        separator = max(SEPARATORS, key=lambda mark: (len(_roles(_fields(first[1], mark))), first[1].count(mark)))
        fields = _fields(first[1], separator)
        roles = _roles(fields)
        unread = [first]
        width = len(fields)
        if roles:
            _check_header(fields)
            unread = list(itertools.islice(lines, 1))
            shift = _unnamed_columns(roles, width, _fields(unread[0][1], separator)) if unread else 0
            width += shift
            roles = {role: position + shift for role, position in roles.items()}
        else:
            roles = _roles_of_values(fields)
        for count, (number, line) in enumerate(itertools.chain(unread, lines), start=1):
            if count > MAX_ROWS:
                raise InputError(f"The CSV has over {MAX_ROWS:,} rows, far more than FER2013 has; use fer2013.csv.")
            values = _fields(line, separator)
            missing = [""] * (width - len(values))
            yield number, None if len(values) > width else {role: (values + missing)[at] for role, at in roles.items()}


def _lines(file: BinaryIO) -> Generator[tuple[int, str], None, None]:
    """Yield the number, counted from 1, and the text of each line that is not blank.

    Raises InputError for a line of more than `MAX_LINE` characters.
    """
    start = file.read(4)
    file.seek(0)
    text = io.TextIOWrapper(file, text_encoding(start), errors="replace")
    try:
        for number in itertools.count(1):
            line = text.readline(MAX_LINE + 1)
            if len(line) > MAX_LINE:
                raise InputError(
                    f"Line {number:,} of the CSV has more than {MAX_LINE:,} characters; use fer2013.csv, in which a "
                    "line has about 9,000."
                )
            if not line:
                return
            if line.strip(BLANK) and not (number == 1 and line.lower().startswith("sep=")):  # Excel's separator
                yield number, line.rstrip("\r\n")
    finally:
        text.detach()  # otherwise the wrapper would close the file


def text_encoding(start: bytes) -> str:
    """Return the encoding of a text from its first bytes: a byte order mark, or the zeros of UTF-16 without one."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if start[1:2] == start[3:4] == b"\x00" and start[:1] != b"\x00":
        return "utf-16-le"
    if start[:1] == start[2:3] == b"\x00" and start[1:2] != b"\x00":
        return "utf-16-be"
    return "utf-8-sig"


def _fields(line: str, separator: str) -> list[str]:
    """Return the fields of a line without spaces around them, and without empty ones at the end of the line.

    Raises InputError if there are too many.
    """
    if line.count(separator) > MAX_LINE // 10:
        raise InputError(f"The CSV has more than {MAX_COLUMNS} columns; use fer2013.csv, which has three.")
    fields = [field.strip() for field in next(csv.reader([line], delimiter=separator))]
    while fields and not fields[-1]:
        fields.pop()
    return fields


def _roles(header: list[str]) -> dict[str, int]:
    """Return role -> position for the columns whose names are known. Of several with one role, the first counts."""
    roles: dict[str, int] = {}
    for position, name in enumerate(header):
        for role, names in ROLES.items():
            if name.lower() in names:
                roles.setdefault(role, position)
    return roles


def _check_header(header: list[str]) -> None:
    """Raise InputError if the pixels have no column, or if a role has several."""
    if len(header) > MAX_COLUMNS:
        raise InputError(
            f"The CSV has {len(header):,} columns ({listed(header, 3)}); use fer2013.csv, which has emotion, pixels "
            "and Usage."
        )
    names = [name.lower() for name in header]
    for role, known in ROLES.items():
        found = [name for name in names if name in known]
        if len(found) > 1:
            raise InputError(f"The CSV has {len(found)} columns for {role} ({listed(found)}); remove all but one.")
        if role == "pixels" and not found:
            raise InputError(
                f"The CSV has no column pixels (it has {listed(header)}); use fer2013.csv or icml_face_data.csv, which "
                "have emotion, pixels and Usage."
            )


def _unnamed_columns(roles: dict[str, int], width: int, values: list[str]) -> int:
    """Return 1 if the rows start with a column that the header does not name, such as row numbers; otherwise 0."""
    at = roles["pixels"]
    return int(len(values) == width + 1 and not holds_pixels(values[at]) and holds_pixels(values[at + 1]))


def _roles_of_values(values: list[str]) -> dict[str, int]:
    """Return role -> position for the fields of a first row without header. Raises InputError if that is no row."""
    pixels = [position for position, value in enumerate(values) if holds_pixels(value)]
    if len(pixels) != 1 or len(values) > MAX_COLUMNS:
        raise InputError(
            "The first line of the CSV is neither a header nor a row of FER2013 "
            f"('{shortened(', '.join(values[:20]))}'); use fer2013.csv or icml_face_data.csv, which have emotion, "
            "pixels and Usage."
        )
    roles = {"pixels": pixels[0]}
    usages = [position for position, value in enumerate(values) if split_of(value)]
    if len(usages) == 1:
        roles["usage"] = usages[0]
    others = [position for position in range(len(values)) if position not in roles.values()]
    if len(others) == 1:
        roles["emotion"] = others[0]
    elif others:
        raise InputError(
            f"The CSV has no header, and {len(others)} of its columns may be the emotion; add the header "
            "emotion,pixels,Usage in the order of the columns."
        )
    return roles


def holds_pixels(text: str) -> bool:
    """Return whether a field holds pixels: many numbers with spaces, or commas in brackets, between them."""
    return len(text.split(None, MIN_PIXELS)) > MIN_PIXELS or text.count(",") > MIN_PIXELS
