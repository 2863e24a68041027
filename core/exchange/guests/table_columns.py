"""Find out which columns of a table hold the image ids and the predictions."""

import re
from dataclasses import dataclass

import numpy as np

from core.data.sources.words import emotion_of
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.exchange.guests.table_file import Table

ID_NAMES = ("imageid", "filename", "filepath", "imagepath", "path", "file", "image", "imagename", "img", "id", "name")
"""Names of the column with the image ids, letters and digits only; the first one that the table has counts."""

PREDICTED_NAMES = (
    *("predictedlabel", "predictedemotion", "predictedexpression", "predictedclass", "prediction", "predictions"),
    *("predicted", "pred", "preds", "ypred", "predlabel"),
)
LABEL_NAMES = ("label", "class", "emotion", "expression")
"""Names of the column with the predicted labels. Those of `LABEL_NAMES` count if there is none of `PREDICTED_NAMES`."""

TRUE_NAMES = ("truelabel", "ytrue", "target", "true", "truth", "actual", "groundtruth", "gt", "y")
OTHER_NAMES = (*TRUE_NAMES, "usage", "split", "confidence", "correct", "loss", "index", "row", "fold")
"""Names of columns that are never read, although they may be numbers."""

VALUE_WORDS = frozenset(
    [
        *("p", "prob", "probs", "proba", "probability", "probabilities", "logit", "logits", "score", "scores"),
        *("conf", "confidence", "pred", "output", "class", "c"),
    ]
)
"""Words beside an emotion or a number in the name of a column, as in `p_angry`, `prob_3` and `happy_score`."""

HOW_TO = f"name seven columns {EMOTIONS[0]}, {EMOTIONS[1]}, ... {EMOTIONS[-1]}, or one predicted_label"


@dataclass(frozen=True)
class Columns:
    """The positions of the columns that are read."""

    ids: int | None
    """The image ids; None if there are none."""
    values: tuple[int, ...] = ()
    """Seven probabilities or logits; empty if there are labels."""
    names_tell_order: bool = False
    """Whether `values` are in the order of `EMOTIONS`, because the names of the columns are those of emotions."""
    label: int | None = None
    """The predicted labels; None if there are values."""
    are_named_predictions: bool = False
    """Whether the name of the column `label` says that it holds predictions, not true labels."""


def find_columns(table: Table) -> Columns:
    """Return the columns with the ids and the predictions. Raises InputError if there are none, or if it is unclear."""
    keys = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in table.names]
    _check_names(table, keys)
    ids = _ids(table, keys)
    free = [at for at in range(len(keys)) if at != ids and not _counts_rows(table, at)]
    if (values := _values_by_emotion(table, free)) is not None:
        return Columns(ids, values, names_tell_order=True)
    numeric = [at for at in free if _is_numeric(table, at) and keys[at] not in (*OTHER_NAMES, *ID_NAMES)]
    if (values := _numbered(table, free)) is not None:
        return Columns(ids, values)
    candidates = [at for at in numeric if keys[at] not in (*PREDICTED_NAMES, *LABEL_NAMES)]
    if len(candidates) == len(EMOTIONS):
        return Columns(ids, tuple(candidates))
    if (label := _label(table, keys, free)) is not None:
        return Columns(ids, label=label, are_named_predictions=keys[label] in PREDICTED_NAMES)
    raise InputError(
        f"{table.file_name} has {len(numeric)} columns of numbers for the seven emotions "
        f"(its columns: {shortened(', '.join(name or '(no name)' for name in table.names), 80)}); {HOW_TO}."
    )


def _check_names(table: Table, keys: list[str]) -> None:
    named = [name.strip().lower() for name in table.names if name.strip()]
    if repeated := next((name for name in named if named.count(name) > 1), None):
        raise InputError(f"{table.file_name} has several columns {shortened(repeated, 40)}; remove all but one.")
    if "pixels" in keys:
        raise InputError(
            f"{table.file_name} holds images, not predictions; to import them, run `python -m core import`."
        )


def _ids(table: Table, keys: list[str]) -> int | None:
    """Return the column with image ids. Whole numbers that only count the rows are no ids."""
    for name in ID_NAMES:
        for at in [at for at, key in enumerate(keys) if key == name]:
            if not _counts_rows(table, at):
                return at
    unnamed = [at for at, key in enumerate(keys) if not key and not _is_numeric(table, at)]
    texts = [at for at in unnamed if not any(emotion_of(text) for text in table.texts(at)[:20])]
    return texts[0] if len(texts) == 1 else None


def _counts_rows(table: Table, at: int) -> bool:
    """Return whether a column counts the rows from 0 or 1, as pandas' index does."""
    if table.rows < 2 or not _is_numeric(table, at):
        return False
    numbers = table.numbers(at)
    return any(np.array_equal(numbers, np.arange(first, first + table.rows)) for first in (0, 1))


def _is_numeric(table: Table, at: int) -> bool:
    """Return whether at least half of a column's cells are numbers."""
    return bool(2 * np.isfinite(table.numbers(at)).sum() >= table.rows)


def _words(name: str) -> tuple[str, frozenset[str]]:
    """Return the name of a column without the `VALUE_WORDS`, and those of them that it has."""
    parts = re.findall(r"[a-z]+|[0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())
    rest = [part for part in parts if part not in VALUE_WORDS]
    return " ".join(rest), frozenset(parts) - frozenset(rest)


def _values_by_emotion(table: Table, free: list[int]) -> tuple[int, ...] | None:
    """Return the columns of the seven emotions in the order of `EMOTIONS`, or None if no column names one.

    If there are several sets, such as p_angry ... and logit_angry ..., the first complete one counts.
    """
    groups: dict[frozenset[str], dict[str, int]] = {}
    for at in free:
        rest, extra = _words(table.names[at])
        if (emotion := emotion_of(rest)) is not None:
            group = groups.setdefault(extra, {})
            if emotion in group:
                raise InputError(f"{table.file_name} has several columns for {emotion}; remove all but one.")
            group[emotion] = at
    if not groups:
        return None
    largest = max(groups.values(), key=len)
    if missing := [emotion for emotion in EMOTIONS if emotion not in largest]:
        raise InputError(
            f"{table.file_name} has columns for {len(largest)} of the seven emotions; add {', '.join(missing[:3])}"
            f"{' and others' if len(missing) > 3 else ''}."
        )
    return tuple(largest[emotion] for emotion in EMOTIONS)


def _numbered(table: Table, free: list[int]) -> tuple[int, ...] | None:
    """Return the columns with the numbers 0 to 6 or 1 to 7 in their names, or None if there are none."""
    numbered = {rest: at for at in free if (rest := _words(table.names[at])[0]).isascii() and rest.isdigit()}
    for first in (0, 1):
        wanted = [str(number) for number in range(first, first + len(EMOTIONS))]
        if set(numbered) == set(wanted):
            return tuple(numbered[number] for number in wanted)
    return None


def _label(table: Table, keys: list[str], free: list[int]) -> int | None:
    """Return the column with the predicted labels, or None if there is none."""
    for names in (PREDICTED_NAMES, LABEL_NAMES):
        found = [at for at in free if keys[at] in names]
        if len(found) > 1:
            shown = " and ".join(shortened(table.names[at], 30) for at in found[:2])
            raise InputError(
                f"{table.file_name} has the columns {shown}; keep only the predicted labels, as predicted_label."
            )
        if found:
            return found[0]
    unnamed = [at for at in free if not keys[at] or keys[at].isdigit()]  # pandas numbers columns without a name
    return unnamed[0] if len(unnamed) == 1 else None
