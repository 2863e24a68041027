"""Understand the names of image files: which folder is the split, which one the class."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import NamedTuple

from core.data.sources.words import class_number, emotion_of, split_of
from core.vision.formats import SUFFIXES

IGNORED_NAMES = ("thumbs.db", "desktop.ini")
"""Files that operating systems add to folders, in lower case. They are not reported."""

HIDDEN, NO_SUFFIX = "hidden folders", "files without a suffix"
"""Kinds of files that are not read."""

MIN_NAMED_SHARE = 0.9
"""Share of the file names that must name a class, so that labels are read from them."""

NO_SPLIT = (None, None)


@dataclass(frozen=True)
class Entry:
    """An image file in a folder or archive. Its pixels are not read yet."""

    name: str
    """Path within the folder or archive."""
    stem: str
    """Name of the file without its suffix."""
    split: str | None
    """train, val or test; None if no folder says it."""
    usage: str | None
    """Training, PublicTest or PrivateTest, if a folder or the file's name says it."""
    word: str
    """The name of the folder that stands for the class, as written; empty if there is none."""

    @property
    def has_known_class(self) -> bool:
        """Whether the word is an emotion or a number."""
        return emotion_of(self.word) is not None or class_number(self.word) is not None


@dataclass(frozen=True)
class Layout:
    """The image files of a folder or archive, and the number of other files."""

    entries: list[Entry]
    other_files: Counter[str]
    """Kind of file, such as `.txt` -> number of files."""
    notes: tuple[str, ...] = ()
    """Sentences on how the names were understood."""


def understand(names: list[str], own_name: str = "", words_in_file_names: bool = False) -> Layout:
    """Return the entries of all image files among `names`; `own_name` is the name of the folder that they lie in.

    If `words_in_file_names`, and no folder is named after a class, the files' own names may: happy_17.jpg.
    """
    entries: list[Entry] = []
    others: Counter[str] = Counter()
    places: dict[str, _Place] = {}
    for name in names:
        folder, _, file_name = name.rpartition("/")
        suffix = _suffix(file_name)
        is_image = suffix in SUFFIXES
        place = places.get(folder) or places.setdefault(folder, _place(folder, own_name))
        if place.is_ignored or file_name.startswith(".") or file_name.lower() in IGNORED_NAMES:
            continue
        if place.is_hidden:
            others[HIDDEN] += is_image
        elif is_image:
            entries.append(_entry(name, file_name[: -len(suffix)], place))
        else:
            others[suffix or NO_SUFFIX] += 1
    notes: tuple[str, ...] = ()
    if words_in_file_names and not any(entry.has_known_class for entry in entries):
        found = [_word_in(entry.stem) for entry in entries]
        if sum(word is not None for word in found) >= MIN_NAMED_SHARE * len(found):
            entries = [replace(entry, word=word or "") for entry, word in zip(entries, found, strict=True)]
            notes = ("No folder is named after a class, so the labels were read from the names of the files.",)
    return Layout(entries, +others, notes)


class _Place(NamedTuple):
    """What a folder's path tells about its files."""

    is_ignored: bool
    is_hidden: bool
    word: str
    split: tuple[str, str | None] | None


def _place(folder: str, own_name: str) -> _Place:
    parts = PurePosixPath(folder).parts
    folders = [own_name, *parts]
    position = _class_position(folders)
    word = folders[position] if position is not None else ""
    split = _split(folders, position if position is not None else len(folders))
    return _Place("__MACOSX" in parts, any(part.startswith(".") for part in parts), word, split)


def _entry(name: str, stem: str, place: _Place) -> Entry:
    # FER2013's own file names begin with the usage.
    split, usage = place.split or split_of(re.split(r"[^A-Za-z]", stem, maxsplit=1)[0]) or NO_SPLIT
    if split == "test" and usage is None:
        usage = next((known for known in ("PublicTest", "PrivateTest") if stem.startswith(known)), None)
    return Entry(name, stem, split, usage, place.word)


def _suffix(file_name: str) -> str:
    """Return the suffix of a file name in lower case, such as `.jpg`, or an empty text."""
    stem, dot, suffix = file_name.lower().rpartition(".")
    return f".{suffix}" if stem and dot and suffix else ""


def _class_position(folders: list[str]) -> int | None:
    """Return the position of the innermost folder that is an emotion, else a number, else no split.

    The first folder is the one that the user named. It stands for a class only if it is an emotion.
    """
    positions = range(len(folders) - 1, -1, -1)
    inner = range(len(folders) - 1, 0, -1)
    for candidates, tells_class in ((positions, emotion_of), (inner, class_number)):
        for position in candidates:
            if tells_class(folders[position]) is not None:
                return position
    return next((position for position in inner if split_of(folders[position]) is None), None)


def _split(folders: list[str], class_position: int) -> tuple[str, str | None] | None:
    """Return split and usage of the folder that tells them and is nearest to the class: outwards, else inwards."""
    for folder in [*reversed(folders[:class_position]), *folders[class_position + 1 :]]:
        if found := split_of(folder):
            return found
    return None


def _word_in(stem: str) -> str | None:
    """Return the only part of a file name that is an emotion or a class number, or None."""
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", stem) if part]
    emotions = {part for part in parts if part.isalpha() and emotion_of(part)}
    numbers = {part for part in parts if re.fullmatch("[0-9]", part)}  # 007 is a counter
    candidates = emotions or numbers
    return candidates.pop() if len(candidates) == 1 else None
