"""What the Compare page says at first sight: the verdict, who is right, and the differences by emotion."""

import streamlit as st

from core.evaluation.two_models.figures import Comparison
from core.exchange.figures import forest
from dashboard.components import pickers
from dashboard.pages.compare import outcomes, words


def show(models: tuple[str, str], slice_name: str, found: Comparison) -> None:
    """Show the verdict, the 2x2 table, and the differences by emotion."""
    st.html(words.verdict_html(models, slice_name, found))
    left, right = st.columns([2, 5])
    with left:
        outcomes.show(found.agreement)
    with right:
        _show_classes(found)


@st.fragment
def _show_classes(found: Comparison) -> None:
    metric = pickers.class_metric_picker()
    st.html(forest.html(found, metric))
