"""The Models page's chart and table of accuracies on corrupted images."""

import numpy as np

from core.benchmarks import robustness
from core.benchmarks.corruptions import CORRUPTIONS
from core.classifiers.base import LabelledFaces
from dashboard.pages.models import robustness as section
from dashboard.pages.models import robustness_chart
from tests.fixtures.fakes import FakeClassifier

FACES = LabelledFaces(np.zeros((4, 48, 48), np.uint8), np.array([3, 3, 3, 0]))
TABLE = robustness.measure(FakeClassifier(answer="happy"), FACES)
"""Three of four are right, whatever the corruption."""
OLDER = TABLE[TABLE["corruption"] != "JPEG"]


def test_the_table_has_a_mean_per_corruption_and_the_amounts_behind_its_label() -> None:
    rows = {row.label: row for row in section.rows_by_corruption({"new": TABLE, "old": OLDER})}
    assert list(rows) == ["no corruption", *CORRUPTIONS, "all ten", "number of images"]
    assert rows["no corruption"].cells == ("75.0 %", "75.0 %") and "to" in rows["no corruption"].notes[0]
    assert rows["JPEG"].cells == ("75.0 %", "–")
    assert rows["JPEG"].meaning == "At the five strengths: 50, 30, 20, 10, 5 as JPEG quality."
    assert rows["number of images"].cells == ("4", "4")


def test_one_corruption_has_a_row_per_strength_with_intervals() -> None:
    rows = section.rows_by_strength({"new": TABLE, "old": OLDER}, "JPEG")
    assert [row.label for row in rows][:2] == ["clean", "50 as JPEG quality"] and len(rows) == 7
    assert rows[1].cells == ("75.0 %", "–")
    assert rows[1].notes[0].startswith("(") and rows[1].notes[1] == ""


def test_the_chart_shows_percentages_and_its_finding_says_how_far_accuracy_falls() -> None:
    worse = TABLE.assign(accuracy=TABLE["accuracy"].where(TABLE["strength"] < 5, 0.25))
    figure = robustness_chart.lines({"a": TABLE, "b": worse}, robustness_chart.ALL)
    assert list(figure.data[0].y) == [75.0] * 6
    assert figure.layout.title.text == "Accuracy under all ten corruptions"
    text = robustness_chart.finding({"a": TABLE, "b": worse}, robustness_chart.ALL)
    assert "b falls from 75.0 % to 25.0 % at strength 5" in text
    assert "old has not been measured" in robustness_chart.finding({"old": OLDER}, "JPEG")


def test_every_title_fits_beside_the_button_that_saves_the_chart() -> None:
    for corruption in (robustness_chart.ALL, *CORRUPTIONS):
        title = robustness_chart.lines({"a": TABLE}, corruption).layout.title.text
        assert len(title) <= 45
