"""The tab with the classes: numbers and what they mean, pictures of the classes, charts of light."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.data import balance, faces_of_class, findings
from core.data.shipped import mean_faces, shipped_manifest
from core.data.store import current_import
from core.emotions import EMOTIONS
from dashboard import keys
from dashboard.pages.dataset.charts import balance_finding, class_bars, class_boxes, spread_texts
from dashboard.pages.dataset.classes import faces, light, numbers
from tests.dashboard.pages.visiting import open_page, page_text

FER2013 = shipped_manifest()


def test_the_numbers_of_fer2013_lead_to_these_findings() -> None:
    texts = numbers.findings(balance.class_counts(FER2013), balance.usage_counts(FER2013))
    assert len(texts) == 4
    assert "Always answering happy is right on 24.7 % of test" in texts[1]
    assert "an image of disgust counts 9.42 and one of happy 0.57" in texts[2]
    assert texts[3].startswith("**Training, PublicTest and PrivateTest have the same mix**")
    assert "p = 0.687" in texts[3] and "that of sad: 1.6 points" in texts[3]


def test_sets_with_another_mix_are_said_to_differ() -> None:
    usages = pd.DataFrame({"Training": [500, 500], "PublicTest": [80, 20]}, index=["happy", "sad"])
    text = numbers.mix(usages)
    assert text.startswith("**Training and PublicTest differ in their mix**, by more than chance")
    assert "30.0 points" in text
    assert numbers.mix(usages[["Training"]]) == ""


def test_nothing_is_said_of_numbers_that_are_not_there() -> None:
    none = pd.DataFrame(0, index=list(EMOTIONS), columns=["train", "val", "test"])
    assert numbers.misleading(none) == "" and numbers.weighting(none) == ""


def test_the_table_has_a_row_for_all_and_the_weights() -> None:
    shown = numbers.shown_table(balance.class_counts(FER2013)).set_index("emotion")
    assert shown.loc["disgust"].tolist() == ["392", "44", "111", "547", "9.42"]
    assert shown.loc["all"].tolist() == ["25,836", "2,873", "7,178", "35,887", ""]
    table = numbers.class_table(balance.class_counts(FER2013)).set_index("emotion")
    assert table.loc["happy", "weight"] == pytest.approx(25836 / 7 / 6494)


def test_shares_of_each_set_are_shown() -> None:
    assert "25.1 %" in numbers.mix_html(FER2013)  # happy in Training: 7,215 of 28,709


@pytest.mark.parametrize("view", [faces.MEAN, faces.DIFFERENCE, faces.VARIATION])
def test_each_view_has_one_picture_per_emotion(view: str, imported: Path) -> None:
    app = open_page("dataset", tab="classes", faces=view)
    text = page_text(app)
    assert text.count('<figure><img src="data:image/png') == 7
    assert app.session_state[keys.CLASS_FACES] == view


def test_the_texts_under_the_pictures_name_the_extremes() -> None:
    counts = balance.usage_counts(FER2013)["Training"].to_numpy()
    maps = faces_of_class.differences(mean_faces(), counts)
    assert "The mean of surprise differs most from the mean of all: 18 gray levels" in faces.mean_text(maps)
    assert "The full colour is 33 gray levels" in faces.difference_text(maps)
    deviations = np.ones((7, 48, 48), np.float32)
    deviations[3], deviations[4] = 60, 0.5
    assert "happy varies most (60) and neutral least (0)" in faces.variation_text(deviations)


def test_the_summary_of_light_names_both_ends_of_each_measure() -> None:
    spreads = {measure: findings.quantiles(FER2013, measure) for measure in findings.MEASURES}
    assert light.summary(spreads).startswith("**Surprise is brightest, sad darkest; surprise has the most contrast, ")
    assert light.summary({name: spread * np.nan for name, spread in spreads.items()}) == "There are no images."


def test_class_bars_have_one_trace_per_split_and_the_shares_of_train_sum_to_100_percent(imported: Path) -> None:
    counts = balance.class_counts(current_import().manifest())
    assert [trace.name for trace in class_bars(counts, shares=False).data] == ["train", "val", "test"]
    shares = class_bars(counts, shares=True).data[0].x
    assert np.isclose(sum(shares), 100)


def test_the_axis_of_the_class_bars_has_room_for_the_label_of_the_longest_bar() -> None:
    counts = pd.DataFrame({"train": [6494, 10], "val": [700, 2], "test": [1774, 3]}, index=["happy", "disgust"])
    assert class_bars(counts, shares=False).layout.xaxis.range[1] > 1.2 * 6494
    assert class_bars(counts * 0, shares=True).layout.xaxis.range[1] > 0


def test_the_finding_of_the_balance_names_the_largest_and_the_smallest_class() -> None:
    counts = pd.DataFrame({"train": [750, 250]}, index=["happy", "disgust"])
    assert balance_finding(counts) == (
        "In train, happy has the most images, 750 (75.0 %), and disgust the fewest, 250 (25.0 %)."
    )


def test_class_boxes_have_one_box_per_emotion(imported: Path) -> None:
    spread = findings.quantiles(current_import().manifest(), "brightness")
    *boxes, tooltips = class_boxes(spread, "Brightness", "mean").data
    assert [box.name for box in boxes] == list(EMOTIONS)
    assert all(box.hoverinfo == "skip" for box in boxes)  # their five labels would cover one another
    assert list(tooltips.y) == list(EMOTIONS)


def test_quantiles_are_told_in_numbers_and_missing_emotions_are_dashes() -> None:
    rows = {"true_label": ["sad"] * 3, "brightness": [1010, 1020, 1030]}
    texts = spread_texts(findings.quantiles(pd.DataFrame(rows), "brightness")).set_index("Emotion")
    assert (texts.loc["sad", "median"], texts.loc["angry", "median"]) == ("1,020", "–")
