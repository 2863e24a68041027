"""Importing FER2013, and writing the facts about it that ship with FERscope."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core import paths
from core.callbacks import StageProgress, no_progress
from core.data import measures
from core.data.manifest import build_manifest, empty_manifest, fingerprint, manifest_bytes
from core.data.shipped import shipped_manifest
from core.data.sources import Source, read_source
from core.data.sources.base import LabelledImages
from core.data.store import current_import, npy_bytes, store_import
from core.exceptions import InputError
from core.files import replace_file


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    status: str
    """`imported`, or `identical` when it was in use already and nothing was written."""
    fingerprint: str
    images: int
    usage: dict[str, int]
    """Images of Training, PublicTest and PrivateTest."""
    matched: int
    """Images that the shipped manifest knows too: they have its split, and stored predictions."""
    unmatched: int
    """The others."""
    resized: int
    """Pictures of another size, brought to 48 x 48."""
    recoloured: int
    """Pictures in colour, brought to gray."""
    skipped: tuple[str, ...]
    """Pictures left out because they could not be read, each with the reason."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def sentences(self) -> list[str]:
        """The report for people."""
        usage = " · ".join(f"{name} {n:,}" for name, n in self.usage.items())
        done = "Imported" if self.status == "imported" else "Identical to the data in use, nothing was written:"
        lines = [
            f"{done} {self.images:,} images ({usage}).",
            f"{self.matched:,} are pictures of the Kaggle archive and have stored predictions; "
            f"{self.unmatched:,} are not.",
        ]
        if self.resized or self.recoloured:
            lines.append(f"Converted: {self.resized:,} of another size, {self.recoloured:,} not in 8-bit gray.")
        return lines + [f"Left out: {name}" for name in self.skipped]


def import_dataset(source: Source, *, skip_bad: bool = False, on_progress: StageProgress = no_progress) -> ImportReport:
    """Import the zip, folder or CSV at a path, or the zip or CSV in an open binary file with a name (an upload).

    Raises InputError for anything that cannot be used; what was imported before then stays as it was.
    """
    shipped = shipped_manifest()
    images = read_source(source, shipped, skip_bad, on_progress)
    mark, current = fingerprint(images), current_import()
    identical = current is not None and current.fingerprint == mark
    if not identical:
        on_progress("Measuring faces", 0, 1)
        store_import(mark, images.faces, build_manifest(images, shipped))
        on_progress("Measuring faces", 1, 1)
    return _report("identical" if identical else "imported", mark, images, shipped)


def write_shipped(source: Path, on_progress: StageProgress = no_progress) -> pd.DataFrame:
    """Write the manifest and the mean faces that ship with FERscope, from the Kaggle archive; no import does this."""
    images = read_source(source, empty_manifest(), skip_bad=False, on_progress=on_progress)
    if images.table["image_id"].str.startswith("csv/").any():
        raise InputError("A CSV has no picture names to make the manifest of; give archive.zip or its unpacked folder.")
    manifest = build_manifest(images)
    training = (manifest["usage"] == "Training").to_numpy()
    class_ids = manifest["true_label"].cat.codes.to_numpy().astype(np.int64)
    paths.DATA_DIR.mkdir(parents=True, exist_ok=True)
    replace_file(paths.DATA_DIR / "manifest.parquet", manifest_bytes(manifest))
    means = measures.class_means(images.faces[training], class_ids[training])
    replace_file(paths.DATA_DIR / "means.npy", bytes(npy_bytes(means)))
    return manifest


def _report(status: str, mark: str, images: LabelledImages, shipped: pd.DataFrame) -> ImportReport:
    matched = int(images.table["image_id"].isin(shipped["image_id"]).sum())
    return ImportReport(
        status=status,
        fingerprint=mark,
        images=len(images.table),
        usage={str(name): int(n) for name, n in images.table["usage"].value_counts(sort=False).items()},
        matched=matched,
        unmatched=len(images.table) - matched,
        resized=images.resized,
        recoloured=images.recoloured,
        skipped=images.skipped,
    )
