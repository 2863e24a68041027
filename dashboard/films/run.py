"""One film being read: its temporary folder and its process."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any

from core.exceptions import InputError, shortened
from dashboard.films.child import FilmProcess
from dashboard.films.folders import FilmFolder
from dashboard.films.job import FilmRequest
from dashboard.films.limits import FILM_TYPES
from dashboard.films.results import FilmResult, read_results
from dashboard.plain_text import one_line

LONGEST_NAME = 60
"""Longer names of films are shortened in sentences."""

LONGEST_STEM = 40
"""Longer names of films are cut, because file systems limit names to 255 bytes."""

CRASHED = (
    "The film could not be read: the program that reads films was ended by the system (signal {}). The film may need "
    "more memory than this server has, or it is damaged. Try a shorter or smaller film."
)
UNEXPECTED = "The film could not be read because of an unexpected error, which is in the server's log."

Command = Callable[[Path, Path, FilmRequest], Sequence[str]]
"""Return the command that reads a film and writes its results to a folder."""


def video_command(film: Path, folder: Path, request: FilmRequest) -> list[str]:
    """Return the command that reads a film like `python -m core video`, and ends with this server."""
    models = [part for name in request.models for part in ("--model", name)]
    end = [] if request.end_s is None else ["--end", f"{request.end_s:g}"]
    options = ["--out", str(folder), *models, "--detector", request.detector, *end, "--json", "--json-progress"]
    return [sys.executable, "-m", "dashboard.films.reader", str(film), *options]


class FilmFailure(Exception):
    """A film could not be read. Its text is the sentence for the page; `log` is the text for the server's log."""

    def __init__(self, sentence: str, log: str = "") -> None:
        super().__init__(sentence)
        self.log = log


class FilmRun:
    """A folder with the film, and the process that reads it. Call `end` in every case."""

    def __init__(self, request: FilmRequest, command: Command, clock: Callable[[], float]) -> None:
        self._folder = FilmFolder()
        try:
            self._name, self._film = request.name, self._folder.path / disk_name(request.name)
            request.write(self._film)
            self._output = self._folder.path / "output.json"
            self.process = FilmProcess(command(self._film, self._folder.results, request), self._output, clock)
        except BaseException:
            self._folder.delete()
            raise

    def result(self) -> FilmResult:
        """Return the results after the end of the process. Raises `FilmFailure` if there are none."""
        code = self.process.exit_code()
        summary = self._summary()
        if isinstance(error := summary.get("error"), str):
            raise FilmFailure(self._in_the_visitors_words(error))
        if code and "error" not in summary:
            sentence = CRASHED.format(-code) if code < 0 else UNEXPECTED
            raise FilmFailure(sentence, f"The command video ended with {code}.\n{self.process.notes()}")
        try:
            return read_results(self._folder.results, self._film.stem, self._name)
        except InputError as error:
            raise FilmFailure(str(error), self.process.notes()) from error

    def _in_the_visitors_words(self, error: str) -> str:
        """Return a sentence of the command with the visitor's name of the film, if it names the film at all."""
        name = one_line(self._name, LONGEST_NAME)
        return error.replace(str(self._film), name).replace(self._film.name, name)

    def _summary(self) -> dict[str, Any]:
        """Return the summary that the process has printed; an empty one if it has printed none."""
        lines = self._output.read_text(encoding="utf-8", errors="replace").splitlines()
        try:
            values = json.loads(lines[-1]) if lines else {}
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    def end(self) -> None:
        """Kill the process if it is still running, and delete the folder."""
        self.process.kill()
        self._folder.delete()


def disk_name(name: str) -> str:
    """Return a name for the film in its folder: like the visitor's, but short and safe in every file system."""
    path = PurePath(name)
    stem = re.sub(r"[^\w.-]+", "_", path.stem).strip("._-")[:LONGEST_STEM]
    ending = path.suffix.lower()
    return f"{stem or 'film'}{ending if ending[1:] in FILM_TYPES else '.film'}"


def disk_error(error: OSError) -> str:
    """Return the sentence for a film that could not be written to its folder."""
    reason = shortened(error.strerror or "unknown error", 80)
    return f"The film could not be written to the server's disk ({reason}). Try again later, or with a smaller film."
