"""The sections on robustness (accuracy on corrupted images) and steadiness (same label when the crop moves)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from core.benchmarks import robustness
from core.benchmarks.corruptions import CORRUPTIONS
from core.benchmarks.steadiness import Steadiness
from dashboard import faults, keys, resources
from dashboard.components import displays, downloads, layout, wording
from dashboard.pages.models import robustness_chart
from dashboard.plain_text import code, escape_markdown

Result = TypeVar("Result")

ROBUSTNESS = (
    "Accuracy on test images with ten kinds of corruption, at five strengths each, as in "
    "[Hendrycks and Dietterich (2019)](https://arxiv.org/abs/1903.12261). Kinds and strengths are chosen for faces of "
    "48x48 pixels, so do not compare these accuracies with those on ImageNet-C. Intervals are 95 % (Wilson's method). "
    "Means over several strengths have no interval, because all strengths use the same images."
)

STEADINESS = (
    "How often the predicted label stays the same when the crop is shifted by up to 8 % of its side, scaled by up to "
    "8 % and rotated by up to 10 degrees. Detectors never crop a face twice in exactly the same way. Consider accuracy "
    "too: a model that always predicts the same emotion is perfectly steady."
)


def show(names: Sequence[str]) -> None:
    """Show the sections on robustness and steadiness for the chosen models."""
    _show_robustness(names)
    _show_steadiness(names)


def _show_robustness(names: Sequence[str]) -> None:
    """Show a chart and a table of the measured models, and the commands that measure the other models."""
    layout.subheader("Robustness", ROBUSTNESS)
    measured = _measured(resources.models.robustness, "robustness", names)
    if not measured:
        return
    corruption = st.selectbox(
        "Corruption", [robustness_chart.ALL, *CORRUPTIONS], key=keys.CORRUPTION, bind="query-params"
    )
    displays.show(robustness_chart.lines(measured, corruption), f"Accuracy by strength of corruption: {corruption}.")
    displays.text_table(
        format_by_corruption(measured)
        if corruption == robustness_chart.ALL
        else format_by_strength(measured, corruption)
    )
    all_rows = pd.concat([table.assign(model=name) for name, table in measured.items()], ignore_index=True)
    downloads.csv_button(all_rows[["model", *robustness.COLUMNS]], "robustness", "Robustness as CSV")


def _show_steadiness(names: Sequence[str]) -> None:
    layout.subheader("Steadiness", STEADINESS)
    measured = _measured(resources.models.steadiness, "steadiness", names)
    if measured:
        displays.text_table(format_steadiness(measured))


def _measured(read: Callable[[str], Result | None], command: str, names: Sequence[str]) -> dict[str, Result]:
    """Return the stored results by model. Show the command for each model without one, and each damaged file."""
    measured = {}
    for name in names:
        with faults.show_input_errors():
            result = read(name)
            if result is not None:
                measured[name] = result
                continue
            run = code(f"python -m core {command} {name}")
            st.caption(f"The {command} of {escape_markdown(name)} has not been measured. Run {run}.")
    return measured


def format_by_corruption(measured: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Format mean accuracies as text: one row per corruption and one column per model.

    The first row is for clean images. The last two rows hold the mean of all corruptions and the number of images.
    """
    summaries = {name: robustness.summary(table) for name, table in measured.items()}
    clean = {name: _accuracy_text(summary.clean) for name, summary in summaries.items()}
    total_means = {name: wording.percent(summary.mean) for name, summary in summaries.items()}
    rows = [{"Mean accuracy under": "no corruption", **clean, "Amounts at the five strengths": ""}]
    for kind in CORRUPTIONS:
        means = {name: _mean_text(summary, kind) for name, summary in summaries.items()}
        rows.append({"Mean accuracy under": kind, **means, "Amounts at the five strengths": _amounts_text(kind)})
    rows.append({"Mean accuracy under": "all ten", **total_means, "Amounts at the five strengths": ""})
    rows.append({"Mean accuracy under": "number of images", **_image_counts(measured)})
    return pd.DataFrame(rows).fillna("")


def format_by_strength(measured: Mapping[str, pd.DataFrame], corruption: str) -> pd.DataFrame:
    """Format the accuracies under one corruption as text: one row per strength and one column per model.

    The first row is for clean images. The last row holds the number of images.
    """
    tables = {name: robustness_chart.accuracy_by_strength(table, corruption) for name, table in measured.items()}
    heading = f"{corruption}: {CORRUPTIONS[corruption].unit}"
    amounts = ["clean", *(f"{amount:g}" for amount in CORRUPTIONS[corruption].amounts)]
    columns = {
        name: [
            wording.percent_with_interval(accuracy, [low, high])
            # A table of an older version lacks the corruption; its cells are dashes.
            for accuracy, low, high in table.set_index("strength")[["accuracy", "low", "high"]]
            .reindex(range(len(amounts)))
            .itertuples(index=False)
        ]
        for name, table in tables.items()
    }
    image_counts = pd.DataFrame([{heading: "number of images", **_image_counts(measured)}])
    return pd.concat([pd.DataFrame({heading: amounts, **columns}), image_counts], ignore_index=True)


def format_steadiness(measured: Mapping[str, Steadiness]) -> pd.DataFrame:
    """Format steadiness as text, one row per model."""
    rows = [
        {
            "Model": name,
            "Same label": wording.percent_with_interval(result.share, [result.low, result.high]),
            "Images": f"{result.n:,}",
            "Crops per image": str(result.draws),
        }
        for name, result in measured.items()
    ]
    return pd.DataFrame(rows)


def _image_counts(measured: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the number of test images that each model was measured on."""
    return {name: f"{table['n'].iloc[0]:,}" for name, table in measured.items()}


def _accuracy_text(result: robustness.Accuracy) -> str:
    return wording.percent_with_interval(result.accuracy, result.accuracy_ci)


def _mean_text(summary: robustness.Summary, kind: str) -> str:
    return wording.percent(summary.corruptions[kind].mean if kind in summary.corruptions else None)


def _amounts_text(kind: str) -> str:
    """Return, for example, '5, 10, 15, 20, 30 degrees in either direction'."""
    return f"{', '.join(f'{amount:g}' for amount in CORRUPTIONS[kind].amounts)} {CORRUPTIONS[kind].unit}"
