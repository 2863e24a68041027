"""How a model was taught: its teachers, their ensemble and the student, side by side."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.models.card import Card, Scores
from dashboard import resources
from dashboard.components import displays, layout, wording

LEAD = (
    "Distillation: a student learns the mean prediction of its teachers, not only the label "
    "([Hinton et al. 2015](https://arxiv.org/abs/1503.02531)). Many of these faces are ambiguous, and the teachers' "
    "probabilities express that. The ensemble is the mean of its members' probabilities. Figures are on all test "
    "images."
)


def show(names: Sequence[str]) -> None:
    """Show a table for each model that has teachers; nothing if no model has."""
    taught = [card for name in names if teachers(card := resources.models.card(name))]
    if not taught:
        return
    layout.subheader("Teachers, ensemble and student", LEAD)
    for card in taught:
        known = [teacher for teacher in teachers(card) if teacher in resources.models.model_names()]
        st.markdown(story(card))
        if missing := sorted({*teachers(card)} - {*known}):
            st.caption(f"Without figures, since they are not in models/: {', '.join(missing)}.")
        displays.text_table(table(card, known))


def teachers(card: Card) -> tuple[str, ...]:
    """Return the teachers named in a card's recipe; empty for families without teachers."""
    return tuple(card.recipe.get("teachers", ()))


def story(card: Card) -> str:
    """Return how a model was taught, as Markdown."""
    recipe = card.recipe
    start = f" Training starts from the weights of {recipe['start']}." if recipe.get("start") else ""
    with_val = " It was trained on train and val." if card.has_learnt_val else ""
    if recipe.get("steady_targets"):
        cuts = (recipe["views"] + 1) // 2
        seen = f"for {cuts} crops of the face and their mirror images, so that the label does not depend on the crop"
        copies = "each with new augmented copies of the images"
    else:
        seen = "for the same view that the student sees ([Beyer et al. 2022](https://arxiv.org/abs/2106.05237))"
        copies = f"over {recipe['views']} augmented copies of the images"
    return (
        f"**{card.name}**: {100 * recipe['teacher_share']:.0f} % of each target is the mean prediction of "
        f"{len(teachers(card))} {'teacher' if len(teachers(card)) == 1 else 'teachers'} {seen}; the rest is the label. "
        f"{sum(recipe['epochs'])} epochs, {copies}.{start}{with_val}"
    )


def table(card: Card, known: Sequence[str]) -> pd.DataFrame:
    """Return one row per available teacher, one for their ensemble and one for the student."""
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
