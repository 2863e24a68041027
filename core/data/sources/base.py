"""What the readers of data sets return: the content of a source, and later the data set that is imported."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from core.exceptions import InputError, shortened
from core.vision.crops import Faces

MAX_BAD = 1000
"""Reading stops after this number of unreadable images or rows, unless they may be left out and are the minority."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read a source."""

    skip_bad: bool = False
    """Leave out images and rows that cannot be read."""
    allow_missing: bool = False
    """Accept a split without images of some emotion."""
    classes: Mapping[str, str] | None = None
    """Number of a class -> emotion, see `words.parse_classes`; None if the user did not say it."""


DEFAULT_OPTIONS = ReadOptions()


@dataclass(frozen=True)
class SourceImages:
    """The images of a source, with its own words for labels and splits."""

    table: pd.DataFrame
    """One row per image, with the columns

    - name: path in the source, or the line of a CSV
    - stem: last part of the image's id if the image is not one of the shipped manifest
    - split: train, val, test, or None if the source does not say
    - usage: Training, PublicTest, PrivateTest or None
    - word: the source's word for the class, such as a folder's name; may be empty
    - csv_row: row in the CSV, counted from 0 without the header; -1 in other sources
    """
    faces: Faces
    """(n, 48, 48) uint8; row i belongs to row i of `table`."""
    resized: int = 0
    """Number of images that were resized to 48 x 48 pixels."""
    recoloured: int = 0
    """Number of images that were converted to 8-bit gray."""
    skipped: tuple[str, ...] = ()
    """One text per image that could not be read and was left out: its name and the reason."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Kind of file, such as `.txt` -> number of files that are no images."""
    numbering: Mapping[str, str] = field(default_factory=dict)
    """Number of a class -> emotion, if the format of the source defines it."""
    notes: tuple[str, ...] = ()
    """Sentences on how the source was understood."""


@dataclass(frozen=True)
class LabelledImages:
    """A data set in memory, with labels, sorted by image_id."""

    table: pd.DataFrame
    """One row per face, with the columns image_id (str), usage and true_label.

    `given_split` is there if some images have a split that must not be drawn: those of a source with its own val
    images, and further copies of the archive's images. `csv_row` is there if the source is a CSV.
    """
    faces: Faces
    """(n, 48, 48) uint8; row i belongs to row i of `table`."""
    measured: pd.DataFrame
    """The columns of `measures.pixel_columns`, one row per face."""
    resized: int = 0
    recoloured: int = 0
    skipped: tuple[str, ...] = ()
    left_out: Counter[str] = field(default_factory=Counter)
    """As in `SourceImages`, and folder -> number of its images, if its name is none of the seven emotions."""
    notes: tuple[str, ...] = ()
    """Sentences on how the source was understood."""


class BadItems:
    """Collects the images or rows that cannot be read."""

    def __init__(self, noun: str, skip_bad: bool) -> None:
        self.noun = noun
        """`image` or `row`, for messages."""
        self.skip_bad = skip_bad
        self.items: list[tuple[str, str]] = []
        """Name and reason of each image or row."""

    def add(self, name: str, reason: object, good: int) -> None:
        """Add an image or row; `good` is the number of those read so far. Raises InputError if there are too many."""
        self.items.append((name, shortened(str(reason).rstrip("."), 100)))
        if len(self.items) >= MAX_BAD and (not self.skip_bad or good < len(self.items)):
            raise InputError(self._message("At least "))

    def texts(self, good: int) -> tuple[str, ...]:
        """Return one text per image or row: its name and the reason.

        `good` is the number of those read. Raises InputError if there is none, or if the bad ones may not be left out.
        """
        if len(self.items) > 1 and not good:
            name, reason = self.items[0]
            raise InputError(
                f"None of the {len(self.items):,} {self.noun}s can be read ({shortened(name, 80)}: {reason}). Use "
                "archive.zip, its unpacked folder, or fer2013.csv."
            )
        if self.items and not good:
            raise InputError(self._message())
        if self.items and not self.skip_bad:
            raise InputError(self._message())
        return tuple(f"{shortened(name)}: {reason}." for name, reason in self.items)

    def _message(self, more: str = "") -> str:
        """Return the error message; at most ten names are listed."""
        noun, pronoun = (self.noun, "it") if len(self.items) == 1 else (f"{self.noun}s", "them")
        names = [name for name, _ in self.items]
        shown = [shortened(names[0], 80)]
        for name in map(shortened, names[1:10]):
            if len(", ".join([*shown, name])) <= 90:
                shown.append(name)
        more_names = f" and {len(names) - len(shown):,} more" if len(shown) < len(names) else ""
        remedy = f"Download the data set again, or leave {pronoun} out with --skip-bad."
        if self.skip_bad:
            remedy = "Most of the data set is damaged: download it again."
        return (
            f"{more}{len(names):,} {noun} cannot be read ({', '.join(shown)}{more_names}): {self.items[0][1]}. {remedy}"
        )


def listed(words: Iterable[object], limit: int = 5, width: int = 24) -> str:
    """Return foreign words as text for a message, such as `a, b, c and 12 more`."""
    all_words = list(words)
    shown = ", ".join(shortened(word, width) for word in all_words[:limit])
    return shown if len(all_words) <= limit else f"{shown} and {len(all_words) - limit:,} more"
