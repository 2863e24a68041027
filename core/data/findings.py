"""What brightness, contrast and sharpness of the images tell about the emotions: tables, and findings in words."""

from typing import NamedTuple

import pandas as pd

from core.emotions import EMOTIONS

QUANTILES = {"5 %": 0.05, "25 %": 0.25, "median": 0.5, "75 %": 0.75, "95 %": 0.95}


class Measure(NamedTuple):
    """A measure of the manifest, and the words for its ends."""

    title: str
    unit: str
    highest: str
    """What the emotion with the highest value is or has, with its verb."""
    lowest: str
    """The same of the lowest value, without the verb."""
    differ: str
    """Unit of a difference, in a sentence."""


MEASURES = {
    "brightness": Measure("Brightness", "mean gray level", "is brightest", "darkest", "gray levels"),
    "contrast": Measure(
        "Contrast", "standard deviation of gray levels", "has the most contrast", "the least", "gray levels"
    ),
    "sharpness": Measure(
        "Sharpness", "variance of the Laplacian", "is sharpest", "most blurred", "squared gray levels"
    ),
}
"""Column of the manifest -> what it measures. `core.data.measures` computes the columns."""


def quantiles(manifest: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the `QUANTILES` of a column of the manifest, one row per emotion; NaN for emotions without images."""
    levels = list(QUANTILES.values())
    rows = {
        emotion: manifest.loc[manifest["true_label"] == emotion, column].quantile(levels).to_numpy()
        for emotion in EMOTIONS
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(QUANTILES))


def extremes(spread: pd.DataFrame) -> tuple[str, str] | None:
    """Return the emotions with the highest and the lowest median of `quantiles`; None without images."""
    medians = spread["median"].dropna()
    return None if medians.empty else (str(medians.idxmax()), str(medians.idxmin()))


def ends_text(spread: pd.DataFrame, measure: str) -> str:
    """Return which emotions are at both ends, such as "surprise is brightest, sad darkest"; empty without images."""
    ends = extremes(spread)
    if ends is None:
        return ""
    entry = MEASURES[measure]
    return f"{ends[0]} {entry.highest}, {ends[1]} {entry.lowest}"


def spread_finding(spread: pd.DataFrame, measure: str) -> str:
    """Return the finding of `quantiles` in words: both ends, and how far apart they are compared with one emotion."""
    ends = extremes(spread)
    if ends is None:
        return "There are no images."
    high, low = (float(spread["median"][emotion]) for emotion in ends)
    middle_half = float((spread["75 %"] - spread["25 %"]).median())
    text = ends_text(spread, measure)
    return (
        f"{text[0].upper()}{text[1:]}: medians of {high:,.0f} and {low:,.0f}. This gap of {high - low:,.0f} "
        f"{MEASURES[measure].differ} is {_compared(high - low, middle_half)} the spread within one "
        f"emotion, where the middle half of the images spans {middle_half:,.0f}."
    )


def _compared(gap: float, width: float) -> str:
    return "small beside" if gap < width / 2 else "smaller than" if gap < width else "at least as large as"
