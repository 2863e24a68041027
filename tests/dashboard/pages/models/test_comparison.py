"""The Models page's comparison of the chosen models."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.benchmarks.steadiness import Steadiness
from core.exceptions import InputError
from core.models.card import Calibration, Card
from dashboard.components import wording
from dashboard.pages.models import comparison
from dashboard.pages.models.columns import Row
from dashboard.pages.models.record import Record


def record(card: Card, **parts: object) -> Record:
    known = {"history": None, "robustness": None, "steadiness": None, "damages": {}} | parts
    return Record(card, **known)


def robustness(accuracy: float, n: int = 12) -> pd.DataFrame:
    rows = [("clean", 0, 0.9), ("noise", 1, accuracy)]
    return pd.DataFrame(rows, columns=["corruption", "strength", "accuracy"]).assign(n=n)


def rows_of(*records: Record) -> dict[str, Row]:
    return {f"{row.label} {row.detail}".strip(): row for row in comparison.rows(records)}


def test_the_table_has_accuracies_with_intervals_and_the_better_one_is_marked(cards: dict[str, Card]) -> None:
    rows = rows_of(record(cards["bad"]), record(cards["good"]))
    scores = cards["good"].score("test")
    row = rows[f"Accuracy All test images, n = {scores.n}"]
    assert row.cells[1] == wording.percent(scores.accuracy)
    low, high = scores.accuracy_ci
    assert row.notes[1] == f"({100 * low:.1f} to {100 * high:.1f})"
    assert row.best == {1}
    assert "PrivateTest" in str(list(rows)) and "Leak-free" in str(list(rows))
    assert rows["NLL"].best == {1}  # the smaller one


def test_numbers_of_images_stand_in_the_cells_if_they_differ(cards: dict[str, Card]) -> None:
    fewer = replace(cards["good"], scores={"test": replace(cards["good"].score("test"), n=7)})
    row = rows_of(record(cards["bad"]), record(fewer))["Accuracy All test images"]
    assert row.notes[1].endswith("n = 7")


@pytest.mark.parametrize(
    ("values", "better", "expected"),
    [
        ([0.5, 0.7, None], comparison.HIGHER, {1}),
        ([0.5, 0.7], comparison.LOWER, {0}),
        ([0.7, 0.7], comparison.HIGHER, set()),
        ([0.70001, 0.70002, 0.1], comparison.HIGHER, {0, 1}),
        ([0.5], comparison.HIGHER, set()),
        ([None, None], comparison.HIGHER, set()),
        ([None, 0.5], comparison.HIGHER, set()),
    ],
)
def test_values_that_read_the_same_are_equally_good(values, better: int, expected: set[int]) -> None:
    assert comparison.best(values, [wording.number(value) for value in values], better) == expected


def test_a_card_without_scores_and_calibration_has_dashes(cards: dict[str, Card]) -> None:
    bare = replace(cards["good"], scores={}, calibration=None)
    rows = rows_of(record(bare))
    assert rows["Accuracy All test images, n = 0"].cells == (wording.DASH,)
    for label in ("Macro-F1", "Temperature", "Uncertain below", "Steadiness", "Corrupted images"):
        assert rows[label].cells == (wording.DASH,)


def test_measurements_have_their_images_and_a_damaged_file_says_so(cards: dict[str, Card]) -> None:
    measured = record(cards["good"], robustness=robustness(0.5), steadiness=Steadiness(0.876, 0.87, 0.88, 12, 8, 42))
    damaged = record(cards["bad"], damages={"robustness": InputError("damaged")})
    rows = rows_of(measured, damaged)
    assert rows["Steadiness"].cells == ("87.6 %", wording.DASH)
    assert rows["Steadiness"].notes[0] == "(87.0 to 88.0)"
    assert rows["Corrupted images"].cells == ("50.0 %", "damaged file")
    assert rows["Corrupted images"].meaning.endswith("Measured with 12 images.")
    other = record(cards["bad"], robustness=robustness(0.4, n=5))
    assert rows_of(measured, other)["Corrupted images"].notes == ("n = 12", "n = 5")


def test_times_on_different_processors_are_not_compared(cards: dict[str, Card]) -> None:
    slow, fast = (replace(cards["good"], ms_per_face=ms) for ms in (2.0, 1.0))
    assert rows_of(record(slow), record(fast))["Time per face"].best == {1}
    row = rows_of(record(slow), record(replace(fast, timing_processor="another")))["Time per face"]
    assert (row.best, row.notes) == (frozenset(), (slow.machine, "another"))


def test_the_csv_has_one_row_per_model_and_slice_with_shares_from_0_to_1(cards: dict[str, Card]) -> None:
    calibrated = replace(cards["good"], calibration=Calibration(1.5, "val", 0.3, 0.8, 0.9))
    table = comparison.csv_table([record(cards["bad"]), record(calibrated, robustness=robustness(0.5))])
    assert table["slice"].tolist() == ["test", "leak_free", "public", "private"] * 2
    assert table["accuracy"].between(0, 1).all()
    assert table.loc[table["model"] == "good", "temperature"].tolist() == [1.5] * 4
    assert np.isclose(table["corrupted_accuracy"].dropna(), 0.5).all()
