"""What is left of a model's accuracy when its pictures get worse, and how steady its labels are."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from core import robustness
from core.corruptions import CORRUPTIONS
from core.steadiness import Steadiness
from dashboard import components, resources, wording
from dashboard.charts import robustness as charts

LEAD = (
    "Accuracy on test images that were made worse in ten ways, at five strengths each, in the manner of "
    "[Hendrycks and Dietterich (2019)](https://arxiv.org/abs/1903.12261). *Steady* is the share of cuts that keep the "
    "predicted label when a face is shifted by up to 8 % of its side, scaled by 0.92 to 1.08 and turned by up to "
    "10 degrees: a detector never cuts twice at the same place."
)


def show(names: Sequence[str]) -> None:
    """Chart and table of the models that have been measured; what to run for the others."""
    components.subheader("Robustness and steadiness", LEAD)
    measured = {name: table for name in names if (table := resources.robustness(name)) is not None}
    steady = {name: found for name in names if (found := resources.steadiness(name)) is not None}
    for sentence in missing(names, measured, steady):
        st.caption(sentence)
    if measured:
        corruption = st.selectbox("Corruption", [charts.ALL, *CORRUPTIONS], key="corruption", bind="query-params")
        components.show(charts.lines(measured, corruption), f"Accuracy over the strength of {corruption}.")
    if measured or steady:
        components.text_table(in_words(names, measured, steady))
    if measured:
        together = pd.concat([table.assign(model=name) for name, table in measured.items()], ignore_index=True)
        components.download_csv(together[["model", *robustness.COLUMNS]], "robustness", "Robustness as CSV")


def missing(names: Sequence[str], measured: Mapping[str, pd.DataFrame], steady: Mapping[str, Steadiness]) -> list[str]:
    """A sentence for each model and figure that has not been measured, with the command that does."""
    verbs = {"robustness": measured, "steadiness": steady}
    return [
        f"The {verb} of {name} has not been measured: run `python -m core {verb} {name}`."
        for name in names
        for verb, found in verbs.items()
        if name not in found
    ]


def in_words(
    names: Sequence[str], measured: Mapping[str, pd.DataFrame], steady: Mapping[str, Steadiness]
) -> pd.DataFrame:
    """A row a model: steadiness, clean accuracy, the mean over all corruptions and over each one's strengths."""
    rows = []
    for name in names:
        row = {"Model": name, "Images": "", "Steady": wording.DASH, "Clean": wording.DASH, "Mean": wording.DASH}
        if found := steady.get(name):
            row |= {
                "Images": f"{found.n:,}",
                "Steady": wording.percent_with_interval(found.share, [found.low, found.high]),
            }
        if name in measured:
            figures = robustness.summary(measured[name])
            row |= {"Images": f"{figures['clean']['n']:,}", "Clean": wording.percent(figures["clean"]["accuracy"])}
            row |= {"Mean": wording.percent(figures["mean"])}
            row |= {kind: wording.percent(each["mean"]) for kind, each in figures["corruptions"].items()}
        rows.append(row)
    return pd.DataFrame(rows).fillna(wording.DASH)
