"""Six counts at the top of the page, each of which opens the images that it counts in the gallery."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from core.data import balance
from dashboard import keys
from dashboard.components import clickable
from dashboard.components.wording import DASH
from dashboard.pages.dataset import opening
from dashboard.pages.dataset.gallery import facts as all_facts
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.gallery.kinds import KINDS
from dashboard.pages.dataset.texts import noun


class Count(NamedTuple):
    """A number with what it counts."""

    choice: str
    """The key of `KINDS` that a press chooses, or `SMALLEST`."""
    value: str
    title: str
    note: str = ""


SMALLEST = "smallest"
"""The choice of the smallest class."""


def show() -> None:
    """Show the counts; a press opens the gallery."""
    clickable.show(counts_html(counts(all_facts.load())), keys.COUNT_TILES, _open_pressed)


def counts(facts: Facts) -> list[Count]:
    """Return the six counts of the data set in use."""
    manifest = facts.manifest
    usage = manifest["usage"].value_counts()
    leaks, blanks = int(manifest["leaked"].sum()), int(manifest["blank"].sum())
    tests = int((manifest["split"] == "test").sum())
    return [
        Count("all", f"{len(manifest):,}", "images", f"Training {usage['Training']:,}, test {tests:,}"),
        _imbalance(manifest),
        Count("across", f"{leaks:,}", f"test {noun(leaks, 'image')} with an exact copy in Training"),
        _near(facts),
        _doubtful(facts),
        Count("blank", f"{blanks:,}", f"blank {noun(blanks, 'image')}"),
    ]


def _imbalance(manifest: pd.DataFrame) -> Count:
    training = balance.usage_counts(manifest)["Training"]
    ratio = balance.imbalance_ratio(training)
    if np.isnan(ratio):
        return Count("all", DASH, "largest to smallest class", "a class has no images in Training")
    ends = f"{training.idxmax()} {training.max():,}, {training.idxmin()} {training.min():,}"
    return Count(SMALLEST, f"{ratio:.1f} : 1", "largest to smallest class", ends)


def _near(facts: Facts) -> Count:
    near = KINDS["near"].rows(facts)
    if near is None or facts.pairs is None:
        return Count("near", DASH, "test images with a near copy", "not searched yet")
    more, leaks = int(near.sum()), int(facts.manifest["leaked"].sum())
    return Count(
        "near", f"{more:,}", f"more test {noun(more, 'image')} with a near copy", f"{leaks + more:,} with exact ones"
    )


def _doubtful(facts: Facts) -> Count:
    rows = KINDS["doubtful"].rows(facts)
    if rows is None or facts.doubt is None:
        return Count("doubtful", DASH, "doubtful labels", "no scores yet")
    is_test = (facts.manifest["split"] == "test").to_numpy()
    has_training = bool((~np.isnan(facts.doubt) & ~is_test).any())
    count, in_test = int(rows.sum()), int((rows & is_test).sum())
    note = f"{in_test:,} in test" if has_training else "in test, Training not scored"
    return Count("doubtful", f"{count:,}", f"doubtful {noun(count, 'label')}", note)


def counts_html(found: list[Count]) -> str:
    """Return the counts as HTML with one button each."""
    buttons = "".join(
        clickable.button_html(
            each.choice,
            f"<strong>{each.value}</strong><span>{each.title}</span>"
            + (f"<small>{each.note}</small>" if each.note else ""),
        )
        for each in found
    )
    return f'<div class="ferscope-counts" role="group" aria-label="Counts. Each opens its images.">{buttons}</div>'


def _open_pressed() -> None:
    choice = clickable.choice_of(keys.COUNT_TILES)
    if choice == SMALLEST:
        training = balance.usage_counts(all_facts.load().manifest)["Training"]
        opening.open_gallery("all", emotion=str(training.idxmin()))
    else:
        opening.open_gallery(choice)
