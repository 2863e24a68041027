"""Small faces that can be pressed, each with its label and what both models say."""

from collections.abc import Sequence

import pandas as pd

from dashboard import resources
from dashboard.components import clickable, face_cards
from dashboard.components.face_view.answers import Answer, stored_answers
from dashboard.plain_text import escape_html


def tiles_html(image_ids: "pd.Series[str]", models: Sequence[str], label: str, notes: Sequence[str] = ()) -> str:
    """Return one button per image, whose choice is the image id, for `clickable.show`.

    All images must be in the manifest in use. `label` names the group for screen readers. `notes` is one line of text
    per image, or nothing. Models A and B are named only where their predictions of an image are stored.
    """
    labels = resources.data.manifest()["true_label"].iloc[resources.data.positions(image_ids)]
    urls = face_cards.data_urls(resources.data.faces_of(image_ids), len(image_ids))
    said = [stored_answers(model, image_ids) for model in models]
    tiles = "".join(
        _tile_html(image_id, str(true), url, note, [answers.get(image_id) for answers in said], at == 0)
        for at, (image_id, true, url, note) in enumerate(
            zip(image_ids, labels, urls, notes or [""] * len(image_ids), strict=True)
        )
    )
    group = f'role="group" data-arrows aria-label="{escape_html(label)}"'
    return f'<div class="ferscope-face-tiles" {group}>{tiles}</div>'


def _tile_html(
    image_id: str, true: str, url: str | None, note: str, answers: Sequence[Answer | None], is_first: bool
) -> str:
    said = [f"{side} {each.text}" for side, each in zip("AB", answers, strict=False) if each]
    lines = [line for line in (note, *said) if line]
    name = f"Open the face labelled {true}" + "".join(f", {line}" for line in lines)
    image = f'<img src="{url}" alt="">' if url else f"<small>{escape_html(image_id)}</small>"
    texts = "".join(f"<small>{escape_html(line)}</small>" for line in lines)
    attributes = f'aria-label="{escape_html(name)}" tabindex="{0 if is_first else -1}"'
    return clickable.button_html(image_id, f"{image}<strong>{true}</strong>{texts}", attributes)
