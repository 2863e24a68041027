"""Findings about light: quantiles per emotion, and what they tell in words."""

import pandas as pd

from core.data import findings
from core.data.shipped import shipped_manifest

ROWS = pd.DataFrame(
    {"true_label": ["sad"] * 5 + ["happy"] * 5, "brightness": [10, 20, 30, 40, 50, 100, 110, 120, 130, 140]}
)


def test_quantiles_have_one_row_per_emotion_and_none_for_emotions_without_images() -> None:
    spread = findings.quantiles(ROWS, "brightness")
    assert spread.loc["sad"].tolist() == [12, 20, 30, 40, 48]
    assert spread.loc["angry"].isna().all() and len(spread) == 7


def test_a_finding_compares_the_gap_with_the_spread_of_one_emotion() -> None:
    spread = findings.quantiles(ROWS, "brightness")
    assert findings.extremes(spread) == ("happy", "sad")
    assert findings.spread_finding(spread, "brightness") == (
        "Happy is brightest, sad darkest: medians of 120 and 30. This gap of 90 gray levels is at least as large as "
        "the spread within one emotion, where the middle half of the images spans 20."
    )
    near = ROWS.assign(brightness=ROWS["brightness"] % 100)  # happy 0 to 40, sad 10 to 50
    assert "is smaller than the spread within one emotion" in findings.spread_finding(
        findings.quantiles(near, "brightness"), "brightness"
    )


def test_nothing_is_found_without_images() -> None:
    spread = findings.quantiles(ROWS, "brightness") * float("nan")
    assert findings.extremes(spread) is None
    assert findings.ends_text(spread, "brightness") == ""
    assert findings.spread_finding(spread, "brightness") == "There are no images."


def test_in_fer2013_surprise_is_brightest_and_sad_darkest() -> None:
    spread = findings.quantiles(shipped_manifest(), "brightness")
    assert findings.ends_text(spread, "brightness") == "surprise is brightest, sad darkest"
    medians = shipped_manifest().groupby("true_label", observed=True)["brightness"].median()
    assert (medians.idxmax(), medians.idxmin()) == ("surprise", "sad")
