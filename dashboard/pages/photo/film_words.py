"""The results of a film in sentences and as a table of its faces."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.emotions import EMOTIONS
from core.video.times import clock
from dashboard.components import wording
from dashboard.films.results import FilmResult
from dashboard.plain_text import escape_markdown, one_line

MAX_FACES = 20
"""Faces in the table and in the choice of a timeline. Films of crowds have many that are seen for a moment only."""

ONLY_THE_BEGINNING = (
    "Only the first {:g} minutes of this film were read, because this server reads no more. On your own computer, the "
    "command `python -m core video` reads films of any length."
)


def faces_sentence(result: FilmResult, model: str) -> str:
    """Say as Markdown how many faces were found, and how the face that was seen longest was read by a model."""
    faces = result.summary["faces"]
    longest = longest_face(result)
    face = next(face for face in faces if face["face"] == longest)
    share = face["models"][model]["share"]
    label = max(share, key=share.__getitem__)
    found = "**1 face was found.** It" if len(faces) == 1 else f"**{len(faces)} faces were found.** Face {longest}"
    return (
        f"{found} is in view from {clock(face['first_s'])} to {clock(face['last_s'])}. "
        f"The predicted expression of {escape_markdown(model)} is most often **{label}**: in "
        f"{wording.percent(share[label], 0)} of the frames with this face."
    )


def face_description(result: FilmResult, face: int, model: str) -> str:
    """Return the finding of a face's timeline as plain text: its labels by a model, and how often the label changed."""
    [found] = [one for one in result.summary["faces"] if one["face"] == face]
    values = found["models"][model]
    shares = sorted(values["share"].items(), key=lambda item: -item[1])
    labels = ", ".join(f"{label} in {wording.percent(share, 0)}" for label, share in shares[:3] if share > 0)
    changes = "once" if values["changes"] == 1 else f"{values['changes']} times"
    return f"Face {face} by {one_line(model)}: {labels} of the frames; the label changes {changes}"


def faces_description(result: FilmResult, faces: Sequence[int], model: str) -> str:
    """Return the finding of the timeline of several faces as plain text: the most frequent label of each."""
    shares = {one["face"]: one["models"][model]["share"] for one in result.summary["faces"] if one["face"] in faces}
    labels = [
        f"face {face} mostly {label} ({wording.percent(share[label], 0)})"
        for face, share in shares.items()
        for label in [max(share, key=share.__getitem__)]
    ]
    return f"{len(labels)} faces by {one_line(model)}: {'; '.join(labels)}"


def reading_sentence(summary: dict[str, Any]) -> str:
    """Say how long the film is, and how many of its frames were read by which detector."""
    length = wording.duration(summary["seconds"])
    frames = f"{summary['read']:,} of {summary['frames']:,} frames read"
    return f"{length} of film, {frames} · faces found by {escape_markdown(summary['detector'])}"


def notes(result: FilmResult, end_s: float | None) -> list[str]:
    """Return sentences on what was left out or could not be read, as plain text."""
    # Films that do not state their length, such as recordings of browsers, seem to end where the reading ended.
    is_cut = end_s is not None and result.summary["seconds"] > end_s - 0.2
    beginning = [ONLY_THE_BEGINNING.format(end_s / 60)] if end_s is not None and is_cut else []
    return [*beginning, *result.notes, *result.summary["notes"]]


def longest_face(result: FilmResult) -> int:
    """Return the number of the face with the most rows. There must be a face."""
    return int(result.table["face"].mode().iloc[0])


def main_faces(result: FilmResult) -> list[int]:
    """Return the numbers of the faces with the most rows, at most `MAX_FACES`, in ascending order."""
    return sorted(result.table["face"].value_counts().index[:MAX_FACES].tolist())


def faces_left_out(result: FilmResult) -> int:
    """Return the number of faces that `main_faces` leaves out."""
    return max(0, len(result.summary["faces"]) - MAX_FACES)


def faces_table(result: FilmResult) -> pd.DataFrame:
    """Return one row per face and model, with texts for the screen."""
    shown = set(main_faces(result))
    rows = [
        {
            "Face": face["face"],
            "In view": f"{clock(face['first_s'])} to {clock(face['last_s'])}",
            "Model": model,
            **{emotion: wording.percent(values["share"][emotion], 0) for emotion in EMOTIONS},
            "Certain": wording.percent(values["certain_share"], 0),
            "Changes of label": values["changes"],
        }
        for face in result.summary["faces"]
        if face["face"] in shown
        for model, values in face["models"].items()
    ]
    return pd.DataFrame(rows)
