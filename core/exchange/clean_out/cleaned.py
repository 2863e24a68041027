"""The images that a clean list keeps, with the file names and usages that an import reads back."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.shipped import shipped_manifest
from core.emotions import CSV_EMOTIONS
from core.exceptions import InputError
from core.review.clean_list import Choice
from core.vision.crops import Faces

FOLDER_OF_USAGE = {"Training": "train", "PublicTest": "test", "PrivateTest": "test"}

LONGEST_STEM = 200
"""Bytes of a file's name without its number and ending. Disks take 255, but zips and their ids may have more."""


class KeptImage(NamedTuple):
    """One image that is kept."""

    name: str
    """Path of its file, such as `train/happy/Training_1.png`."""
    number: int
    """The number of its label in fer2013.csv."""
    usage: str
    """Its word in the column Usage: Training, PublicTest or PrivateTest; val or test if the image has no usage."""
    face: NDArray[np.uint8]
    """(48, 48) uint8."""


@dataclass(frozen=True, eq=False)
class Cleaned:
    """A clean list, and the images that it is about."""

    choice: Choice
    listed: pd.DataFrame
    """The clean list, in the order of the manifest."""
    manifest: pd.DataFrame
    faces: Faces
    """(n, 48, 48) uint8, in the order of the manifest; may be memory-mapped."""
    data_fingerprint: str
    notes: tuple[str, ...] = ()
    """Sentences about the list for the report."""

    def __post_init__(self) -> None:
        """Raise InputError if no image is kept."""
        if not self.listed["keep"].any():
            raise InputError(f"no image would be left without {self.choice.text}; leave out less.")

    @property
    def size(self) -> int:
        """Number of images that are kept."""
        return int(self.listed["keep"].sum())

    def images(self) -> Iterator[KeptImage]:
        """Yield the images that are kept, in the order of their rows in fer2013.csv if they come from one.

        Otherwise Training comes first, then PublicTest and PrivateTest, each in the order of the manifest.
        """
        numbers = {emotion: number for number, emotion in enumerate(CSV_EMOTIONS)}
        table = self._places
        for row, name, label, usage in zip(
            table.index, table["name"], table["label"], table["usage_word"], strict=True
        ):
            yield KeptImage(name, numbers[label], usage, np.asarray(self.faces[row]))

    def written(self) -> pd.DataFrame:
        """Return label and split (train, val or test) of each image that is kept, as an import of it checks them."""
        splits = {"Training": "train", "val": "val"}
        words = self._places["usage_word"]
        return pd.DataFrame({"label": self._places["label"], "split": words.map(splits).fillna("test")})

    @cached_property
    def _places(self) -> pd.DataFrame:
        """The table of the images that are kept; its index has their positions in the manifest."""
        kept = self.listed["keep"].to_numpy(bool)
        table = self.manifest.reset_index(drop=True).assign(label=self.listed["label"].astype(object).to_numpy())[kept]
        table["usage_word"] = _usage_words(table)
        table["name"] = _file_names(table)
        order = table.assign(is_unknown=table["usage"].isna()).sort_values(
            ["csv_row", "is_unknown", "usage"], kind="stable"
        )
        return order[["name", "label", "usage_word"]]


def _usage_words(table: pd.DataFrame) -> "pd.Series[str]":
    """Return the word that tells an import the split of each image.

    Images of FER2013 are recognised by their content and keep their split, so they have their usage. Val images
    of other data sets are called val, because an import draws new ones if none is.
    """
    usage = table["usage"].astype(object)
    words = usage.where(usage.notna(), table["split"].astype(object))
    is_listed = table["image_id"].isin(shipped_manifest()["image_id"])
    return words.where(is_listed | (table["split"] != "val"), "val")


def _file_names(table: pd.DataFrame) -> list[str]:
    """Return the path of each image's file: split, label and the last part of its id, as in the Kaggle archive.

    A number tells names apart that would be equal: test/happy/1~2.png. A folder PublicTest or PrivateTest takes the
    place of test if the name does not begin with the usage.
    """
    names: list[str] = []
    taken: set[str] = set()
    columns = (table["image_id"], table["label"], table["usage_word"], table["csv_row"])
    for image_id, label, word, csv_row in zip(*columns, strict=True):
        last = image_id.rpartition("/")[2].encode()[:LONGEST_STEM].decode(errors="ignore")
        stem = f"{word}_{last}" if csv_row >= 0 and image_id.startswith("csv/") else last
        says_usage = word == "Training" or stem.startswith(word)
        folder = FOLDER_OF_USAGE.get(word, word) if says_usage else word
        number, name = 1, f"{folder}/{label}/{stem}.png"
        while name.lower() in taken:  # some disks take upper and lower case for the same
            number += 1
            name = f"{folder}/{label}/{stem}~{number}.png"
        taken.add(name.lower())
        names.append(name)
    return names
