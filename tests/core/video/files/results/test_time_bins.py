"""Averages of a film's readings per bin of time: means, labels, gaps, and independence of how the table is cut."""

import numpy as np
import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.video.files.results.time_bins import Lane, Run, TimeBins
from tests.fixtures.film_tables import cut, film_table, random_film, steady


def lane_of(table: pd.DataFrame, end_s: float, bins: int, step_s: float = 0.0, face: int = 1) -> Lane:
    binned = TimeBins(0, end_s, bins, step_s)
    binned.add(table)
    lane = binned.lane(face, "cnn")
    assert lane is not None
    return lane


def test_a_bin_has_the_mean_of_its_readings_and_their_most_frequent_label() -> None:
    rows = [(0.0, 1, "sad", True), (0.1, 1, "sad", False), (0.2, 1, "happy", False), (1.0, 1, "fear", True)]
    lane = lane_of(film_table(*rows), end_s=2, bins=2)
    assert [EMOTIONS[label] for label in lane.labels] == ["sad", "fear"]
    assert lane.is_certain.tolist() == [False, True]
    assert lane.probabilities[0, EMOTIONS.index("sad")] == pytest.approx((0.7 + 0.7 + 0.05) / 3)
    assert lane.probabilities[0, EMOTIONS.index("happy")] == pytest.approx((0.05 + 0.05 + 0.7) / 3)
    assert np.allclose(lane.probabilities.sum(axis=1), 1)
    assert (lane.readings, lane.read_s.tolist()) == (4, [0.0, 1.0])


def test_a_face_that_is_read_less_often_than_there_are_bins_has_no_holes() -> None:
    lane = lane_of(film_table(*steady(0, 10, per_s=2)), end_s=10.5, bins=1050)
    assert (lane.labels >= 0).all()
    assert lane.read_s[[0, 49, 50, 51]].tolist() == [0, 0, 0.5, 0.5]


def test_bins_are_empty_where_the_face_was_absent() -> None:
    lane = lane_of(film_table(*steady(1, 3), *steady(5, 7)), end_s=10, bins=100)
    present = np.flatnonzero(lane.labels >= 0)
    assert present.tolist() == [*range(10, 31), *range(50, 71)]
    absent = lane.labels < 0
    assert np.isnan(lane.probabilities[absent]).all() and np.isnan(lane.read_s[absent]).all()
    assert not lane.is_certain[absent].any()


def test_a_frame_in_which_the_face_was_missed_is_no_gap() -> None:
    rows = [row for row in steady(0, 5) if row[0] != 2.5]
    assert (lane_of(film_table(*rows), end_s=5.1, bins=51).labels >= 0).all()


def test_readings_every_five_seconds_have_no_gaps_but_a_missing_minute_is_one() -> None:
    lane = lane_of(film_table(*steady(0, 60, per_s=0.2), *steady(120, 175, per_s=0.2)), end_s=180, bins=180)
    assert np.flatnonzero(lane.labels < 0).tolist() == list(range(65, 120))


def test_one_missing_reading_of_those_every_five_seconds_is_no_gap() -> None:
    rows = [row for row in steady(0, 60, per_s=0.2) if row[0] != 30]
    assert (lane_of(film_table(*rows), end_s=65, bins=65).labels >= 0).all()


def test_a_bin_is_certain_if_at_least_half_of_its_readings_are() -> None:
    for certain, expected in [((1, 1, 0), True), ((1, 0), True), ((1, 0, 0), False)]:
        rows = [(0.1 * index, 1, "sad", bool(value)) for index, value in enumerate(certain)]
        assert lane_of(film_table(*rows), end_s=1, bins=1).is_certain.tolist() == [expected]


def test_a_single_reading_stands_for_one_step_or_one_bin() -> None:
    table = film_table((2.0, 1, "sad", True))
    assert np.flatnonzero(lane_of(table, 10, 100).labels >= 0).tolist() == [20]
    assert np.flatnonzero(lane_of(table, 10, 100, step_s=0.5).labels >= 0).tolist() == [20, 21, 22, 23, 24]


def test_a_film_of_one_frame_fills_all_bins() -> None:
    assert (lane_of(film_table((0.0, 1, "sad", True)), 0.04, 100, step_s=0.04).labels >= 0).all()
    assert lane_of(film_table((0.0, 1, "sad", True)), 0.0, 100).labels[0] == EMOTIONS.index("sad")


def test_readings_after_the_end_belong_to_the_last_bin() -> None:
    lane = lane_of(film_table(*steady(0, 12)), end_s=10, bins=10)
    assert (lane.labels >= 0).all() and lane.readings == 121


@pytest.mark.parametrize("positions", [(1,), (7, 7, 8), tuple(range(1, 300, 2)), (150, 299)])
def test_averages_do_not_depend_on_how_the_table_is_cut(positions: tuple[int, ...]) -> None:
    table = random_film()
    whole, parts = TimeBins(0, 5, 37), TimeBins(0, 5, 37)
    whole.add(table)
    for part in cut(table, *positions):
        parts.add(part)
    assert parts.readings_per_face() == whole.readings_per_face()
    assert parts.models() == whole.models() == ["cnn", "trees"]
    for face in whole.readings_per_face():
        for model in whole.models():
            one, other = whole.lane(face, model), parts.lane(face, model)
            assert one is not None and other is not None
            for name in ("probabilities", "labels", "is_certain", "read_s"):
                assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name[0] in "pr")


def test_each_face_and_model_has_its_own_average() -> None:
    table = random_film(seed=2)
    binned = TimeBins(0, 5, 1)
    binned.add(table)
    assert binned.readings_per_face() == table["face"].value_counts().to_dict()
    for (face, model), rows in table.groupby(["face", "model"]):
        lane = binned.lane(face, model)
        assert lane is not None
        assert np.allclose(lane.probabilities[0], rows.filter(regex="^p_").mean(), atol=1e-6)


def test_thousands_of_short_faces_need_little_memory() -> None:
    binned = TimeBins(0, 7200, 1200)
    for start in range(0, 7200, 100):
        rows = [(n / 10, 1 + n // 3, "sad", True) for n in range(10 * start, 10 * start + 1000)]
        binned.add(film_table(*rows))
    assert len(binned.readings_per_face()) == 24_000
    assert len(binned._sums) <= 24_000 + 1200  # one row per face and bin with readings, not 24,000 x 1200


def test_without_readings_there_is_no_lane() -> None:
    binned = TimeBins(0, 10, 5)
    binned.add(random_film().iloc[:0])
    assert (binned.readings_per_face(), binned.models(), binned.lane(1, "cnn")) == ({}, [], None)


def test_runs_are_neighbouring_bins_of_one_label_without_the_absent_ones() -> None:
    rows = [*steady(0, 1.9), *steady(2, 2.9, label="sad"), *steady(3, 3.9, label="sad", certain=False), *steady(8, 9.9)]
    runs = list(lane_of(film_table(*rows), end_s=10, bins=10).runs())
    assert runs == [
        Run(0, 2, "happy", True),
        Run(2, 3, "sad", True),
        Run(3, 4, "sad", False),
        Run(8, 10, "happy", True),
    ]
