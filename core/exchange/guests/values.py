"""Turn the numbers or labels of a table into probabilities in the order of the file's classes."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.data.sources.words import class_number, emotion_of
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.exchange.guests.table_columns import Columns
from core.exchange.guests.table_file import Table
from core.models.plausible import ROUNDING
from core.models.predictions_file import TOLERANCE

Kind = Literal["probabilities", "logits", "labels"]
"""What a table's values are."""

MOST = 0.9
"""Share of the rows that must be probabilities, so that the other rows count as mistakes."""

Place = Callable[[int], str]
"""Row number, counted from 0 -> where the row stands in the file."""


def read_values(table: Table, columns: Columns) -> tuple[NDArray[np.float64], Kind, bool]:
    """Return probabilities, (n, 7); what the values are; and whether words name the emotions.

    With words, the columns are in the order of `EMOTIONS`, otherwise in that of the file's classes. Raises InputError
    for a value that is missing or impossible.
    """
    if columns.label is not None:
        probabilities, are_words = _one_hot(table, columns.label)
        return probabilities, "labels", are_words
    numbers = np.column_stack([table.numbers(at) for at in columns.values])
    if not (finite := np.isfinite(numbers)).all():
        row, column = np.argwhere(~finite)[0]
        name = shortened(table.names[columns.values[column]], 30) or f"number {columns.values[column] + 1}"
        raise InputError(
            f"{table.file_name} has no finite number in {table.place(row)}, column {name}; correct it, because "
            "every image needs seven numbers."
        )
    probabilities, kind = to_probabilities(numbers, table.file_name, table.place)
    return probabilities, kind, columns.names_tell_order


def to_probabilities(
    numbers: NDArray[np.float64], file_name: str, place: Place
) -> tuple[NDArray[np.float64], Literal["probabilities", "logits", "labels"]]:
    """Return probabilities for finite numbers, both (n, 7), and what the numbers are.

    They are probabilities, also in percent, if at least 90 % of the rows add up to 1 or 100; logits if most rows have
    numbers outside 0..1. Rows with one 1 and six 0 are labels. Raises InputError for anything else.
    """
    for whole in (1.0, 100.0):
        fits = _add_up(numbers / whole, _rounding_error(numbers, whole))
        if len(numbers) and fits.mean() >= MOST:
            if not fits.all():
                row = int(np.argmin(fits))
                raise InputError(
                    f"{file_name} has probabilities that do not add up to {whole:g} in {place(row)} (the sum is "
                    f"{numbers[row].sum():.4g}); correct them."
                )
            shares = np.clip(numbers / whole, 0, 1)
            probabilities = shares / shares.sum(axis=1, keepdims=True)
            return probabilities, "labels" if (numbers.max(axis=1) == whole).all() else "probabilities"
    outside = ((numbers < -ROUNDING) | (numbers > 1 + ROUNDING)).any(axis=1)
    if outside.mean() > 0.5:
        from scipy.special import softmax

        return np.asarray(softmax(numbers, axis=1), np.float64), "logits"
    row = int(np.argmin(fits))
    raise InputError(
        f"{file_name} has rows that neither add up to 1 nor are logits, such as {place(row)} (its sum is "
        f"{numbers[row].sum():.4g}); save the output of the softmax, or the logits before it."
    )


def _add_up(shares: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Return which rows, (n, 7), are probabilities."""
    in_range = (shares >= -ROUNDING).all(axis=1) & (shares <= 1 + tolerance).all(axis=1)
    return np.asarray(in_range & (np.abs(shares.sum(axis=1) - 1) <= tolerance))


def _rounding_error(numbers: NDArray[np.float64], whole: float) -> float:
    """Return how much a row of probabilities may differ from 1: more if all numbers are rounded to 2 or 3 decimals."""
    for decimals in (2, 3):
        shown = decimals if whole == 1 else decimals - 2
        if np.abs(numbers - numbers.round(shown)).max(initial=0) < 1e-9:
            return max(TOLERANCE, 0.5 * len(EMOTIONS) * 10.0**-decimals)
    return TOLERANCE


def _one_hot(table: Table, column: int) -> tuple[NDArray[np.float64], bool]:
    """Return 1 for each row's label and 0 for the others, (n, 7), and whether the labels are words."""
    texts = table.texts(column)
    words = [emotion_of(text) for text in texts]
    numbers = [class_number(f"{number:g}") for number in table.numbers(column)]  # numpy.savetxt writes 3.000e+00
    are_words = sum(word is not None for word in words) >= sum(number is not None for number in numbers)
    codes = np.array([_code(word if are_words else number) for word, number in zip(words, numbers, strict=True)])
    if (codes < 0).any():
        row = int(np.argmax(codes < 0))
        wanted = f"one of {', '.join(EMOTIONS)}" if are_words else "a number from 0 to 6"
        raise InputError(
            f"{table.file_name} has the label '{shortened(texts[row], 30)}' in {table.place(row)}, which is not "
            f"{wanted}; correct it."
        )
    return np.eye(len(EMOTIONS))[codes], are_words


def _code(label: str | None) -> int:
    """Return the position of an emotion or number among the seven classes; -1 if it is none of them."""
    if label in EMOTIONS:
        return EMOTIONS.index(label)
    return int(label) if label is not None and label.isdigit() and int(label) < len(EMOTIONS) else -1
