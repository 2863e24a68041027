"""The figures of the default pair of models, as tiles."""

from collections.abc import Sequence

from core.models.card import Card
from dashboard import resources
from dashboard.components import html_table, wording
from dashboard.pages.overview import texts
from dashboard.plain_text import escape_html

LONGEST_NAME = 40


def tiles_html(cards: Sequence[Card]) -> str:
    """Return one tile per model, and under them what the figures mean, folded away."""
    tiles = "".join(map(_tile, cards))
    return f'<div class="ferscope-tiles">{tiles}</div>{folded_text(texts.HOW_TO_READ_TITLE, texts.HOW_TO_READ_HTML)}'


def folded_text(title: str, text_html: str) -> str:
    """Return a paragraph of HTML that is folded away under its title."""
    return html_table.folded(title, f"<p>{text_html}</p>")


def _tile(card: Card) -> str:
    figures = "".join(
        (
            _figure("Accuracy, all test images", wording.percent(card.score("test").accuracy), _interval(card, "test")),
            _figure(
                "Without exact copies",
                wording.percent(card.score("leak_free").accuracy),
                _interval(card, "leak_free"),
            ),
            _figure("Size", wording.size(resources.models.bytes_to_run(card))),
            _figure("Time per face", wording.time_per_face(card)),
        )
    )
    # The best of several measurements is partly luck, which the visitor must be able to learn at the number itself.
    luck = folded_text(texts.HOW_TEST_WAS_USED_TITLE, texts.HOW_TEST_WAS_USED_HTML) if card.name == "cnn" else ""
    kind = escape_html(texts.KINDS.get(card.family, card.family), LONGEST_NAME)
    name = escape_html(card.name, LONGEST_NAME)
    return f'<div class="ferscope-tile"><p><strong>{name}</strong> {kind}</p><dl>{figures}</dl>{luck}</div>'


def _figure(term: str, value: str, note: str = "") -> str:
    details = f'<dd class="note">{note}</dd>' if note else ""
    return f"<div><dt>{term}</dt><dd>{value}</dd>{details}</div>"


def _interval(card: Card, slice_name: str) -> str:
    """Return the 95 % interval of an accuracy and the number of images; empty without an accuracy."""
    scores = card.score(slice_name)
    if scores.accuracy is None:
        return ""
    interval = "{:.1f} to {:.1f}, ".format(*(100 * end for end in scores.accuracy_ci)) if scores.accuracy_ci else ""
    return f"{interval}<span>n = {scores.n:,}</span>"
