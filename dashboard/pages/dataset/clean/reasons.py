"""How many images are left out, and why."""

import pandas as pd
import streamlit as st

from core.review.clean_list import CORRECTED, RULES, reason_counts
from dashboard import resources
from dashboard.components import displays

TITLES = {name: rule.title for name, rule in RULES.items()} | {CORRECTED: "Corrected labels (kept)"}


def show(listed: pd.DataFrame) -> None:
    """Show the numbers of images that stay and go, and a table of the reasons."""
    counts = reason_counts(listed, resources.data.manifest())
    st.markdown(sentence(listed, counts))
    if not counts.empty:
        displays.text_table(shown(counts))


def sentence(listed: pd.DataFrame, counts: pd.DataFrame) -> str:
    """Return as Markdown how many images stay."""
    kept, total = int(listed["keep"].sum()), len(listed)
    corrected = int(counts["images"].get(CORRECTED, 0))
    labels = f" {corrected:,} of those that stay have a corrected label." if corrected else ""
    return f"**{kept:,} of {total:,} images stay**, {total - kept:,} are left out.{labels}"


def shown(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of `reason_counts` as texts, one row per reason."""
    texts = counts.map(lambda n: f"{n:,}").rename(columns={"images": "Images", "alone": "For no other reason"})
    return texts.rename(index=TITLES).rename_axis("Reason").reset_index()
