"""Import FER2013, and write the files about it that ship with FERscope."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core import paths
from core.callbacks import StageProgress, no_progress
from core.data import faces_of_class, measures
from core.data.manifest import build_manifest, empty_manifest, fingerprint, manifest_bytes
from core.data.shipped import shipped_manifest
from core.data.sources import Source, read_source
from core.data.sources.base import DEFAULT_OPTIONS, LabelledImages, ReadOptions, listed
from core.data.store import current_import, npy_bytes, store_import
from core.exceptions import InputError
from core.files import replace_file


@dataclass(frozen=True)
class ImportReport:
    """Result of an import."""

    status: str
    """`imported`, or `identical` if this data set was already in use and nothing was written."""
    fingerprint: str
    images: int
    usage: dict[str, int]
    """Number of images in Training, PublicTest and PrivateTest."""
    matched: int
    """Number of images listed in the shipped manifest. It sets their split, and predictions for them are stored."""
    unmatched: int
    """Number of images that the shipped manifest does not list."""
    resized: int
    """Number of images that were resized to 48 x 48 pixels."""
    recoloured: int
    """Number of images that were converted to 8-bit gray."""
    skipped: tuple[str, ...]
    """One text per image that could not be read and was left out: its name and the reason."""
    left_out: dict[str, int]
    """Folder, class of a CSV, or kind of file -> number of images or files that were left out because of it."""
    notes: tuple[str, ...]
    """Sentences on how names, classes and splits were understood."""

    def as_dict(self) -> dict[str, object]:
        return asdict(self)

    def sentences(self) -> list[str]:
        """Return the report as lines of text, for the command line and the Dataset page."""
        usage = " · ".join(f"{name} {n:,}" for name, n in self.usage.items())
        opening = "Imported" if self.status == "imported" else "Identical to the data in use, so nothing was written:"
        lines = [
            f"{opening} {self.images:,} images ({usage}).",
            f"{self.matched:,} of them are in the Kaggle archive and have stored predictions; "
            f"{self.unmatched:,} are not.",
            *self.notes,
        ]
        if self.resized or self.recoloured:
            lines.append(
                f"Converted: {self.resized:,} images to 48 x 48 pixels, {self.recoloured:,} images to 8-bit gray."
            )
        if self.left_out:
            places = [f"{n:,} in {place}" for place, n in sorted(self.left_out.items(), key=lambda item: -item[1])]
            lines.append(f"Not read, because they are no images of the seven emotions: {listed(places, 10, 60)}.")
        return lines + [f"Left out: {image}" for image in self.skipped]


def import_dataset(
    source: Source, options: ReadOptions = DEFAULT_OPTIONS, on_progress: StageProgress = no_progress
) -> ImportReport:
    """Import FER2013, or a data set like it, from a path (folder, archive or CSV) or an uploaded file.

    Raises InputError if the source cannot be used; the previous import then stays in use.
    """
    shipped = shipped_manifest()
    images = read_source(source, shipped, options, on_progress)
    new_fingerprint, current = fingerprint(images), current_import()
    identical = current is not None and current.fingerprint == new_fingerprint
    if not identical:
        on_progress("Measuring faces", 0, 1)
        store_import(new_fingerprint, images.faces, build_manifest(images, shipped))
        on_progress("Measuring faces", 1, 1)
    return _report("identical" if identical else "imported", new_fingerprint, images, shipped)


def write_shipped(source: Path, on_progress: StageProgress = no_progress) -> pd.DataFrame:
    """Write the manifest, and the mean and the variance of the faces, that ship with FERscope; return the manifest.

    The source is the Kaggle archive or its unpacked folder. `import_dataset` never writes these files.
    """
    images = read_source(source, empty_manifest(), DEFAULT_OPTIONS, on_progress)
    if images.table["image_id"].str.startswith("csv/").any():
        raise InputError("The manifest needs image names, and a CSV has none; use archive.zip or its unpacked folder.")
    manifest = build_manifest(images)
    is_training = (manifest["usage"] == "Training").to_numpy()
    class_ids = manifest["true_label"].cat.codes.to_numpy().astype(np.int64)
    paths.DATA_DIR.mkdir(parents=True, exist_ok=True)
    replace_file(paths.DATA_DIR / "manifest.parquet", manifest_bytes(manifest))
    training = images.faces[is_training], class_ids[is_training]
    replace_file(paths.DATA_DIR / "means.npy", bytes(npy_bytes(measures.class_means(*training))))
    replace_file(paths.DATA_DIR / "variances.npy", bytes(npy_bytes(faces_of_class.class_variances(*training))))
    return manifest


def _report(status: str, data_fingerprint: str, images: LabelledImages, shipped: pd.DataFrame) -> ImportReport:
    matched = int(images.table["image_id"].isin(shipped["image_id"]).sum())
    return ImportReport(
        status=status,
        fingerprint=data_fingerprint,
        images=len(images.table),
        usage={str(name): int(n) for name, n in images.table["usage"].value_counts(sort=False).items()},
        matched=matched,
        unmatched=len(images.table) - matched,
        resized=images.resized,
        recoloured=images.recoloured,
        skipped=images.skipped,
        left_out=dict(images.left_out),
        notes=images.notes,
    )
