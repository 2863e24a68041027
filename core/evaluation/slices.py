"""Slices: named subsets of the test images, which can be combined.

A slice is one entry of `SLICES`. Pages, commands, addresses and tests find a new entry there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from core.data.issues.leaks import leak_free
from core.data.near_copies import NEAR
from core.emotions import EMOTIONS
from core.evaluation.intervals import TOO_FEW
from core.evaluation.metrics import summary
from core.exceptions import InputError, unknown_name
from core.models.scores import Scores

DARK_BELOW, BRIGHT_ABOVE = 80, 180
"""Limits of the mean gray level, 0..255. About 7 % of FER2013's test images are darker, and 6 % are brighter.

This and the following limits are round numbers that leave some hundred test images, enough for a comparison. They are
no limits of trust: the pages for photos and for the webcam call only much worse faces dark or blurred.
"""

BLURRED_BELOW = 0.35
"""Limit of the sharpness divided by the squared contrast, which does not depend on brightness and contrast.

About 6 % of FER2013's test images are below.
"""

LOW_CONTRAST_BELOW = 35
"""Limit of the standard deviation of the gray levels. About 7 % of FER2013's test images are below."""

CARD_SLICES = ("test", "leak_free", "public", "private")
"""The slices whose metrics are stored in model cards."""

PREDICTED_LABELS = ("predicted_label_a", "predicted_label_b")


@dataclass(frozen=True)
class Slice:
    """A named subset of the test images."""

    title: str
    """Name on screen."""
    description: str
    """Which images belong to the slice."""
    rows: Callable[[pd.DataFrame], "pd.Series[bool]"]
    """Table with the manifest's columns and `columns` -> whether each row belongs to the slice.

    `slice_rows` leaves out the images of other splits, so this function need not do so.
    """
    note: str = ""
    """Addition to the title in tables and charts, such as "without exact copies"; may be empty."""
    columns: tuple[str, ...] = ()
    """Columns that the table needs beyond those of the manifest."""
    source: str = "two models"
    """Where `columns` come from, for the message if they are missing."""
    remedy: str = ""
    """How to get them, as a clause for the message; empty if another slice is the only way."""

    @property
    def missing(self) -> str:
        """What to say if the table lacks `columns`, without the slice's name and without a full stop."""
        remedy = f"{self.remedy}, or " if self.remedy else ""
        return f"needs {self.source}; {remedy}choose another slice"

    @property
    def long_title(self) -> str:
        """The title, followed by the note in brackets if there is one."""
        return f"{self.title} ({self.note})" if self.note else self.title


def _has_label(emotion: str) -> Callable[[pd.DataFrame], "pd.Series[bool]"]:
    """Return a function that says whether each row has this true label."""
    return lambda table: table["true_label"] == emotion


def _is_blurred(table: pd.DataFrame) -> "pd.Series[bool]":
    # A product instead of a quotient, because the contrast of blank images is 0.
    return table["sharpness"] < BLURRED_BELOW * table["contrast"] ** 2


