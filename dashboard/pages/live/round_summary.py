"""The results of a guided round: one table, confusion matrices on demand, and downloads."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.evaluation import metrics
from core.video import guided_round
from core.video.guided_round import GuidedRound, Step
from core.video.sheets import round_sheet
from core.vision.images import data_url, encode_png
from dashboard import keys
from dashboard.charts import confusion, style
from dashboard.components import displays, downloads, layout, wording
from dashboard.plain_text import escape_html, escape_markdown, one_line

ROUND, FACES = "Your round", "Readings"


def choose_panel() -> bool:
    """Let the visitor choose whether to see the results of the round or the readings. Return True for the readings."""
    chosen = st.segmented_control(
        "Panel",
        (ROUND, FACES),
        default=ROUND,
        required=True,
        key=keys.LIVE_PANEL,
        label_visibility="collapsed",
    )
    return chosen == FACES


def show(guided: GuidedRound) -> None:
    """Show one row per expression, with what each model predicted, and the downloads; a note for an empty round."""
    table = guided.table()
    with st.container(key="live-round-results"):
        if table.empty:
            st.caption("There is nothing to show. Start another round, and act at least one expression.")
            return
        st.html(summary_html(guided.steps(), table))
        with st.container(horizontal=True):
            _show_downloads(guided, table)


def summary_html(steps: Sequence[Step], table: pd.DataFrame) -> str:
    """Return a table as HTML: for each expression its crop and, per model, the most frequent label and the recall.

    The last row has the mean recalls.
    """
    models = list(dict.fromkeys(table["model"]))
    recalls = {model: metrics.recalls(guided_round.confusion(table, model)) for model in models}
    names = "".join(f'<th scope="colgroup" colspan="2">{escape_html(model, 30)}</th>' for model in models)
    columns = '<th scope="col">most said</th><th scope="col">recall</th>' * len(models)
    rows = "".join(
        f'<tr><th scope="row">{_crop_html(step)}{step.asked}</th>{_cells(table[table["step"] == number], recalls)}</tr>'
        for number, step in enumerate(steps, start=1)
    )
    means = "".join(f"<td></td><td>{wording.percent(float(recalls[model].mean()), 0)}</td>" for model in models)
    return (
        '<div class="ferscope-table ferscope-round-table" tabindex="0"><table><thead>'
        f'<tr><th scope="col" rowspan="2">asked for</th>{names}</tr><tr>{columns}</tr></thead>'
        f'<tbody>{rows}<tr><th scope="row">mean</th>{means}</tr></tbody></table></div>{_notes_html(table, models)}'
    )


def _crop_html(step: Step) -> str:
    if step.crop is None:
        return ""
    return f'<img src="{data_url(step.crop)}" alt="your face when {step.asked} was asked for">'


def _cells(frames: pd.DataFrame, recalls: dict[str, "pd.Series[float]"]) -> str:
    """Return the cells of one expression, whose frames are given."""
    if not recalls or frames.empty:
        return f'<td colspan="{2 * len(recalls)}">skipped, or no face was found</td>' if recalls else ""
    asked, cells = frames["asked"].iloc[0], ""
    for model, recall in recalls.items():
        labels = frames.loc[frames["model"] == model, "predicted_label"]
        label = str(labels.mode().iloc[0]) if len(labels) else wording.DASH
        tick = " ✓" if label == asked else ""
        cells += f"<td>{escape_html(label)}{tick}</td><td>{wording.percent(recall[asked], 0)}</td>"
    return cells


def _notes_html(table: pd.DataFrame, models: Sequence[str]) -> str:
    frames = table.groupby(["step", "time_s"]).ngroups
    text = f"Recall: the share of your {frames:,} frames with the expression that was asked for."
    if len(models) > 1:
        share = guided_round.share_of_same_labels(table, *models[:2])
        text += f" {models[0]} and {models[1]} predict the same label for {wording.percent(share, 0)} of them."
    return f'<p class="ferscope-live-figures">{escape_html(text)}</p>'


def _show_downloads(guided: GuidedRound, table: pd.DataFrame) -> None:
    downloads.csv_button(table, "ferscope-round", "Round as CSV")
    downloads.button(
        "Round as PNG",
        lambda: encode_png(round_sheet(guided.steps(), table)),
        "ferscope-round.png",
        "image/png",
        keys.ROUND_PNG,
        ":material/image:",
    )


def show_matrices(guided: GuidedRound) -> None:
    """Show one confusion matrix per model when the visitor asks for them."""
    table = guided.table()
    if table.empty:
        return
    with st.container(key="live-round-matrices"):
        matrices = st.expander("Confusion matrices of your round", key=keys.ROUND_MATRICES, on_change="rerun")
        if matrices.open:
            models = list(dict.fromkeys(table["model"]))
            with matrices:
                for model, column in zip(models, layout.columns(len(models)), strict=True):
                    with column:
                        _show_matrix(table, model)


def _show_matrix(table: pd.DataFrame, model: str) -> None:
    counts = guided_round.confusion(table, model)
    shares, recalls = metrics.row_shares(counts), metrics.recalls(counts)
    mean = wording.percent(float(recalls.mean()), 0)
    st.markdown(f"**{escape_markdown(model)}**: mean recall {mean} ({int(counts.to_numpy().sum()):,} frames)")
    texts = confusion.count_and_share_texts(counts, shares)
    figure = confusion.confusion_heatmap(shares, texts).update_yaxes(title="asked for")
    # The default hover text says "click to see these images", but these cells open nothing.
    figure.update_traces(hoverinfo="skip", hovertemplate=None)
    style.style(figure, 470, f"Your round: {one_line(model, 30)}")
    alt = f"Your round as {one_line(model)} sees it: mean recall {mean}"
    if recalls.notna().any():
        alt += f", best for {recalls.idxmax()} ({wording.percent(float(recalls.max()), 0)})"
    displays.show(figure, alt=alt, key=keys.per_item("round", model))
