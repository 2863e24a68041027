"""Charts of tiny tables: the numbers that are drawn, and what is left out."""

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from dashboard.charts import compare, live, models, overview, theme


def square(value: float) -> pd.DataFrame:
    """7x7, all the same."""
    return pd.DataFrame(value, index=EMOTIONS, columns=EMOTIONS)


class TestConfusion:
    def test_cells_hold_count_and_share(self) -> None:
        cells = compare.counts_and_shares(square(1234), square(0.456))
        assert cells.loc["fear", "sad"] == "1,234<br>46 %"

    def test_a_label_that_does_not_occur_has_no_share(self) -> None:
        assert compare.counts_and_shares(square(0), square(float("nan"))).loc["sad", "sad"] == "0<br>"
        assert compare.differences_only(square(float("nan"))).loc["sad", "sad"] == ""

    def test_differences_carry_their_sign(self) -> None:
        assert compare.differences_only(square(0.031)).loc["sad", "sad"] == "+3.1"
        assert compare.differences_only(square(-0.031)).loc["sad", "sad"] == "−3.1"

    def test_each_cell_has_a_marker_at_its_true_and_predicted_label(self) -> None:
        texts = square("").copy()
        texts.loc["fear", "sad"] = "here"
        markers = compare.confusion_heatmap(square(0.5), texts).data[1]
        cells = {
            (true, predicted): text for true, predicted, text in zip(markers.y, markers.x, markers.text, strict=True)
        }
        assert len(cells) == 49
        assert [cell for cell, text in cells.items() if text == "here"] == [("fear", "sad")]

    def test_rows_are_true_labels_from_the_top(self) -> None:
        figure = compare.confusion_heatmap(square(0.5), square(""))
        low, high = figure.layout.yaxis.range
        assert low > high
        assert figure.layout.yaxis.title.text == "true label"

    def test_difference_is_symmetric_about_zero(self) -> None:
        heatmap = compare.difference_heatmap(square(-0.4), square("")).data[0]
        assert (heatmap.zmin, heatmap.zmax) == (-0.4, 0.4)

    def test_difference_of_nothing_can_be_drawn(self) -> None:
        assert compare.difference_heatmap(square(float("nan")), square("")).data[0].zmax == pytest.approx(0.1)

    def test_clicked_cell(self) -> None:
        assert compare.clicked_cell({"selection": {"points": [{"x": "sad", "y": "fear"}]}}) == ("fear", "sad")

    @pytest.mark.parametrize("selection", [{}, {"selection": {"points": []}}])
    def test_no_click(self, selection: dict) -> None:
        assert compare.clicked_cell(selection) is None


class TestClasses:
    table = pd.DataFrame(
        {
            "emotion": ["fear", "fear"],
            "model": ["A", "B"],
            "support": [1024, 1024],
            "recall": [0.5, 0.25],
            "recall_low": [0.4, 0.2],
            "recall_high": [0.7, 0.3],
            "f1": [0.3, 0.2],
        }
    )

    def test_bars_have_intervals_and_n_beside_them(self) -> None:
        a, b = compare.per_class_bars(self.table, "recall", ("one", "two")).data
        assert (a.name, b.name) == ("A: one", "B: two")
        assert list(a.y) == ["fear<br>n = 1,024"]
        assert (list(a.x), list(a.error_x.array), list(a.error_x.arrayminus)) == ([0.5], [0.7 - 0.5], [0.5 - 0.4])

    def test_a_figure_without_interval(self) -> None:
        assert compare.per_class_bars(self.table, "f1", ("one", "two")).data[0].error_x.array is None


class TestReliability:
    def test_empty_bins_are_left_out(self) -> None:
        bins = pd.DataFrame({"n": [0, 4], "confidence": [float("nan"), 0.9], "accuracy": [float("nan"), 0.75]})
        diagonal, line = compare.reliability_lines({"A: one": bins}).data
        assert diagonal.name == "perfectly calibrated"
        assert (list(line.x), list(line.y)) == ([0.9], [0.75])

    def test_no_images_at_all(self) -> None:
        bins = pd.DataFrame({"n": [0], "confidence": [float("nan")], "accuracy": [float("nan")]})
        assert len(compare.reliability_lines({"A: one": bins}).data[1].x) == 0


class TestOverview:
    def test_a_dot_for_each_model_and_slice(self) -> None:
        rows = [("m", "All test images", 100, 0.5, 0.4, 0.6), ("m", "Leak-free", 90, 0.45, 0.35, 0.55)]
        table = pd.DataFrame(rows, columns=["model", "slice", "n", "accuracy", "low", "high"])
        figure = overview.accuracy_dots(table)
        assert [(dots.name, list(dots.x)) for dots in figure.data] == [
            ("All test images", [0.5]),
            ("Leak-free", [0.45]),
        ]
        assert list(figure.layout.yaxis.ticktext) == ["m"]
        low, high = figure.layout.xaxis.range
        assert low < 0.35 < overview.PEOPLE[1] < high


class TestTrainingCurves:
    history = pd.DataFrame(
        {
            "step": [1, 2, 3],
            "train_loss": [3.0, 2.0, 1.0],
            "val_loss": [3.0, 2.0, 2.5],
            "train_accuracy": [0.1, 0.2, 0.3],
            "val_accuracy": [0.1, 0.3, 0.2],
            "learning_rate": [0.1, 0.1, 0.01],
            "kept": [0, 1, 0],
        }
    )

    def test_the_kept_step_is_marked(self) -> None:
        figure = models.training_curves(self.history)
        assert [note.text for note in figure.layout.annotations] == ["kept: 2"]
        assert {line.name for line in figure.data} == {"train", "val", "learning rate"}

    def test_empty_and_missing_columns_leave_their_row_empty(self) -> None:
        history = self.history.drop(columns=["train_accuracy"]).assign(learning_rate=float("nan"))
        assert len(models.training_curves(history).data) == 4

    def test_error_bars_are_distances(self) -> None:
        bars = theme.error_bars(pd.Series([0.5]), pd.Series([0.25]), pd.Series([1.0]))
        assert (bars["arrayminus"].item(), bars["array"].item()) == (0.25, 0.5)


class TestCourse:
    def rows(self, times: list[float]) -> pd.DataFrame:
        return pd.DataFrame({"time_s": times} | dict.fromkeys(EMOTIONS, 1 / 7))

    def test_no_line_leads_over_a_pause(self) -> None:
        times = [0.1 * frame for frame in range(10)] + [8.0 + 0.1 * frame for frame in range(10)]
        line = live.course(self.rows(times), 30).data[0]
        broken = [x for x, y in zip(line.x, line.y, strict=True) if pd.isna(y)]
        assert broken == [pytest.approx(-0.9, abs=0.01)]
        assert list(line.x) == sorted(line.x)

    def test_a_slow_stream_has_a_line(self) -> None:
        line = live.course(self.rows([0.5 * frame for frame in range(20)]), 30).data[0]
        assert not pd.isna(list(line.y)).any()
