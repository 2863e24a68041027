"""Who taught a model: its teachers, their ensemble and the student, side by side."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.models.card import Card, Scores
from dashboard import resources
from dashboard.components import displays, layout, wording

LEAD = (
    "A student learns the mean answer of its teachers instead of the bare label "
    "([Hinton et al. 2015](https://arxiv.org/abs/1503.02531)): raters disagree about many of these faces, and the "
    "teachers' shares say so. Figures are on all test images; the ensemble is the mean of its members' probabilities."
)


def show(names: Sequence[str]) -> None:
    """A table for each of the models that has teachers; nothing if none has."""
    taught = [card for name in names if teachers(card := resources.models.card(name))]
    if not taught:
        return
    layout.subheader("Teachers, ensemble and student", LEAD)
    for card in taught:
        known = [teacher for teacher in teachers(card) if teacher in resources.models.model_names()]
        st.markdown(story(card))
        if missing := sorted({*teachers(card)} - {*known}):
            st.caption(f"Not in models/, hence without figures: {', '.join(missing)}.")
        displays.text_table(table(card, known))


def teachers(card: Card) -> tuple[str, ...]:
    """The names in a card's recipe; families without teachers have none."""
    return tuple(card.recipe.get("teachers", ()))


def story(card: Card) -> str:
    """How a model was taught; Markdown."""
    recipe = card.recipe
    start = f" It begins with the weights of {recipe['start']}." if recipe.get("start") else ""
    with_val = " It has learnt train and val, after every choice was made." if card.has_learnt_val else ""
    if recipe.get("steady_targets"):
        cuts = (recipe["views"] + 1) // 2
        seen = f"to {cuts} cuts of the face and their mirror images, so that a label stays wherever it is cut"
        copies = "new augmented copies of the images each epoch"
    else:
        seen = "to the very view that the student sees ([Beyer et al. 2022](https://arxiv.org/abs/2106.05237))"
        copies = f"{recipe['views']} augmented copies of the images"
    return (
        f"**{card.name}**: {recipe['teacher_share']:.0%} of each target is the mean answer of {len(teachers(card))} "
        f"{'teacher' if len(teachers(card)) == 1 else 'teachers'} {seen}, the rest the label; {copies}, "
        f"{sum(recipe['epochs'])} epochs.{start}{with_val}"
    )


def table(card: Card, known: Sequence[str]) -> pd.DataFrame:
    """A row for each teacher that is there, their ensemble and the student."""
    cards = map(resources.models.card, known)
    rows = [_row(teacher.name, teacher.score("test"), teacher) for teacher in cards]
    if len(known) > 1:
        rows.append(_row("their ensemble", resources.predictions.ensemble_scores(tuple(known))))
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
