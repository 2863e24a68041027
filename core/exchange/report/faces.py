"""The sections with single images: the worst errors, and the marks."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from core.evaluation import errors
from core.exchange.plain_text import escape_html
from core.exchange.report.markup import Section, box, paragraph
from core.exchange.report.material import Material
from core.review.marks import KINDS, Mark
from core.vision.images import data_url

SHOWN = 12
"""Number of errors in each group."""

MOST_MARKS = 200
"""Number of marks that are listed."""

GROUPS = {"a_only": "Only A is wrong", "b_only": "Only B is wrong", "both": "Both are wrong"}
"""Key of `errors.WRONG_MODELS` -> heading."""

NO_FACES = "No images are imported, so the faces are not shown. The ids are those of the images of FER2013."


def worst_errors(material: Material) -> Section:
    """Show the most confident errors of A alone, of B alone and of both, with the faces if there are any."""
    groups = {"both": "Errors of the model"} if material.is_same else GROUPS
    found = {title: _worst(material, key) for key, title in groups.items()}
    images = pd.concat([rows["image_id"] for rows, _ in found.values()])
    notes = [f"The errors with the highest confidence, at most {SHOWN} of each kind."]
    if len(images) and material.faces_of(images.head(1)) is None:
        notes.append(NO_FACES)
    body = "".join(_group(material, title, rows, count) for title, (rows, count) in found.items())
    return Section("errors", "Worst errors", paragraph(" ".join(notes), "note") + body)


def _worst(material: Material, key: str) -> tuple[pd.DataFrame, int]:
    rows = errors.filter_errors(material.pairs, wrong_models=key)
    return errors.rank_errors(rows, "confident", "b" if key == "b_only" else "a").head(SHOWN), len(rows)


def _group(material: Material, title: str, rows: pd.DataFrame, count: int) -> str:
    heading = f"<h3>{title}: {count:,} {'image' if count == 1 else 'images'}</h3>"
    if rows.empty:
        return f"{heading}<p>There are none.</p>"
    marks = _by_image(material)
    cards = "".join(
        _card(material, row, url, marks.get(row["image_id"], ()))
        for row, url in zip(rows.to_dict("records"), _data_urls(material, rows["image_id"]), strict=True)
    )
    return f'{heading}<ul class="faces">{cards}</ul>'


def _card(material: Material, row: Mapping[Hashable, Any], url: str | None, marks: Sequence[Mark]) -> str:
    sides = "a" if material.is_same else "ab"
    lines = [f"{side.upper()}: {_prediction(material, row, side)}" for side in sides]
    lines += [f"marked: {_mark_text(mark)}" for mark in marks]
    texts = "".join(f"<span>{escape_html(line)}</span>" for line in lines)
    return (
        f"<li>{_img(url, row['true_label'])}<div><strong>labelled {row['true_label']}</strong>{texts}"
        f"<small>{escape_html(row['image_id'])}</small></div></li>"
    )


def _prediction(material: Material, row: Mapping[Hashable, Any], side: str) -> str:
    has_probabilities = material.has_probabilities["ab".index(side)]
    confidence = f", {100 * row[f'confidence_{side}']:.0f} %" if has_probabilities else ""
    return f"{row[f'predicted_label_{side}']}{confidence}"


def _img(url: str | None, true_label: str) -> str:
    return f'<img src="{url}" alt="a face labelled {true_label}" width="96" height="96">' if url else ""


def _data_urls(material: Material, image_ids: "pd.Series[str]") -> list[str | None]:
    faces = material.faces_of(image_ids)
    return [None] * len(image_ids) if faces is None else [data_url(face) for face in faces]


def _by_image(material: Material) -> dict[str, list[Mark]]:
    marks: dict[str, list[Mark]] = {}
    for mark in material.marks:
        marks.setdefault(mark.image_id, []).append(mark)
    return marks


def marks(material: Material) -> Section:
    """List the marks of the slice's images, the oldest first."""
    rows = {row["image_id"]: row for row in material.pairs.to_dict("records")}
    found = [mark for mark in material.marks if mark.image_id in rows]
    if not found:
        return Section("marks", "Marks", "<p>None of these images is marked.</p>")
    shown = found[:MOST_MARKS]
    urls = _data_urls(material, pd.Series([mark.image_id for mark in shown]))
    html = "".join(_mark_row(material, mark, rows[mark.image_id], url) for mark, url in zip(shown, urls, strict=True))
    titles = ("Image", "Labelled", "Mark", "Note", "A", *(() if material.is_same else ("B",)), "Set on (UTC)")
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    rest = f"These are the first {MOST_MARKS} of {len(found):,}. python -m core marks export FILE writes all of them."
    return Section(
        "marks",
        "Marks",
        (paragraph(rest, "note") if len(found) > MOST_MARKS else "")
        + box(f'<table class="marks"><thead><tr>{head}</tr></thead><tbody>{html}</tbody></table>', "Marks"),
    )


def _mark_row(material: Material, mark: Mark, row: Mapping[Hashable, Any], url: str | None) -> str:
    note = "<br>".join(map(escape_html, mark.note.splitlines()))
    texts = [escape_html(row["true_label"]), escape_html(_mark_text(mark)), note]
    texts += [escape_html(_prediction(material, row, side)) for side in ("a" if material.is_same else "ab")]
    texts.append(escape_html(mark.time.removesuffix("Z").replace("T", " ")))
    image = f"{_img(url, row['true_label'])}<small>{escape_html(mark.image_id)}</small>"
    return f'<tr><th scope="row">{image}</th>{"".join(f"<td>{text}</td>" for text in texts)}</tr>'


def _mark_text(mark: Mark) -> str:
    title = KINDS[mark.kind].title
    return f"{title}, should be {mark.label}" if mark.label else title
