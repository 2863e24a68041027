"""The files that come out of a film, and checks that none of them replaces a file of somebody else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from errno import ENAMETOOLONG
from pathlib import Path
from typing import Any

from core.exceptions import InputError, shortened
from core.files import read_regular_file
from core.video.files.endings import ENDINGS, FILM, SUMMARY
from core.video.files.unfinished import Unfinished

MAX_SUMMARY_BYTES = 64_000_000

SUMMARY_START = b'{"video": '
"""The first bytes of every summary."""


@dataclass(frozen=True)
class Outputs:
    """Paths of the files that come out of one film."""

    folder: Path
    name: str
    """Name of the film without its last suffix."""

    def path(self, ending: str) -> Path:
        """Return the path of the file with one of `ENDINGS`."""
        return self.folder / f"{self.name}{ending}"

    @property
    def summary(self) -> Path:
        """The summary as JSON."""
        return self.path(SUMMARY)

    @property
    def unfinished(self) -> Path:
        """Folder of what has been read so far. It is deleted at the end."""
        return self.folder / f"{self.name}.unfinished"

    def prepare(self) -> None:
        """Create the folder. Raises InputError if that fails, or if files of somebody else would be replaced."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            foreign = self._foreign()
        except OSError as error:
            if error.errno != ENAMETOOLONG:
                raise self._unusable(error) from error
            raise InputError(
                f"The name {shortened(self.name, 80)} is too long for the files that come out of the film; "
                "give the film a shorter one."
            ) from error
        if foreign:
            raise InputError(
                f"{shortened(foreign[0], 120)} exists and is not the result of an earlier run; rename it, "
                "or name another folder with --out."
            )

    def finished(self, run: str) -> dict[str, Any] | None:
        """Return the summary of the run with this id if all its files are still there; otherwise None."""
        try:
            summary = json.loads(read_regular_file(self.summary, MAX_SUMMARY_BYTES))
        except (InputError, ValueError, RecursionError):
            return None
        if not isinstance(summary, dict) or summary.get("run") != run:
            return None
        has_film = summary.get("annotated") is True
        endings = [ending for ending in ENDINGS if ending != FILM or has_film]
        return summary if all(self.path(ending).exists() for ending in endings) else None

    def is_annotated_film(self, film: Path) -> bool:
        """Return whether a film is the annotated one that an earlier run has written."""
        return film == self.path(FILM) and self._has_summary()

    def _has_summary(self) -> bool:
        try:
            with self.summary.open("rb") as file:
                return file.read(len(SUMMARY_START)) == SUMMARY_START
        except OSError:
            return False

    def _foreign(self) -> list[Path]:
        """Return the files that would be replaced and are not known to come from an earlier run."""
        found = [path for path in map(self.path, ENDINGS) if path.exists()]
        if not found or Unfinished(self.unfinished).exists():
            return []
        if not self.summary.exists():
            return found
        return [] if self._has_summary() else [self.summary]

    def _unusable(self, error: OSError) -> InputError:
        return InputError(
            f"The folder {shortened(self.folder, 80)} cannot be used ({error.strerror}); name another with --out."
        )


def outputs_of(films: Sequence[Path], folder: Path) -> list[Outputs]:
    """Return the outputs of each film. Films of the same name get numbers: `clip`, `clip-2`, in the order given."""
    taken: set[str] = set()
    outputs = []
    for film in films:
        name, number = film.stem, 1
        while name.casefold() in taken:  # some file systems do not tell upper from lower case
            number += 1
            name = f"{film.stem}-{number}"
        taken.add(name.casefold())
        outputs.append(Outputs(folder, name))
    return outputs


def without_annotated(films: Sequence[Path]) -> list[Path]:
    """Return the films without those that earlier runs have annotated, which patterns such as `*.mp4` match too."""
    return [film for film in films if not Outputs(film.parent, film.name.removesuffix(FILM)).is_annotated_film(film)]
