"""The files that come out of a film, and checks that none of them replaces a file of somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.exceptions import InputError, shortened

ENDINGS = (".parquet", ".csv", ".annotated.mp4", ".png", ".moments.png", ".summary.json")
"""Endings of the files. The summary is written last and marks the others as ours."""


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
        return self.path(".summary.json")

    @property
    def unfinished(self) -> Path:
        """Folder of what has been read so far. It is deleted at the end."""
        return self.folder / f"{self.name}.unfinished"

    def prepare(self) -> None:
        """Create the folder. Raises InputError if that fails, or if files of somebody else would be replaced."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            foreign = [] if self.summary.exists() else [name for name in ENDINGS if self.path(name).exists()]
        except OSError as error:
            raise InputError(
                f"The folder {shortened(self.folder, 80)} cannot be used ({error.strerror}); name another with --out."
            ) from error
        if foreign and not self.unfinished.exists():
            raise InputError(
                f"{shortened(self.path(foreign[0]), 120)} exists and is not the result of an earlier run; rename it, "
                "or name another folder with --out."
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
