"""Give the images of a source their ids, labels and splits."""

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import EMOTION_DTYPE, SPLIT_DTYPE, USAGE_DTYPE
from core.data import measures
from core.data.sources import refusals
from core.data.sources.base import LabelledImages, ReadOptions, SourceImages, listed
from core.data.sources.matching import recognise
from core.data.sources.words import class_number, emotion_of

VAL_AS_TEST = "There are no test images, so the validation images are used as test images."

MIN_RECOGNISED_SHARE = 0.5
"""Share of images that must be the archive's before labels are taken from the archive."""
MIN_PURITY = 0.9
"""Share of the recognised images with one number that must have one label, so that the number means this label."""


def label_images(source: SourceImages, shipped: pd.DataFrame, options: ReadOptions) -> LabelledImages:
    """Return the data set, sorted by image_id. Raises InputError if labels are missing or contradict each other.

    Images of the manifest `shipped` are recognised by their content. They get its image_id and usage, so that splits
    and predictions fit them. Labels come from the source's words. Only if it has none, or only numbers, they come from
    the recognised images.
    """
    numbering = options.classes or source.numbering
    source_table, split_notes = _val_as_test_if_alone(source.table)
    table = source_table.assign(true_label=_labels(source_table["word"], numbering))
    table = table.assign(image_id=_own_ids(table), **measures.pixel_columns(source.faces))
    table = _compared_with_archive(table, shipped)
    table, label_notes = _with_labels_by_content(table, numbering, options.classes is not None)
    if numbering:
        refusals.refuse_other_class_order(table)
    is_used = table["true_label"].notna() & ~_is_unassigned(table)
    left_out = _count_by_folder(table[~is_used])
    table = table[is_used]
    refusals.refuse_missing_emotions(table, left_out, options.allow_missing)
    notes = (*source.notes, *split_notes, *label_notes, *_notes(table))
    data_set = _data_set(table, shipped)
    return LabelledImages(
        data_set.drop(columns=list(measures.PIXEL_COLUMNS)).reset_index(drop=True),
        _in_order(source.faces, data_set.index.to_numpy()),
        data_set[list(measures.PIXEL_COLUMNS)].reset_index(drop=True),
        source.resized,
        source.recoloured,
        source.skipped,
        source.left_out + left_out,
        notes,
    )


