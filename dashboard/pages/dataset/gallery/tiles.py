"""The tiles of the gallery as HTML. Each is a button: the face, its label, and what the list is about."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS
from core.review.marks import KINDS as MARKS
from core.vision.crops import Faces
from dashboard import resources
from dashboard.components import clickable
from dashboard.components.face_cards import data_urls
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.gallery.kinds import EXACT, KINDS, NEAR
from dashboard.pages.dataset.gallery.listing import Choice, Listing
from dashboard.pages.dataset.gallery.orders import CORRELATION, DOUBT, DOUBT_IN_CLASS, ORDERS, values
from dashboard.plain_text import escape_html

Positions = NDArray[np.intp]

SMALLEST = 0.1
"""The smallest score that is written as it is, in percent."""

LARGEST = 0.999
"""The largest correlation that is written for near copies, because only exact copies have 1."""


def grid_html(shown: Listing, choice: Choice, facts: Facts, faces: Faces | None) -> str:
    """Return one button per image, whose choice is the image id; groups of copies are framed.

    `faces` is (n, 48, 48) uint8 in the order of the list, or None without an import. Tab reaches the first button; the
    arrow keys reach the others.
    """
    notes = _notes(shown, choice, facts)
    badges = _badges(shown.positions, choice, facts)
    ids = facts.manifest["image_id"].iloc[shown.positions].tolist()
    labels = facts.manifest["true_label"].cat.codes.to_numpy()[shown.positions]
    urls = data_urls(faces, len(ids))
    tiles = [
        _tile(image_id, EMOTIONS[label], url, note, badge, at == 0)
        for at, (image_id, label, url, note, badge) in enumerate(zip(ids, labels, urls, notes, badges, strict=True))
    ]
    name = f'aria-label="{len(ids)} faces. Arrow keys go through them, Enter opens one."'
    if not KINDS[choice.kind].groups:
        return f'<div class="ferscope-grid" role="group" data-arrows {name}>{"".join(tiles)}</div>'
    frames = "".join(_frames(tiles, shown, choice, facts))
    return f'<div class="ferscope-groups" role="group" data-arrows {name}>{frames}</div>'


def _frames(tiles: Sequence[str], shown: Listing, choice: Choice, facts: Facts) -> list[str]:
    frames = []
    for _, places in groupby(range(len(tiles)), key=lambda at: shown.groups[at]):
        at = list(places)
        caption = escape_html(_caption(shown.positions[at], choice, facts))
        inner = "".join(tiles[each] for each in at)
        frames.append(
            f'<section aria-label="{caption}"><p>{caption}</p><div class="ferscope-grid">{inner}</div></section>'
        )
    return frames


def _caption(group: Positions, choice: Choice, facts: Facts) -> str:
    """Return what a group of copies is, such as "3 exact copies, 2 labels"."""
    count, labels = len(group), facts.manifest["true_label"].cat.codes.to_numpy()[group]
    several = f", {len(set(labels))} labels" if len(set(labels)) > 1 else ""
    if KINDS[choice.kind].groups == EXACT:
        return f"{count} exact copies{several}" if count > 1 else "its copy is not in this data set"
    return f"{count - 1} near {'copy' if count == 2 else 'copies'}{several}"


def _notes(shown: Listing, choice: Choice, facts: Facts) -> list[list[str]]:
    """Return the lines under the label of each tile."""
    places = facts.manifest[["usage", "split"]].iloc[shown.positions].astype(str)
    is_grouped = bool(KINDS[choice.kind].groups)
    lines = [[usage if is_grouped else split] for usage, split in places.itertuples(index=False)]
    if KINDS[choice.kind].groups == NEAR:
        _add_alignments(lines, shown, facts)
        return lines
    by = ORDERS[choice.order].by
    if choice.kind == "doubtful" or by in (DOUBT, DOUBT_IN_CLASS):
        for line, position in zip(lines, shown.positions, strict=True):
            line.extend(_doubt_lines(position, facts))
    elif by and by != CORRELATION:
        for line, value in zip(lines, values(facts, by)[shown.positions], strict=True):
            line.append(f"{by} {value:,.0f}")
    return lines


def _doubt_lines(position: int, facts: Facts) -> list[str]:
    if facts.doubt is None or np.isnan(facts.doubt[position]):
        return ["no score"]
    rank, rank_in_class = facts.ranks[position]
    score = 100 * facts.doubt[position]
    return [
        f"looks {EMOTIONS[facts.suggested[position]]}",
        f"score {score:.1f} %" if score >= SMALLEST else f"score < {SMALLEST} %",
        f"rank {rank:,}, {rank_in_class:,} in class",
    ]


def _add_alignments(lines: list[list[str]], shown: Listing, facts: Facts) -> None:
    """Say of each near copy how similar it is to the first image of its group, and how it was aligned."""
    assert facts.pairs is not None
    heads = dict(zip(np.unique(shown.groups), shown.first_of_groups(), strict=True))
    pairs = facts.pairs[facts.pairs["at"].isin(list(heads.values()))]
    columns = pairs[["at", "copy_at", "correlation", "dx", "dy", "mirrored"]]
    texts = {(at, copy_at): _alignment(*how) for at, copy_at, *how in columns.itertuples(index=False, name=None)}
    for line, position, group in zip(lines, shown.positions, shown.groups, strict=True):
        line.extend(texts.get((heads[group], position), []))


def _alignment(correlation: float, dx: int, dy: int, mirrored: bool) -> list[str]:
    moved = [f"moved {_signed(dx)}, {_signed(dy)}"] if dx or dy else []
    return [f"correlation {min(correlation, LARGEST):.3f}", *moved, *(["mirrored"] if mirrored else [])]


def _signed(pixels: int) -> str:
    return f"{pixels:+d}".replace("-", "−") if pixels else "0"


def _badges(positions: Positions, choice: Choice, facts: Facts) -> list[dict[str, str]]:
    """Return badge -> its explanation, for each image."""
    copies = {} if KINDS[choice.kind].groups else resources.data.labels_of_copies()
    marks: dict[str, list[str]] = {}
    for mark in resources.review.marks():
        marks.setdefault(mark.image_id, []).append(MARKS[mark.kind].title.lower())
    found = []
    for image_id in facts.manifest["image_id"].iloc[positions]:
        here = {}
        if labels := copies.get(image_id):
            here["copy has another label"] = f"An exact copy is labelled {' or '.join(labels)}."
        if titles := marks.get(image_id):
            here["marked"] = f"Marked as {' and '.join(titles)}."
        found.append(here)
    return found


def _tile(
    image_id: str, label: str, url: str | None, notes: Sequence[str], badges: dict[str, str], is_first: bool
) -> str:
    name = escape_html(image_id.rpartition("/")[2]).replace("_", "_<wbr>")  # where a long name may go on in a new line
    image = f'<img src="{url}" alt="" width="48" height="48">' if url else f"<small>{name}</small>"
    lines = "".join(f'<span class="note">{escape_html(note)}</span>' for note in notes)
    shown = "".join(f'<span class="badge" title="{escape_html(why)}">{badge}</span>' for badge, why in badges.items())
    spoken = escape_html(". ".join([f"Labelled {label}", *notes, *badges.values()]))
    attributes = f'aria-label="{spoken}" title="{escape_html(image_id)}" tabindex="{0 if is_first else -1}"'
    content = f'{image}<span class="true">{label}</span>{lines}{shown}'
    return clickable.button_html(image_id, content, attributes)