def _agree(pairs: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether both models predict the same label for each image, right or wrong."""
    return pairs["predicted_label_a"].cat.codes == pairs["predicted_label_b"].cat.codes


SLICES: dict[str, Slice] = {
    "test": Slice(
        "All test images", "all images of the test split: PublicTest and PrivateTest", lambda t: t["split"] == "test"
    ),
    "leak_free": Slice(
        "Leak-free",
        "test images without an exact copy (equal in every pixel) in Training; near copies stay in",
        leak_free,
        "without exact copies",
    ),
    "public": Slice(
        "PublicTest",
        "the half of the test images that was used for the public leaderboard of the contest of 2013",
        lambda t: t["usage"] == "PublicTest",
    ),
    "private": Slice(
        "PrivateTest",
        "the half of the test images that was used for the final ranking of the contest of 2013",
        lambda t: t["usage"] == "PrivateTest",
    ),
    "not_blank": Slice("Not blank", "test images whose pixels are not all equal", lambda t: ~t["blank"]),
    "no_near_copies": Slice(
        "No near copies",
        f"test images with neither an exact nor a near copy in Training (correlation of {NEAR} or more after the best "
        "alignment)",
        lambda t: ~t["leaked"] & ~t["near_copy"],
        columns=("near_copy",),
        source="the near copies of this data set, which are not known yet",
        remedy="search for them with `python -m core audit`, or on the Dataset page",
    ),
    "not_doubtful": Slice(
        "Not doubtful",
        "test images whose label is not doubtful: the default network gives it a probability of 0.05 or more",
        lambda t: ~t["doubt"],
        columns=("doubt",),
        source="the default network's predictions for this data set",
        remedy="import FER2013",
    ),
    "dark": Slice(
        "Dark",
        f"test images with a mean gray level below {DARK_BELOW}, of 0 to 255; without blank images",
        lambda t: (t["brightness"] < DARK_BELOW) & ~t["blank"],
    ),
    "bright": Slice(
        "Bright",
        f"test images with a mean gray level above {BRIGHT_ABOVE}, of 0 to 255; without blank images",
        lambda t: (t["brightness"] > BRIGHT_ABOVE) & ~t["blank"],
    ),
    "blurred": Slice(
        "Blurred",
        "test images whose sharpness (variance of the Laplacian) is less than "
        f"{BLURRED_BELOW} times the variance of their gray levels; without blank images",
        lambda t: _is_blurred(t) & ~t["blank"],
    ),
    "low_contrast": Slice(
        "Low contrast",
        f"test images whose gray levels have a standard deviation below {LOW_CONTRAST_BELOW}; without blank images",
        lambda t: (t["contrast"] < LOW_CONTRAST_BELOW) & ~t["blank"],
    ),
    **{
        f"emotion:{emotion}": Slice(
            f"Labelled {emotion}",
            f"test images whose true label is {emotion}: accuracy is its recall, means over emotions tell little",
            _has_label(emotion),
        )
        for emotion in EMOTIONS
    },
    "agree": Slice(
        "Models agree",
        "test images for which both models predict the same label, right or wrong",
        _agree,
        columns=PREDICTED_LABELS,
    ),
    "disagree": Slice(
        "Models disagree",
        "test images for which the models predict different labels",
        lambda pairs: ~_agree(pairs),
        columns=PREDICTED_LABELS,
    ),
    "marked": Slice(
        "Marked",
        "test images that somebody has marked, for example because their label is wrong",
        lambda table: table["marked"],
        columns=("marked",),
        source="marks",
    ),
}


def parse_slice(text: str) -> tuple[str, ...]:
    """Return the names in a list such as "leak_free, dark", in the order of `SLICES`, each once.

    The result is ("test",) if no other slice is named. Raises InputError for an unknown name.
    """
    names = {name.strip() for name in text.split(",")} - {""}
    if unknown := sorted(names - set(SLICES)):
        raise unknown_name("slice", unknown[0], SLICES)
    return tuple(name for name in SLICES if name in names and name != "test") or ("test",)


def slice_key(names: Iterable[str]) -> str:
    """Return the key of a combination: its names as `parse_slice` returns them, joined by commas."""
    return ",".join(parse_slice(",".join(names)))


def slice_title(key: str) -> str:
    """Return the name on screen of a slice or a combination, such as "Leak-free, Dark"."""
    return ", ".join(SLICES[name].title for name in parse_slice(key))


def slice_description(key: str) -> str:
    """Return which images belong to a slice or a combination, without a full stop at the end."""
    return ". Of these, only ".join(SLICES[name].description for name in parse_slice(key))


def slice_rows(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the rows of a table that belong to all slices of `key`, such as "leak_free,dark", with a new index.

    Raises InputError for an unknown slice, and if the table lacks the columns of a slice, as the table of one model
    does for "agree".
    """
    rows = SLICES["test"].rows(table)
    for name in parse_slice(key):
        entry = SLICES[name]
        if not set(entry.columns) <= set(table.columns):
            raise InputError(f"the slice {name} {entry.missing}.")
        rows &= entry.rows(table)
    return table[rows].reset_index(drop=True)


def too_few(n: int) -> bool:
    """Return whether `n` images are too few for a statement about which model is better."""
    return n < TOO_FEW


def summaries(table: pd.DataFrame) -> dict[str, Scores]:
    """Return slice name -> `metrics.summary` of the slice's rows in a scored table, for the `CARD_SLICES`."""
    return {name: summary(slice_rows(table, name)) for name in CARD_SLICES}
