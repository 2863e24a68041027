"""The results of a film, read from the folder of the command into memory."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.exceptions import InputError
from core.files import json_line
from core.video.files.endings import ENDINGS, FILM, PARQUET, SUMMARY

MAX_ANNOTATED_MB = 1000
"""An annotated film that is larger than this is left out, so that one visitor cannot fill the server's memory."""

TOO_LARGE = (
    "The annotated film has {:,.0f} MB, which is too much for this page. The command `python -m core video` writes it "
    "to your disk."
)


@dataclass(frozen=True)
class FilmResult:
    """All results of one film."""

    summary: dict[str, Any]
    """The summary of the command `video`; docs/video.md describes it."""
    table: pd.DataFrame
    """One row per frame, face and model."""
    files: dict[str, bytes]
    """Ending of a file's name, such as `.annotated.mp4` or `.csv` -> its content. A file may be missing."""
    notes: tuple[str, ...] = ()
    """Sentences of this page, beside those of the summary."""

    @property
    def models(self) -> list[str]:
        """Names of the models, in the order in which they were chosen. Without any face, there are none."""
        return [str(name) for name in self.table["model"].unique()]

    def file(self, ending: str) -> bytes | None:
        """Return the content of a file; None if there is no such file."""
        return self.files.get(ending)


def read_results(folder: Path, stem: str, name: str) -> FilmResult:
    """Read the files `stem` + ending of a folder. Raises InputError if the table or the summary is missing.

    `name` is the name of the film's file as the visitor knows it. The summary contains it in place of its path.
    """
    files, notes = {}, []
    for ending in ENDINGS:
        path = folder / f"{stem}{ending}"
        if not path.exists():
            continue
        if ending == FILM and path.stat().st_size > MAX_ANNOTATED_MB * 1e6:
            notes.append(TOO_LARGE.format(path.stat().st_size / 1e6))
            continue
        files[ending] = path.read_bytes()
    if PARQUET not in files or SUMMARY not in files:
        raise InputError("The film was read, but its results are incomplete. Read the film again.")
    table = pd.read_parquet(io.BytesIO(files[PARQUET]))
    summary = {**json.loads(files[SUMMARY]), "video": name}
    files[SUMMARY] = f"{json_line(summary)}\n".encode()
    return FilmResult(summary, table, files, tuple(notes))
