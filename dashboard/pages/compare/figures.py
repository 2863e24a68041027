"""The lower part of the Compare page: figures, classes, calibration and curves, one of them at a time."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation.curves import MACRO
from core.evaluation.two_models import tables
from core.evaluation.two_models.figures import Comparison, Figures
from core.evaluation.two_models.wording import CLASS_METRICS
from core.exchange.figures import class_bars, curves, reliability
from dashboard import keys, resources
from dashboard.components import displays, downloads, pickers, wording
from dashboard.pages.compare import csv_tables, words
from dashboard.plain_text import escape_markdown


class Shown(NamedTuple):
    """What the views draw."""

    models: tuple[str, str]
    slice_name: str
    found: Comparison
    figures: Figures
    has_probabilities: tuple[bool, bool]

    @property
    def named(self) -> list[tuple[int, str]]:
        """The models with probabilities: 0 for A or 1 for B, and the name in legends."""
        names = (f"{side}: {name}" for side, name in zip("AB", self.models, strict=True))
        return [(i, name) for i, name in enumerate(names) if self.has_probabilities[i]]

    def by_name(self, both: Sequence[pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Return name in legends -> the model's table of `both`, for the models with probabilities."""
        return {name: both[i] for i, name in self.named}


def show(models: tuple[str, str], slice_name: str) -> None:
    """Let the visitor choose a view, and show it. Models that give labels only are left out where that is needed."""
    view = pickers.segmented_control("Show", list(VIEWS), keys.VIEW)
    found = resources.comparisons.compare(*models, slice_name)
    if found is None:
        return
    cards = resources.models.cards()
    a, b = (cards[name].has_probabilities for name in models)
    shown = Shown(models, slice_name, found, resources.comparisons.figures(*models, slice_name), (a, b))
    if view in NEED_PROBABILITIES and (missing := tables.without_probabilities([cards[name] for name in models])):
        st.info(escape_markdown(missing), icon=":material/info:")
    if shown.named or view not in NEED_PROBABILITIES:
        VIEWS[view](shown)


def _show_figures(shown: Shown) -> None:
    displays.text_table(tables.figures_table(shown.models, shown.found, shown.figures, shown.has_probabilities))
    st.html(f'<p class="ferscope-note">{tables.KAPPA_NOTE.format(wording.number(shown.figures.kappa))}</p>')
    table = csv_tables.comparison(shown.models, shown.found, shown.figures, shown.has_probabilities)
    downloads.csv_button(table, f"comparison-{shown.slice_name}", "Figures as CSV")


def _show_classes(shown: Shown) -> None:
    st.markdown(tables.CLASSES_LEAD)
    displays.text_table(tables.per_class_table(shown.found, shown.figures))
    name = st.segmented_control(
        "Chart of",
        list(CLASS_METRICS),
        default="recall",
        required=True,
        format_func=CLASS_METRICS.__getitem__,
        key=keys.per_item(keys.CLASS_METRIC, "bars"),
    )
    classes = shown.figures.classes
    displays.show(
        class_bars.per_class_bars(classes, name, shown.models), class_bars.finding(classes, name, shown.models)
    )
    table = csv_tables.classes(shown.found, shown.figures)
    downloads.csv_button(table, f"classes-{shown.slice_name}", "Metrics by class as CSV")


def _show_calibration(shown: Shown) -> None:
    a, b = (
        score.ece if has else None for score, has in zip(shown.figures.scores, shown.has_probabilities, strict=True)
    )
    st.markdown(words.calibration_lead(shown.models, (a, b)))
    bins = shown.by_name(shown.figures.bins)
    displays.show(reliability.reliability_lines(bins), reliability.finding(bins), table=reliability.bin_texts(bins))
    downloads.csv_button(csv_tables.by_model(bins), f"reliability-{shown.slice_name}", "Confidence bins as CSV")


def _show_risk(shown: Shown) -> None:
    st.markdown(tables.RISK_LEAD)
    lines = shown.by_name(shown.figures.risk_coverage)
    thresholds = [shown.figures.thresholds[i] for i, _ in shown.named]
    areas = {name: shown.figures.areas_under_risk[i] for i, name in shown.named}
    figure = curves.risk_coverage(lines, thresholds, "Risk by coverage")
    table = tables.risk_table(areas, dict(zip(lines, thresholds, strict=True)))
    displays.show(figure, tables.finding(areas, "area under the risk-coverage curve"))
    displays.text_table(table)
    downloads.csv_button(csv_tables.by_model(lines), f"risk-coverage-{shown.slice_name}", "Curves as CSV")


def _show_roc(shown: Shown) -> None:
    st.markdown(words.ROC_LEAD)
    _show_one_vs_rest(shown, shown.figures.roc, "roc_auc", "ROC")


def _show_precision_recall(shown: Shown) -> None:
    st.markdown(words.PRECISION_RECALL_LEAD)
    _show_one_vs_rest(shown, shown.figures.precision_recall, "average_precision", "Precision and recall")


def _show_one_vs_rest(shown: Shown, both: Sequence[pd.DataFrame], area: str, title: str) -> None:
    emotion = pickers.selectbox("Curves of", [MACRO, *EMOTIONS], keys.CURVES_OF)
    lines = {name: table[table["emotion"] == emotion] for name, table in shown.by_name(both).items()}
    areas = {name: shown.figures.areas[i][area] for i, name in shown.named}
    if any(table.empty for table in lines.values()):
        st.info(words.without_curve(emotion), icon=":material/info:")
    else:
        x, y = both[0].columns[1:3]
        figure = curves.one_vs_rest(lines, x, y, f"{title}, {emotion}")
        finding = tables.finding(
            {name: float(values[emotion]) for name, values in areas.items()}, f"area for {emotion}"
        )
        displays.show(figure, finding)
    displays.text_table(tables.areas_table(areas))
    file_name = f"{area.replace('_', '-')}-{shown.slice_name}"
    downloads.csv_button(csv_tables.by_model(shown.by_name(both)), file_name, "Curves as CSV")


CALIBRATION, RISK, ROC, PRECISION_RECALL = "Calibration", "Risk and coverage", "ROC", "Precision and recall"

VIEWS: Mapping[str, Callable[[Shown], None]] = {
    "Figures": _show_figures,
    "Classes": _show_classes,
    CALIBRATION: _show_calibration,
    RISK: _show_risk,
    ROC: _show_roc,
    PRECISION_RECALL: _show_precision_recall,
}

NEED_PROBABILITIES = (CALIBRATION, RISK, ROC, PRECISION_RECALL)
"""Views that mean nothing for models that give labels only."""
