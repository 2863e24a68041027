"""The notes on the chosen models: what they have in common once, and what differs in a column per model."""

from collections.abc import Iterable, Mapping, Sequence

from core.training.card_notes import Notes
from core.training.descriptions import describe_model
from dashboard.components import wording
from dashboard.pages.models.record import Record
from dashboard.plain_text import escape_html

OWN_TITLES = ("Training",)
"""Notes that stand in the columns, even if they are the same for all models."""


def html(records: Sequence[Record]) -> str:
    """Return all notes as HTML."""
    notes = [record.notes() for record in records]
    shared = common(notes)
    articles = "".join(
        f"<article><h3>{escape_html(record.name)}</h3><p>{escape_html(_summary(record))}</p>"
        f"{_paragraphs(without(own, shared))}</article>"
        for record, own in zip(records, notes, strict=True)
    )
    title = "<h3>All of these models</h3>" if len(records) > 1 else ""
    shared_html = f'<div class="ferscope-notes-shared">{_paragraphs(shared)}</div>'
    return (
        f'<section class="ferscope-notes">{title}{shared_html}</section>'
        f'<section class="ferscope-notes ferscope-notes-models">{articles}</section>'
    )


def common(notes: Sequence[Notes]) -> Notes:
    """Return the sentences that all cards have, by title, without the titles of `OWN_TITLES`."""
    first, *others = notes
    return {
        title: [sentence for sentence in sentences if all(sentence in other.get(title, ()) for other in others)]
        for title, sentences in first.items()
        if title not in OWN_TITLES
    }


def without(notes: Notes, shared: Notes) -> Notes:
    """Return the notes of one card without the sentences in `shared`."""
    return {
        title: [sentence for sentence in sentences if sentence not in shared.get(title, ())]
        for title, sentences in notes.items()
    }


def _summary(record: Record) -> str:
    """Return the recipe's description, the family, the number of parameters, the recipe and the date."""
    card = record.card
    if card.is_guest:
        return wording.guest_origin(card)
    origin = f"Family {card.family}, {card.parameters}; trained with the recipe {card.recipe_name} on {card.trained}."
    return " ".join(filter(None, (describe_model(card), origin)))


def _paragraphs(notes: Mapping[str, Iterable[str]]) -> str:
    texts = ((title, " ".join(sentences)) for title, sentences in notes.items())
    return "".join(f"<p><strong>{title}.</strong> {escape_html(text)}</p>" for title, text in texts if text)
