"""Doubtful labels: how many, in which classes, which labels are suggested instead, and what a second model says."""

import pandas as pd
import streamlit as st

from core.review.doubts import DOUBTFUL_BELOW, SPLITS, doubt_pairs
from core.review.doubts.sources import Split
from dashboard import keys, resources
from dashboard.components import displays, downloads, layout, pickers
from dashboard.pages.dataset import charts, opening
from dashboard.pages.dataset.texts import counted
from dashboard.plain_text import escape_markdown

LEAD = (
    "A label is doubtful if a model that was not trained on the image gives it less than "
    f"**{100 * DOUBTFUL_BELOW:.0f} %**. That points at an image; it does not prove that the label is wrong."
)

HOW_TO_GET = {
    "test": "Test labels have no scores: the default network, or its predictions of these images, are missing.",
    "training": "Training labels have no scores yet. `python -m core cross-validate cnn-seed` computes them.",
}
"""Split of `core.review.doubts` -> what to do if there are no doubts about it."""

TITLES = {"test": "test", "training": "Training"}

SHOWN_PAIRS = 12
"""Number of pairs of labels in the chart."""


def show() -> None:
    """Show the doubts about test and Training labels, as far as there are any."""
    layout.subheader("Doubtful labels", LEAD)
    tables = {split: table for split in SPLITS if (table := resources.doubts.of(split)) is not None}
    for split in SPLITS:
        if fault := resources.doubts.fault(split):
            st.warning(escape_markdown(fault), icon=":material/warning:")
        elif split not in tables:
            st.info(HOW_TO_GET[split], icon=":material/info:")
    if not tables:
        return
    split = _pick(list(tables))
    table = tables[split]
    st.markdown(summary(table, TITLES[split]))
    if split == "test":
        second = resources.doubts.agreement()
        if second is not None:
            st.markdown(agreement_text(second))
    with st.container(horizontal=True):
        st.button(
            "Show the most doubtful",
            key=keys.DOUBT_TABLE,
            icon=":material/grid_view:",
            on_click=opening.open_gallery,
            args=("doubtful",),
            kwargs={"split": "test" if split == "test" else None},
        )
        downloads.csv_button(table, f"doubts-{split}", "All, ranked, as CSV")
    displays.text_table(class_texts(by_class(table)))
    pairs = doubt_pairs(table)
    if not pairs.empty:
        displays.show_when_seen(f"Suggested labels in {TITLES[split]}", lambda: _show_pairs(pairs))


def _pick(splits: list[Split]) -> Split:
    """Choose one of the splits that have doubts."""
    if len(splits) == 1:
        return splits[0]
    title = pickers.segmented_control("Labels of", [TITLES[split] for split in splits], keys.DOUBTS_OF)
    return next(split for split in splits if TITLES[split] == title)


def summary(table: pd.DataFrame, split: str) -> str:
    """Return how many labels are doubtful, and of which emotion most and fewest, in words."""
    classes = by_class(table)
    count, n = int(classes["doubtful"].sum()), len(table)
    shares = classes["share"].dropna()
    most, fewest = str(shares.idxmax()), str(shares.idxmin())
    return (
        f"**{count:,} of {n:,} labels in {split}** are doubtful ({100 * count / n:.1f} %): most often "
        f"{most} ({100 * shares[most]:.1f} %), most rarely {fewest} ({100 * shares[fewest]:.1f} %). "
        "A difficult emotion has more low scores even where its labels are right, so compare ranks within a class."
    )


def agreement_text(second: pd.DataFrame) -> str:
    """Return how often the second model agrees with the suggested label, among the doubtful images, in words."""
    doubtful = second[second["score"] < DOUBTFUL_BELOW]
    if doubtful.empty:
        return ""
    agrees = int(doubtful["agrees"].sum())
    as_labelled = int((doubtful["second_label"].astype(str) == doubtful["true_label"].astype(str)).sum())
    return (
        f"A second model suggests the same label for {agrees:,} of {len(doubtful):,} "
        f"({100 * agrees / len(doubtful):.0f} %), and agrees with the given label for {as_labelled:,} "
        f"({100 * as_labelled / len(doubtful):.0f} %)."
    )


def by_class(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns images, doubtful, share (0..1) and suggested, the most frequent label instead, per emotion."""
    is_doubtful = table["score"] < DOUBTFUL_BELOW
    groups = table.assign(doubtful=is_doubtful).groupby("true_label", observed=False)["doubtful"]
    classes = pd.DataFrame({"images": groups.size(), "doubtful": groups.sum()})
    classes["share"] = classes["doubtful"] / classes["images"].where(classes["images"] > 0)
    first = doubt_pairs(table).drop_duplicates("true_label").set_index("true_label")["suggested_label"].astype(str)
    classes["suggested"] = [str(first.get(emotion, "")) for emotion in classes.index]
    return classes


def class_texts(classes: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `by_class` as texts."""
    shares = classes["share"].map(lambda share: "–" if pd.isna(share) else f"{100 * share:.1f} %")
    texts = {
        "labelled": classes.index.astype(str),
        "images": classes["images"].map("{:,}".format).to_numpy(),
        "doubtful": classes["doubtful"].map("{:,}".format).to_numpy(),
        "share": shares.to_numpy(),
        "looks most often": classes["suggested"].to_numpy(),
    }
    return pd.DataFrame(texts)


def _show_pairs(pairs: pd.DataFrame) -> None:
    displays.show(charts.pair_bars(pairs.head(SHOWN_PAIRS)), pairs_finding(pairs), table=pair_texts(pairs))


def pairs_finding(pairs: pd.DataFrame) -> str:
    """Return the most frequent pair in words."""
    first = pairs.iloc[0]
    return (
        f"Most often, images labelled {first['true_label']} look {first['suggested_label']}: "
        f"{counted(first['images'], 'image')}, {100 * first['share_of_class']:.1f} % of this class."
    )


def pair_texts(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return all pairs as texts."""
    texts = {
        "labelled": pairs["true_label"].astype(str),
        "looks": pairs["suggested_label"].astype(str),
        "images": pairs["images"].map("{:,}".format),
        "share of the class": (100 * pairs["share_of_class"]).map("{:.1f} %".format),
    }
    return pd.DataFrame(texts)
