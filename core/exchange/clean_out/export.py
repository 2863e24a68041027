"""Export the clean list of the data set in use."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from core.callbacks import StageProgress, no_progress
from core.data.store import required_import
from core.exceptions import unknown_name
from core.exchange.clean_out import contents
from core.exchange.clean_out.cleaned import Cleaned
from core.exchange.clean_out.contents import WriteImages
from core.exchange.clean_out.report import notes
from core.exchange.clean_out.sinks import FolderSink, ZipSink
from core.exchange.clean_out.target import written_beside
from core.review.clean_list import Choice, clean_list, stored_facts

ZIP_NAME = "fer2013-clean.zip"

ZIP_CONTENTS: dict[str, WriteImages] = {"zip": contents.write_images, "csv": contents.write_table}
"""Form -> function that writes its images, for forms that fit into one zip."""


@dataclass(frozen=True)
class Exported:
    """What `export_clean` has written."""

    folder: Path
    kept: int
    left_out: int
    """Numbers of images."""
    notes: tuple[str, ...]
    """Sentences about what is missing."""


def export_clean(folder: Path, form: str, choice: Choice, on_progress: StageProgress = no_progress) -> Exported:
    """Write the clean list of the data set in use with its images, in one of `FORMS`, and a report into a new folder.

    The folder is written whole or not at all. Raises InputError for an unknown form, if nothing is imported, if a rule
    cannot be applied, if no image is left, and if the folder is not empty or cannot be written.
    """
    if form not in FORMS:
        raise unknown_name("form", form, FORMS)
    with written_beside(folder) as unfinished:  # first, because a folder that cannot be written is found at once
        data = required_import()
        manifest = data.manifest()
        facts = stored_facts(choice.drop, manifest)
        note = facts.note(choice.drop)
        cleaned = Cleaned(
            choice, clean_list(choice, facts), manifest, data.faces(), data.fingerprint, (note,) if note else ()
        )
        FORMS[form](unfinished, cleaned, on_progress)
    return Exported(folder, cleaned.size, len(manifest) - cleaned.size, tuple(notes(cleaned)))


def write_zip(path: Path | IO[bytes], form: str, cleaned: Cleaned, on_progress: StageProgress = no_progress) -> None:
    """Write one zip with everything, to a path or an open file: images or fer2013.csv, the list and the report.

    `form` is a key of `ZIP_CONTENTS`.
    """
    with zipfile.ZipFile(path, "w") as archive:
        sink = ZipSink(archive)
        contents.write_list_and_report(sink, cleaned, _command(form, cleaned))
        ZIP_CONTENTS[form](sink, cleaned, on_progress)


def _write_folder(folder: Path, cleaned: Cleaned, on_progress: StageProgress) -> None:
    contents.write_images(FolderSink(folder), cleaned, on_progress)
    contents.write_list_and_report(FolderSink(folder), cleaned, _command("folder", cleaned))


def _write_zip(folder: Path, cleaned: Cleaned, on_progress: StageProgress) -> None:
    # The list is in the zip alone: beside it, an import of the folder would take it for the data set.
    write_zip(folder / ZIP_NAME, "zip", cleaned, on_progress)
    contents.write_report(FolderSink(folder), cleaned, _command("zip", cleaned))


def _write_csv(folder: Path, cleaned: Cleaned, on_progress: StageProgress) -> None:
    contents.write_table(FolderSink(folder), cleaned, on_progress)
    contents.write_list_and_report(FolderSink(folder), cleaned, _command("csv", cleaned))


def _command(form: str, cleaned: Cleaned) -> str:
    return f"python -m core export-clean DIR --form {form} --drop {cleaned.choice.text}"


FORMS: dict[str, Callable[[Path, Cleaned, StageProgress], None]] = {
    "folder": _write_folder,
    "zip": _write_zip,
    "csv": _write_csv,
}
"""Name -> function that writes a clean list into an empty folder."""
