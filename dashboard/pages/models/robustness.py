"""The sections on robustness (accuracy on corrupted images) and steadiness (same label when the crop moves)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.benchmarks import robustness
from core.benchmarks.corruptions import CORRUPTIONS, STRENGTHS
from core.benchmarks.steadiness import Steadiness
from dashboard import keys, resources
from dashboard.components import displays, downloads, pickers, wording
from dashboard.pages.models import comparison, robustness_chart
from dashboard.pages.models.columns import Row, side_by_side
from dashboard.pages.models.record import Record
from dashboard.plain_text import code, escape_markdown

ROBUSTNESS = (
    "Accuracy on test images with ten kinds of corruption, at five strengths each, as in "
    "[Hendrycks and Dietterich (2019)](https://arxiv.org/abs/1903.12261). The corruptions suit faces of 48x48 pixels: "
    "do not compare with ImageNet-C. Intervals are 95 % (Wilson's method). Means over strengths have none, because all "
    "strengths use the same images."
)

STEADINESS = (
    "How often the predicted label stays the same when the crop is shifted or scaled by up to 8 % of its side and "
    "rotated by up to 10 degrees. Detectors never crop a face twice in exactly the same way. Consider accuracy too: a "
    "model that always predicts the same emotion is perfectly steady."
)


def show(records: Sequence[Record]) -> None:
    """Show a chart and a table of the measured models, and the commands that measure the other models."""
    st.markdown(ROBUSTNESS)
    if measured := {record.name: record.robustness for record in records if record.robustness is not None}:
        _show_results(measured)
    _show_commands(records, "robustness")


def _show_results(measured: Mapping[str, pd.DataFrame]) -> None:
    corruption = pickers.selectbox("Corruption", [robustness_chart.ALL, *CORRUPTIONS], keys.CORRUPTION)
    displays.show(robustness_chart.lines(measured, corruption), robustness_chart.finding(measured, corruption))
    is_mean = corruption == robustness_chart.ALL
    rows = rows_by_corruption(measured) if is_mean else rows_by_strength(measured, corruption)
    caption = f"{'Mean accuracy by' if is_mean else 'Accuracy by strength of the'} corruption"
    st.html(side_by_side(rows, list(measured), caption, "corruptions"))
    all_rows = pd.concat([table.assign(model=name) for name, table in measured.items()], ignore_index=True)
    downloads.csv_button(all_rows[["model", *robustness.COLUMNS]], "robustness", "Robustness as CSV")


def show_steadiness(records: Sequence[Record]) -> None:
    """Show the steadiness of the measured models, and the commands that measure the other models."""
    st.markdown(STEADINESS)
    if measured := {record.name: record.steadiness for record in records if record.steadiness is not None}:
        displays.text_table(format_steadiness(measured))
    _show_commands(records, "steadiness")


def _show_commands(records: Sequence[Record], part: str) -> None:
    """Show the command for each model whose robustness or steadiness has not been measured."""
    for record in records:
        if getattr(record, part) is not None or part in record.damages:
            continue
        if reason := _why_not_measurable(record):
            st.caption(f"The {part} of {escape_markdown(record.name)} is unknown, because {reason}.")
        else:
            run = code(f"python -m core {part} {record.name}")
            st.caption(f"The {part} of {escape_markdown(record.name)} has not been measured. Run {run}.")


def _why_not_measurable(record: Record) -> str:
    """Return why no command can measure a model; empty if one can."""
    if not record.card.can_predict:
        return "it consists of predictions, without a model"
    return "it is here only for this visit" if record.name in resources.guests.of_visit() else ""


def rows_by_corruption(measured: Mapping[str, pd.DataFrame]) -> list[Row]:
    """Return the rows of mean accuracies: clean images, one row per corruption, all corruptions, number of images."""
    summaries = [robustness.summary(table) for table in measured.values()]
    return [
        _row("no corruption", [(summary.clean.accuracy, summary.clean.accuracy_ci) for summary in summaries]),
        *(_row(kind, [(_mean(summary, kind), None) for summary in summaries], _amounts(kind)) for kind in CORRUPTIONS),
        _row("all ten", [(summary.mean, None) for summary in summaries]),
        _image_counts(measured),
    ]


def rows_by_strength(measured: Mapping[str, pd.DataFrame], corruption: str) -> list[Row]:
    """Return the rows of accuracies under one corruption: clean images, one row per strength, number of images."""
    strengths = [
        robustness_chart.accuracy_by_strength(table, corruption)
        .set_index("strength")
        .reindex(range(len(STRENGTHS) + 1))
        for table in measured.values()
    ]
    labels = ["clean", *(f"{amount:g} {CORRUPTIONS[corruption].unit}" for amount in CORRUPTIONS[corruption].amounts)]
    # A table of an older version lacks the corruption; its cells are dashes.
    rows = ([(table.loc[i, "accuracy"], table.loc[i, ["low", "high"]]) for table in strengths] for i in range(6))
    return [*map(_row, labels, rows), _image_counts(measured)]


def _row(label: str, results: Sequence[tuple[Any, Any]], meaning: str = "") -> Row:
    """Return a row of accuracies and their intervals; both can be unknown, that is None or NaN."""
    cells = tuple(wording.percent(accuracy) for accuracy, _ in results)
    known = [None if pd.isna(accuracy) else accuracy for accuracy, _ in results]
    notes = tuple("" if interval is None else comparison.interval_text(tuple(interval)) for _, interval in results)
    return Row(label, cells, "", meaning, comparison.best(known, cells, comparison.HIGHER), notes)


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


def _image_counts(measured: Mapping[str, pd.DataFrame]) -> Row:
    """Return the row with the number of test images that each model was measured on."""
    return Row("number of images", tuple(f"{table['n'].iloc[0]:,}" for table in measured.values()))


def _mean(summary: robustness.Summary, kind: str) -> float | None:
    return summary.corruptions[kind].mean if kind in summary.corruptions else None


def _amounts(kind: str) -> str:
    """Return, for example, 'At the five strengths: 5, 10, 15, 20, 30 degrees in either direction.'"""
    amounts = ", ".join(f"{amount:g}" for amount in CORRUPTIONS[kind].amounts)
    return f"At the five strengths: {amounts} {CORRUPTIONS[kind].unit}."
