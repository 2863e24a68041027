"""Brightness, contrast and sharpness of the classes."""

import pandas as pd
import streamlit as st

from core.data import findings
from core.data.findings import MEASURES
from dashboard.components import displays, layout
from dashboard.pages.dataset import charts


def show(manifest: pd.DataFrame) -> None:
    """Show one chart per measure, and what they tell."""
    layout.subheader("How light differs")
    spreads = {measure: findings.quantiles(manifest, measure) for measure in MEASURES}
    st.markdown(summary(spreads) + " Boxes hold the middle 50 % of an emotion's images, whiskers the middle 90 %.")
    for column, (measure, spread) in zip(layout.columns(len(spreads), per_row=3), spreads.items(), strict=True):
        entry = MEASURES[measure]
        finding = findings.spread_finding(spread, measure)
        with column:
            figure = charts.class_boxes(spread, f"{entry.title} by emotion", entry.unit)
            displays.show(figure, finding, table=charts.spread_texts(spread))
            st.caption(finding)


def summary(spreads: dict[str, pd.DataFrame]) -> str:
    """Return which emotions are at the ends of each measure, such as "**Surprise is brightest, sad darkest; ...**"."""
    ends = [text for measure, spread in spreads.items() if (text := findings.ends_text(spread, measure))]
    joined = "; ".join(ends)
    return f"**{joined[0].upper()}{joined[1:]}.**" if ends else "There are no images."