def _val_as_test_if_alone(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with val as test if there is no test split, and a sentence that says so."""
    splits = set(table["split"].dropna())
    if "val" not in splits or "test" in splits:
        return table, []
    as_test = table.assign(split=table["split"].mask(table["split"] == "val", "test"))
    return as_test, [VAL_AS_TEST]


def _compared_with_archive(table: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the position of each image in the manifest `shipped`, its label and usage there.

    `is_copy` marks images that come once more. `listed_split` and `listed_usage` are also those of the copied image.
    """
    position, copied = recognise(table, shipped)
    nearest = np.maximum(position, copied)
    return table.assign(
        position=position,
        is_copy=copied >= 0,
        listed_label=_at(shipped["true_label"].astype(object), position),
        listed_usage=_at(shipped["usage"].astype(object), nearest),
        listed_split=_at(shipped["split"].astype(object), nearest),
    )


def _is_unassigned(table: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each image has no split, although others of the source have one, and the archive lacks it."""
    has_split = table["split"].notna()
    is_unknown = (table["position"] < 0) & ~table["is_copy"]
    return ~has_split & is_unknown if has_split.any() else has_split


def _labels(words: "pd.Series[str]", numbering: Mapping[str, str]) -> "pd.Series[Any]":
    """Return the emotion of each word of the source; missing if it is neither an emotion nor a known number."""
    emotions = {word: emotion_of(word) or numbering.get(class_number(word) or "") or None for word in words.unique()}
    return words.map(emotions).astype(EMOTION_DTYPE)


def _own_ids(table: pd.DataFrame) -> list[str]:
    """Return the image_id of each image if it is not recognised: `<split>/<label>/<stem>`, or `csv/<usage>/<row>`."""
    ids = []
    columns = [table[name].astype(object) for name in ("csv_row", "split", "usage", "true_label", "stem")]
    for row, split, usage, label, stem in zip(*columns, strict=True):
        own = f"csv/{usage or split or 'test'}/{row}" if row >= 0 else f"{split or 'test'}/{label}/{stem}"
        ids.append("".join(character if character.isprintable() else "_" for character in own))
    return ids


def _at(column: "pd.Series[str]", position: NDArray[np.intp]) -> NDArray[np.object_]:
    """Return the column's value at each position; None where the position is -1."""
    values = np.array([*column, None], object)
    return np.asarray(values[position], object)


def _with_labels_by_content(
    table: pd.DataFrame, numbering: Mapping[str, str], given: bool
) -> tuple[pd.DataFrame, list[str]]:
    """Return the table with the labels of numbered classes, or of all images if the source has no labels.

    Both come from the recognised images. Also return sentences that say so. Raises InputError if too few images are
    recognised, or if the user has `given` the meaning of other numbers.
    """
    labels, notes = table["true_label"].astype(object), []
    numbers = table["word"].map(class_number)
    numbers = numbers.where(labels.isna() & ~numbers.isin(numbering))
    if numbers.notna().any():
        if given:
            refusals.refuse_numbers(sorted(numbers.dropna().unique()), given)
        found = _meaning_of_numbers(table, numbers)
        labels = labels.fillna(numbers.map(found))
        meanings = ", ".join(f"{number} {emotion}" for number, emotion in found.items())
        notes.append(f"What the numbered classes mean was read from images of the Kaggle archive: {meanings}.")
    if len(table) and labels.isna().all():
        is_recognised = table["position"] >= 0
        if is_recognised.mean() < MIN_RECOGNISED_SHARE:
            refusals.refuse_without_labels(table)
        labels = table["listed_label"]
        notes.append("No folder or file name gives a label, so images of the Kaggle archive have the archive's labels.")
    return table.assign(true_label=labels.astype(EMOTION_DTYPE)), notes


def _meaning_of_numbers(table: pd.DataFrame, numbers: "pd.Series[str]") -> dict[str, str]:
    """Return number -> emotion, from the recognised images. Raises InputError if they do not tell it."""
    found: dict[str, str] = {}
    for number, members in table.groupby(numbers):
        counts = members["listed_label"].value_counts()
        enough = counts.sum() >= MIN_RECOGNISED_SHARE * len(members)
        if not enough or counts.iloc[0] < MIN_PURITY * counts.sum():
            refusals.refuse_numbers(sorted(numbers.dropna().unique()), given=False)
        found[str(number)] = str(counts.index[0])
    if len(set(found.values())) < len(found):
        refusals.refuse_numbers(sorted(found), given=False)
    return found


def _count_by_folder(table: pd.DataFrame) -> Counter[str]:
    """Return folder -> number of its images; for a CSV, class -> number of rows."""
    places = np.where(table["csv_row"] >= 0, "class " + table["word"].astype(str), table["name"].map(_folder))
    return Counter(places.tolist())


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()


def _notes(table: pd.DataFrame) -> list[str]:
    """Return sentences on other words for emotions, and on recognised images with another split or label."""
    notes = []
    words = table.loc[table["csv_row"] < 0, ["word", "true_label"]].drop_duplicates().astype(str)
    other_words = words[(words["word"].str.lower() != words["true_label"]) & words["word"].map(emotion_of).notna()]
    if len(other_words):
        pairs = (f"{word} as {label}" for word, label in other_words.itertuples(index=False))
        notes.append(f"Names were read as emotions: {listed(pairs, 14, 40)}.")
    has_split, is_recognised = table["split"].notna(), table["position"] >= 0
    moved = is_recognised & has_split & ((table["split"] == "train") != (table["listed_usage"] == "Training"))
    if moved.any():
        notes.append(
            f"Images of the Kaggle archive that are in another split here: {moved.sum():,}. They keep the archive's "
            "split, because the shipped models were trained with it."
        )
    if n := int(table["is_copy"].sum()):
        notes.append(f"Images of the Kaggle archive that come once more, with the split that they have there: {n:,}.")
    relabelled = is_recognised & (table["true_label"].astype(object) != table["listed_label"])
    if relabelled.any():
        notes.append(f"Images of the Kaggle archive that have another label here: {relabelled.sum():,}.")
    if n := int((~has_split & ~is_recognised & ~table["is_copy"]).sum()):
        notes.append(f"Images that no folder or column assigns to a split, used as test images: {n:,}.")
    return notes


def _data_set(table: pd.DataFrame, shipped: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `LabelledImages` with its measures, sorted by image_id; the index is that of `table`."""
    is_recognised = (table["position"] >= 0).to_numpy()
    listed_ids = _at(shipped["image_id"].astype(object), table["position"].to_numpy())
    own_ids = _unique_ids(_own_ids(table[~is_recognised]), set(shipped["image_id"]))
    ids = listed_ids.copy()
    ids[~is_recognised] = own_ids
    own_usage = table["usage"].astype(object).where(table["split"] != "train", "Training")
    is_own = ~is_recognised & ~table["is_copy"].to_numpy()
    usage = own_usage.where(is_own, table["listed_usage"])
    columns = {
        "image_id": pd.Series(ids, table.index, dtype="str"),
        "usage": usage.astype(USAGE_DTYPE),
        "true_label": table["true_label"],
    }
    given_split = table["listed_split"].where(table["is_copy"])
    if (table["split"][is_own] == "val").any():  # then no other val images are drawn
        given_split = given_split.where(~is_own, table["split"])
    if given_split.notna().any():
        columns["given_split"] = given_split.astype(SPLIT_DTYPE)
    if (table["csv_row"] >= 0).any():
        columns["csv_row"] = table["csv_row"]
    return pd.DataFrame(columns).assign(**table[list(measures.PIXEL_COLUMNS)]).sort_values("image_id")


def _unique_ids(ids: list[str], taken: set[str]) -> list[str]:
    """Return the ids; one that is taken, or occurs again, gets a number: test/happy/1~2."""
    unique = []
    for own in ids:
        number, name = 1, own
        while name in taken:
            number += 1
            name = f"{own}~{number}"
        taken.add(name)
        unique.append(name)
    return unique


def _in_order(faces: NDArray[np.uint8], rows: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return the faces of these rows, without a copy if that changes nothing."""
    return faces if np.array_equal(rows, np.arange(len(faces))) else faces[rows]
