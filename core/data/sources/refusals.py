"""Sentences about sources that are not understood: what was found, and what to do."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import NoReturn

import pandas as pd

from core.data.sources.base import listed
from core.data.sources.words import class_number
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened

MIN_COMPARED = 10
"""Number of recognised images with one class number from which on their labels are compared with the archive's."""

ACCEPTED_SOURCES = "archive.zip, its unpacked folder, or fer2013.csv"


FOREIGN_CONTENTS: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", "a RAR archive; unpack it and import the folder"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it and import the folder"),
    (b"(\xb5/\xfd", "compressed by Zstandard; unpack it and import the folder or file"),
    (b"<!DOCTYPE", "a web page; the download may have needed a login"),
    (b"<!doctype", "a web page; the download may have needed a login"),
    (b"<html", "a web page; the download may have needed a login"),
    (b"PAR1", "a parquet file; write it as a CSV with the columns emotion, pixels and Usage"),
    (b"\x93NUMPY", "a NumPy array without labels; write images to folders such as train/happy/"),
    (b"\x89HDF", "an HDF5 file; write images to folders such as train/happy/"),
    (b"\x80\x04", "a pickle, which FERscope never opens; write images to folders such as train/happy/"),
    (b"%PDF", "a PDF"),
    (b"{", "a JSON file; write it as a CSV with the columns emotion, pixels and Usage"),
    (b"[", "a JSON file; write it as a CSV with the columns emotion, pixels and Usage"),
    (b"\xff\xd8\xff", "a single JPEG image; the Photo & video page and `python -m core predict` read photos"),
    (b"\x89PNG", "a single PNG image; the Photo & video page and `python -m core predict` read photos"),
    (b"\xd0\xcf\x11\xe0", "an Excel file; save it as a CSV"),
)
"""First bytes of a file -> what the file is, and what to do."""


def refuse_content(name: str, start: bytes) -> NoReturn:
    """Raise InputError for a file that is neither an archive nor a text; `start` is its beginning."""
    if not start:
        raise InputError(f"{shortened(name)} is empty; use {ACCEPTED_SOURCES}.")
    kind = next((text for magic, text in FOREIGN_CONTENTS if start.startswith(magic)), None)
    if kind is None:
        raise InputError(f"{shortened(name)} is neither a zip or tar archive nor a CSV; use {ACCEPTED_SOURCES}.")
    raise InputError(f"{shortened(name)} is {kind}. FERscope imports {ACCEPTED_SOURCES}.")


def refuse_numbers(numbers: list[str], given: bool) -> NoReturn:
    """Raise InputError for numbered classes whose meaning is unknown, or missing in what the user has `given`."""
    if given:
        raise InputError(
            f"--classes does not say what {', '.join(numbers)} means. List the emotions of all numbers from 0, such as "
            "--classes happy,sad,-,... with - for a class to leave out."
        )
    first = "RAF-DB (rafdb)" if numbers[0] != "0" else "FER2013's CSV (fer2013) or AffectNet (affectnet)"
    raise InputError(
        f"The classes are numbered {', '.join(numbers)}, which means other emotions in other data sets. They may be "
        f"those of {first}: name it, such as --classes fer2013, or list the emotions of 0, 1, ...: --classes happy,sad"
    )


def refuse_without_labels(table: pd.DataFrame) -> NoReturn:
    """Raise InputError for images without any label, most of which are not the archive's."""
    if (table["csv_row"] >= 0).all():
        raise InputError(
            f"The CSV has {len(table):,} rows with pixels, but no column named emotion, and most images are not the "
            "Kaggle archive's. Add the column, or rename it."
        )
    words = sorted({word for word in table["word"] if word})
    found = f"in the folders {listed(words, 4)}" if words else "without folders for the classes"
    raise InputError(
        f"{len(table):,} images were found {found}, but no name tells an emotion. Sort them into folders named "
        f"{', '.join(EMOTIONS)}, in train and test; or name the classes of numbers in file names with --classes."
    )


def refuse_empty(other_files: Counter[str], folder: bool) -> NoReturn:
    """Raise InputError for a folder or archive without any image."""
    kinds = listed((f"{n:,} {kind}" for kind, n in other_files.most_common()), 4)
    found = f"only other files ({kinds})" if other_files else "no files"
    raise InputError(
        f"The {'folder' if folder else 'archive'} contains no images, but {found}; use {ACCEPTED_SOURCES}, or a folder "
        "with train/happy/, test/happy/ and so on."
    )


def refuse_missing_emotions(table: pd.DataFrame, left_out: Counter[str], allow_missing: bool) -> None:
    """Raise InputError if a split of the source lacks an emotion, unless that is allowed.

    `left_out` names the folders that are not read; one of them may be the missing emotion.
    """
    if allow_missing:
        return
    for split, members in table.groupby(table["split"].fillna(""), sort=False):
        counts = members["true_label"].value_counts()
        missing = [emotion for emotion in EMOTIONS if not counts[emotion]]
        if missing:
            others = [name for name in left_out if not split or split in PurePosixPath(name).parts] or list(left_out)
            hint = f" Not read: {listed(others, 3)}." if others else ""
            place = {"train": "training images", "val": "validation images", "test": "test images"}
            raise InputError(
                f"There are no {place.get(str(split), 'images')} of {', '.join(missing)}.{hint} Correct the names, "
                "add the images, or accept this with --allow-missing."
            )


def refuse_other_class_order(table: pd.DataFrame) -> None:
    """Raise InputError if most of the archive's images with one class number have another label in the archive.

    Data sets with new labels, such as FER+, pass: most of their labels are still the archive's.
    """
    compared = table[(table["position"] >= 0) & table["word"].map(class_number).notna()]
    found, is_wrong = {}, False
    for number, members in compared.groupby(compared["word"].map(class_number)):
        most_frequent = members["listed_label"].mode().iloc[0]
        found[str(number)] = str(most_frequent)
        is_wrong |= len(members) >= MIN_COMPARED and most_frequent not in set(members["true_label"].astype(object))
    if is_wrong:
        meanings = ", ".join(f"{number} {emotion}" for number, emotion in sorted(found.items()))
        raise InputError(
            f"The class numbers have another meaning: images of the Kaggle archive show that it is {meanings}. Give "
            "their emotions with --classes, in the order of the numbers from 0, with - for missing ones."
        )


def refuse_document(names: Iterable[str]) -> None:
    """Raise InputError if an archive is an office document or NumPy's npz, which are zips."""
    all_names = set(names)
    if "[Content_Types].xml" in all_names:
        raise InputError("This is a document of an office program, such as Excel; save its table as a CSV.")
    if all_names and all(name.endswith(".npy") for name in all_names):
        raise InputError("This is an npz file of NumPy; write its images to folders such as train/happy/, or a CSV.")
