"""The section on distillation: scores of the teachers, their ensemble and the student."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.models.card import Card
from core.models.scores import Scores
from core.training.descriptions import readable_config
from dashboard import faults, resources
from dashboard.components import displays, wording
from dashboard.pages.models.record import Record
from dashboard.plain_text import escape_markdown

LEAD = (
    "A student learns the mean prediction of its teachers, not only the label "
    "([Hinton et al. 2015](https://arxiv.org/abs/1503.02531)). The ensemble is the mean of the teachers' "
    "probabilities. All figures are computed on all test images."
)


def applies(records: Sequence[Record]) -> bool:
    """Return whether any of the models has teachers."""
    return any(teachers(record.card) for record in records)


def show(records: Sequence[Record]) -> None:
    """Show a text and a table for each chosen model that has teachers."""
    st.markdown(LEAD)
    for card in (record.card for record in records if teachers(record.card)):
        available = [teacher for teacher in teachers(card) if teacher in resources.models.model_names()]
        st.markdown(distillation_text(card))
        if missing := sorted({*teachers(card)} - {*available}):
            names_text = escape_markdown(", ".join(missing))
            st.caption(f"These teachers are left out, because they are not in models/: {names_text}.")
        with faults.show_input_errors():
            displays.text_table(table(card, available))


def teachers(card: Card) -> tuple[str, ...]:
    """Return the teachers named in a card's recipe; empty for guests, other families and unreadable recipes."""
    return () if card.is_guest else tuple(dict.fromkeys(getattr(readable_config(card), "teachers", ())))


def distillation_text(card: Card) -> str:
    """Return how a model was trained with its teachers, as Markdown. Its recipe must be readable."""
    config = readable_config(card)
    start = f"started from the weights of {escape_markdown(config.start)} and " if config.start else ""
    with_val = " The model was trained on train and val." if card.was_trained_on_val else ""
    if config.steady_targets:
        crops = (config.views + 1) // 2
        teacher_input = f"for {crops} crops of the face and their mirror images"
        student_input = "new augmented copies of each image in each epoch"
    else:
        teacher_input = (
            "for the same augmented copy that the student sees ([Beyer et al. 2022](https://arxiv.org/abs/2106.05237))"
        )
        student_input = f"{config.views} augmented copies of each image, used in turn"
    return (
        f"**{escape_markdown(card.name)}**: "
        f"{100 * config.teacher_share:.0f} % of each target is the mean prediction of "
        f"{len(teachers(card))} {'teacher' if len(teachers(card)) == 1 else 'teachers'} {teacher_input}. "
        f"The rest is the label. Training {start}took {config.total_epochs} epochs, with {student_input}.{with_val}"
    )


def table(card: Card, available: Sequence[str]) -> pd.DataFrame:
    """Return one row per available teacher, one for their ensemble if there are several, and one for the student."""
    cards = map(resources.models.card, available)
    rows = [_row(teacher.name, teacher.score("test"), teacher) for teacher in cards]
    if len(available) > 1:
        rows.append(_row("their ensemble", resources.predictions.ensemble_scores(tuple(available))))
    return pd.DataFrame([*rows, _row(f"{card.name} (student)", card.score("test"), card)])


def _row(title: str, scores: Scores, card: Card | None = None) -> dict[str, str]:
    return {
        "Model": title,
        "Accuracy": wording.percent_with_interval(scores.accuracy, scores.accuracy_ci),
        "Macro-F1": wording.number(scores.macro_f1),
        "NLL": wording.number(scores.nll),
        "ECE": wording.number(scores.ece),
        "Size": wording.size(card.size_bytes) if card else wording.DASH,
    }
