"""Where the files of a clean list go: into a folder or into a zip."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""The same date in all zips, so that the same list gives the same bytes."""


class Sink(Protocol):
    """Takes files, one after the other."""

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Write a new file with this path, whose parts are separated by slashes."""
        ...


class FolderSink:
    """Writes files into a folder, which exists."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = {folder}

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        path = self._folder / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        with path.open("xb") as file:
            yield file


class ZipSink:
    """Writes files into an open zip. PNGs are stored as they are, because they are compressed already."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        entry = zipfile.ZipInfo(name, ZIP_DATE)
        entry.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self._archive.open(entry, "w") as file:
            yield file
