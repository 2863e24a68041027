"""Robustness (accuracy on corrupted images) and steadiness (labels kept when the crop moves)."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import streamlit as st

from core.benchmarks import robustness
from core.benchmarks.corruptions import CORRUPTIONS
from core.benchmarks.steadiness import Steadiness
from dashboard import keys, resources
from dashboard.components import displays, downloads, layout, wording
from dashboard.pages.models import robustness_chart

ROBUSTNESS = (
    "Accuracy on test images with ten kinds of corruption, at five strengths each, as in "
    "[Hendrycks and Dietterich (2019)](https://arxiv.org/abs/1903.12261). Kinds and strengths are chosen for faces of "
    "48x48 pixels, so do not compare the figures with those on ImageNet-C. Intervals are 95 % (Wilson's method). Means "
    "over several strengths have none, because all strengths use the same images."
)

STEADINESS = (
    "How often the predicted label stays the same when the crop moves: by up to 8 % of its side, 8 % in size and "
    "10 degrees. Detectors never crop a face twice in exactly the same way. Read it beside accuracy: a "
    "model that always predicts the same emotion is perfectly steady."
)


def show(names: Sequence[str]) -> None:
    """Show both sections for the chosen models."""
    _show_robustness(names)
    _show_steadiness(names)


def _show_robustness(names: Sequence[str]) -> None:
    """Show chart and table of the measured models, and the command that measures the others."""
    layout.subheader("Robustness", ROBUSTNESS)
    measured = {name: table for name in names if (table := resources.models.robustness(name)) is not None}
    _show_missing("robustness", names, measured)
    if not measured:
        return
    corruption = st.selectbox(
        "Corruption", [robustness_chart.ALL, *CORRUPTIONS], key=keys.CORRUPTION, bind="query-params"
    )
    displays.show(robustness_chart.lines(measured, corruption), f"Accuracy over the strength of {corruption}.")
    displays.text_table(
        by_corruption(measured) if corruption == robustness_chart.ALL else by_strength(measured, corruption)
    )
    together = pd.concat([table.assign(model=name) for name, table in measured.items()], ignore_index=True)
    downloads.csv_button(together[["model", *robustness.COLUMNS]], "robustness", "Robustness as CSV")


def _show_steadiness(names: Sequence[str]) -> None:
    layout.subheader("Steadiness", STEADINESS)
    steady = {name: found for name in names if (found := resources.models.steadiness(name)) is not None}
    _show_missing("steadiness", names, steady)
    if steady:
        displays.text_table(steadiness_in_words(steady))


def _show_missing(verb: str, names: Sequence[str], found: Collection[str]) -> None:
    """Show, for each model that has not been measured, the command that measures it."""
    for name in names:
        if name not in found:
            st.caption(f"The {verb} of {name} has not been measured. Run `python -m core {verb} {name}`.")


def by_corruption(measured: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Format mean accuracies as text: clean first, then one row per corruption, then the mean of all."""
    summaries = {name: robustness.summary(table) for name, table in measured.items()}
    clean = {name: _accuracy(figures.clean) for name, figures in summaries.items()}
    means = {name: wording.percent(figures.mean) for name, figures in summaries.items()}
    rows = [{"Mean accuracy": "clean", **clean, "Strengths": ""}]
    rows += [
        {"Mean accuracy": kind, **{n: _mean(f, kind) for n, f in summaries.items()}, "Strengths": _strengths(kind)}
        for kind in CORRUPTIONS
    ]
    rows += [{"Mean accuracy": "all ten", **means, "Strengths": ""}, {"Mean accuracy": "images", **_images(measured)}]
    return pd.DataFrame(rows).fillna("")


def by_strength(measured: Mapping[str, pd.DataFrame], corruption: str) -> pd.DataFrame:
    """Format the accuracies under one corruption as text: clean first, then one row per strength."""
    tables = {name: robustness_chart.strengths(table, corruption) for name, table in measured.items()}
    heading = f"{corruption}: {CORRUPTIONS[corruption].unit}"
    amounts = ["clean", *(f"{amount:g}" for amount in CORRUPTIONS[corruption].amounts)]
    columns = {
        name: [
            wording.percent_with_interval(accuracy, [low, high])
            for accuracy, low, high in table[["accuracy", "low", "high"]].itertuples(index=False)
        ]
        for name, table in tables.items()
    }
    images = pd.DataFrame([{heading: "images", **_images(measured)}])
    return pd.concat([pd.DataFrame({heading: amounts, **columns}), images], ignore_index=True)


def steadiness_in_words(steady: Mapping[str, Steadiness]) -> pd.DataFrame:
    """Format steadiness as text, one row per model."""
    rows = [
        {
            "Model": name,
            "Same label": wording.percent_with_interval(found.share, [found.low, found.high]),
            "Images": f"{found.n:,}",
            "Crops per image": str(found.draws),
        }
        for name, found in steady.items()
    ]
    return pd.DataFrame(rows)


def _images(measured: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return the number of test images that each model was measured on."""
    return {name: f"{table['n'].iloc[0]:,}" for name, table in measured.items()}


def _accuracy(clean: robustness.Accuracy) -> str:
    return wording.percent_with_interval(clean.accuracy, clean.accuracy_ci)


def _mean(summary: robustness.Summary, kind: str) -> str:
    return wording.percent(summary.corruptions[kind].mean if kind in summary.corruptions else None)


def _strengths(kind: str) -> str:
    """Return, for example, '5, 10, 15, 20, 30 degrees in either direction'."""
    return f"{', '.join(f'{amount:g}' for amount in CORRUPTIONS[kind].amounts)} {CORRUPTIONS[kind].unit}"
