"""Facts about an image: split, exact copies, and how it compares with the test images."""

import math

import pandas as pd

from dashboard import resources

MEASURES = {
    "brightness": ("Brightness", "darker", "brighter"),
    "contrast": ("Contrast", "lower", "higher"),
    "sharpness": ("Sharpness", "blurrier", "sharper"),
}
"""Column of the manifest -> its title, and the words for an image with a lower and with a higher value."""


def row_of(image_id: str) -> pd.Series:
    """Return the image's row of the manifest in use. The image must be in it."""
    return resources.data.manifest().iloc[int(resources.data.positions([image_id])[0])]


def measure_texts(row: pd.Series) -> dict[str, str]:
    """Return title -> value and place among the test images, such as "Brightness" -> "83, darker than 85 %".

    The smaller share is left out: an image is called darker or brighter than the larger part of the test images.
    """
    manifest = resources.data.manifest()
    tests = manifest[manifest["split"] == "test"]
    return {title: _measure_text(row, tests, column) for column, (title, *_) in MEASURES.items()}


def _measure_text(row: pd.Series, tests: pd.DataFrame, column: str) -> str:
    value = f"{row[column]:,.0f}"
    if tests.empty:
        return value
    _, lower_word, higher_word = MEASURES[column]
    higher, lower = float((tests[column] > row[column]).mean()), float((tests[column] < row[column]).mean())
    word, share = (lower_word, higher) if higher >= lower else (higher_word, lower)
    percent = math.floor(100 * share)  # not "sharper than 100 %" of the images with this one among them
    return f"{value}, {word} than {percent} % of the test images" if percent else value


def copies_of(row: pd.Series) -> pd.DataFrame:
    """Return the rows of the manifest of the image's exact copies, without the image itself."""
    manifest = resources.data.manifest()
    is_copy = (manifest["duplicate_group"] == row["duplicate_group"]) & (manifest["image_id"] != row["image_id"])
    copies: pd.DataFrame = manifest[is_copy]
    return copies
