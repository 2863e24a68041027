"""The section on calibration: what the temperature does to each chosen model."""

from collections.abc import Mapping, Sequence
from operator import or_

import pandas as pd
import streamlit as st

from core.evaluation import slices
from core.exchange.figures import reliability
from core.models.card import Calibration, Card
from dashboard import faults, keys, resources
from dashboard.charts import style
from dashboard.components import displays, layout, notices, wording
from dashboard.pages.models import comparison
from dashboard.pages.models.columns import Row, side_by_side
from dashboard.pages.models.record import Record
from dashboard.plain_text import code, escape_markdown, one_line

LEAD = (
    "The logits are divided by a temperature, so that confidence matches accuracy "
    "([Guo et al. 2017](https://proceedings.mlr.press/v70/guo17a.html)). ECE, NLL and Brier score are computed on all "
    "test images, before and after. In the charts, the diagonal is a perfectly calibrated model."
)

FITTED_ON = "If a model was trained on val, its temperature and threshold come from another model that was not."

REACHED = "Share of these faces whose confidence reaches the threshold."

METRICS = {"ece": "ECE", "nll": "NLL", "brier": "Brier score"}
"""Attribute of `Scores` -> label of its row."""

LONGEST_NAME = 22
"""Largest number of characters of a model's name in the title of its chart."""


def show(records: Sequence[Record]) -> None:
    """Show a text, a table, a reliability diagram for each calibrated model, and the command for the others."""
    st.markdown(LEAD)
    cards = [record.card for record in records]
    tables: dict[str, dict[str, pd.DataFrame]] = {}
    if guests := [escape_markdown(card.name) for card in cards if card.is_guest]:
        st.caption(f"No temperature is fitted for guests: {', '.join(guests)}.")
    for card in cards:
        if card.is_guest:
            continue
        if card.calibration is None:
            run = code(f"python -m core calibrate {card.name}")
            st.caption(f"No temperature has been fitted for {escape_markdown(card.name)}. Run {run}.")
            continue
        with faults.show_input_errors():  # damaged predictions must not hide the other models
            if before_after := _before_and_after(card):
                tables[card.name] = before_after
    st.html(
        side_by_side(
            rows(cards, tables), [card.name for card in cards], "Temperature scaling, on all test images", "calibration"
        )
    )
    for column, (name, before_after) in zip(layout.columns(len(tables), per_row=3), tables.items(), strict=True):
        with column:
            _show_diagram(name, before_after)


def _before_and_after(card: Card) -> dict[str, pd.DataFrame]:
    """Return the scored tables before and after temperature scaling; empty, with a notice, if there are no images."""
    from core.evaluation.calibration_fit import before_and_after  # loads scipy

    scored = resources.predictions.scored(card.name)
    if scored.empty:
        notices.no_shared_images_notice(card.name)
        return {}
    return before_and_after(slices.slice_rows(scored, "test"), card.temperature)


def rows(cards: Sequence[Card], tables: Mapping[str, Mapping[str, pd.DataFrame]]) -> list[Row]:
    """Return the rows of the table. `tables`: model name -> result of `before_and_after`, if it is known."""
    results = [_results(tables[card.name]) if card.name in tables else {} for card in cards]
    facts = [_facts(card.calibration) if card.calibration else {} for card in cards]
    meanings = {"Fitted on": FITTED_ON, "Faces that reach it": REACHED} | comparison.MEANINGS
    labels = (
        "Fitted on",
        "Temperature",
        *METRICS.values(),
        "Uncertain below",
        "Faces that reach it",
        "Right among them",
    )
    return [
        Row(
            label,
            tuple(known.get(label, wording.DASH) for known in map(or_, facts, results)),
            "",
            meanings.get(label, ""),
        )
        for label in labels
    ]


def _facts(c: Calibration) -> dict[str, str]:
    return {
        "Fitted on": f"{c.fitted_on} predictions of {c.fitted_with}" if c.fitted_with else c.fitted_on,
        "Temperature": f"{c.temperature:.2f}",
        "Uncertain below": wording.percent(c.uncertain_below, 0),
        "Faces that reach it": wording.percent(c.coverage, 0),
        "Right among them": wording.percent(c.kept_accuracy),
    }


def _results(before_after: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """Return each metric before and after: {"ECE": "from 0.102 to 0.026", ...}."""
    from core.evaluation import metrics

    before, after = (metrics.summary(before_after[when]) for when in ("before", "after"))
    return {
        title: f"from {wording.number(getattr(before, metric))} to {wording.number(getattr(after, metric))}"
        for metric, title in METRICS.items()
    }


def _show_diagram(name: str, before_after: dict[str, pd.DataFrame]) -> None:
    from core.evaluation import calibration_error

    bins = {when: calibration_error.reliability(table) for when, table in before_after.items()}
    before, after = (
        wording.number(calibration_error.expected_calibration_error(before_after[when])) for when in ("before", "after")
    )
    title = f"Reliability: {one_line(name, LONGEST_NAME)}"
    figure = style.style(reliability.reliability_lines(bins, title), 340, title)
    figure.update_traces(showlegend=False, selector=0)  # a small chart has no room for the diagonal's name
    figure.update_layout(legend_itemsizing="constant")
    alt = f"Reliability of {name}: the mean gap between confidence and accuracy is {before} before and {after} after."
    displays.show(figure, alt, keys.per_item("calibration", name), reliability.bin_texts(bins))
