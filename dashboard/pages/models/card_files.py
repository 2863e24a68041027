"""Downloads of the page: the figures as CSV, and a README.md per model in the form of Hugging Face's model cards."""

from collections.abc import Sequence

import streamlit as st

from core.exchange import hf_card
from dashboard import keys, resources
from dashboard.components import downloads, wording
from dashboard.pages.models import comparison
from dashboard.pages.models.record import Record
from dashboard.plain_text import escape_markdown


def show(records: Sequence[Record]) -> None:
    """Show a button that opens the downloads."""
    with st.popover("Download", icon=":material/download:"):
        downloads.csv_button(lambda: comparison.csv_table(records), "models", "Figures as CSV", type="tertiary")
        for record in records:
            _show_card_button(record)
        st.caption("Cards are README.md files in the form of Hugging Face's model cards.")


def _show_card_button(record: Record) -> None:
    downloads.button(
        f"Card of {escape_markdown(record.name)}",
        lambda: card_file(record),
        f"{record.name}-README.md",
        "text/markdown",
        keys.per_item("card", record.name),
        type="tertiary",
    )


def card_file(record: Record) -> bytes:
    """Return the content of a model's README.md."""
    is_fer2013 = resources.data.is_trained_on_fer2013(record.card)
    return hf_card.readme(record.card, record.notes(), is_fer2013, measurements(record)).encode()


def measurements(record: Record) -> list[tuple[str, str]]:
    """Return the results on robustness and steadiness that are known, as (name, value)."""
    facts, steady, mean = [], record.steadiness, record.mean_corrupted
    if steady:
        share = wording.percent_with_interval(steady.share, [steady.low, steady.high])
        facts.append(("Predictions with the same label when the crop moves a little", f"{share}, n = {steady.n:,}"))
    if mean is not None:
        facts.append(("Mean accuracy under ten corruptions at five strengths", wording.percent(mean)))
    return facts
