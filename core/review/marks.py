"""Marks: what a person noted about one image of the data set. There is at most one mark of each kind per image."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.data.image_ids import suggestion
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened, unknown_name

LONGEST_NOTE = 500
"""Largest number of characters of a note."""


@dataclass(frozen=True)
class MarkKind:
    """What a mark says about an image."""

    title: str
    """Name on screen."""
    description: str
    """When to use it, without a full stop at the end."""
    shortcut: str
    """The letter that sets the mark on pages."""


WRONG_LABEL = "wrong-label"

KINDS: dict[str, MarkKind] = {
    WRONG_LABEL: MarkKind("Wrong label", "the label is wrong; say which one is right, if you know", "w"),
    "not-a-face": MarkKind("Not a face", "the image shows no face, or hardly any of it", "n"),
    "ambiguous": MarkKind("Ambiguous", "several labels are equally right", "a"),
    "interesting": MarkKind("Interesting", "worth another look, for any reason", "i"),
}


@dataclass(frozen=True)
class Mark:
    """One mark of an image."""

    image_id: str
    kind: str
    """A key of `KINDS`."""
    label: str | None
    """The right label of an image whose label is wrong; None if nobody has said which."""
    note: str
    """May be empty, and may have several lines."""
    time: str
    """When it was set, in ISO 8601 and UTC: 2026-07-26T12:34:56Z."""

    @property
    def key(self) -> tuple[str, str]:
        """The image and the kind: what makes two marks the same one."""
        return self.image_id, self.kind


def in_order(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks sorted by time, image and kind."""
    return tuple(sorted(marks, key=lambda mark: (mark.time, *mark.key)))


def now() -> str:
    """Return the present time in UTC, such as 2026-07-26T12:34:56Z."""
    return _utc(datetime.now(UTC))


def checked(mark: Mark, true_labels: Mapping[str, str]) -> Mark:
    """Return the mark with its note and time as they are stored.

    `true_labels` is image_id -> true label for all images of the data set. Raises InputError for a mark that says
    nothing about them, as by an unknown image, kind or label.
    """
    if mark.kind not in KINDS:
        raise unknown_name("kind of mark", mark.kind, KINDS)
    if mark.image_id not in true_labels:
        raise unknown_image(mark.image_id, true_labels)
    _check_label(mark, true_labels[mark.image_id])
    return Mark(mark.image_id, mark.kind, mark.label, _clean_note(mark.note), _clean_time(mark.time))


def unknown_image(image_id: str, known: Iterable[str]) -> InputError:
    """Return the error for an id that no image has. It names an image of the same file name, if there is one."""
    return InputError(f"unknown image '{shortened(image_id)}'; {suggestion(image_id, known)}")


def _check_label(mark: Mark, true_label: str) -> None:
    if mark.label is None:
        return
    if mark.label not in EMOTIONS:
        raise unknown_name("label", mark.label, EMOTIONS)
    if mark.kind != WRONG_LABEL:
        raise InputError(f"only {WRONG_LABEL} takes a label, {mark.kind} does not; leave the label out.")
    if mark.label == true_label:
        raise InputError(
            f"{shortened(mark.image_id)} is labelled {true_label}, so {true_label} cannot be the right label instead; "
            "choose another label."
        )


def _clean_note(text: str) -> str:
    """Return a note with newlines as its only line breaks, and without characters that cannot be written to a file."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    note = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", lines)
    if len(note) > LONGEST_NOTE:
        raise InputError(f"the note has {len(note):,} characters, but at most {LONGEST_NOTE} are kept; shorten it.")
    return note


def _clean_time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError
        return _utc(moment.astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise InputError(f"'{shortened(text)}' is no time in UTC such as 2026-07-26T12:34:56Z; correct it.") from error


def _utc(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"
