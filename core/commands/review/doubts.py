"""List the images whose label is doubtful: an out-of-sample model finds it improbable. No label is changed.

Test images are judged by the default network, which was not trained on them; Training images by cross-validation
(`cross-validate`). The score is the probability of the image's label, 0..1, so a small one is doubtful. Without -o, the
20 most doubtful images are printed, and the most frequent pairs of label and suggested label. docs/doubts.md has more.

With --faces, the command lists images that may show no face: no detector finds one, and they are unlike all others.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.commands.arguments import print_note
from core.commands.options import output_file
from core.commands.tables import print_table
from core.exceptions import InputError
from core.runtime.streams import printable

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20
"""Number of images and of pairs that are printed."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--split",
        choices=("test", "training"),
        help="test: PublicTest and PrivateTest (default); training: train and val, after `cross-validate`",
    )
    parser.add_argument(
        "--faces", action="store_true", help="list images that may show no face instead; takes minutes at first"
    )
    parser.add_argument("-o", dest="output", type=Path, metavar="FILE", help="write all images to this CSV file")


def run(options: argparse.Namespace) -> int:
    file = output_file(options.output, "doubts.csv") if options.output else None
    if options.faces:
        return _list_not_faces(options, file)
    split = options.split or "test"
    table = _doubts(split)
    if file:
        _write(options.output, file, table)
    else:
        _print_doubts(table, split)
    return 0


def _doubts(split: str) -> pd.DataFrame:
    from core.review.doubts import doubts

    table = doubts("training" if split == "training" else "test")
    if table is not None:
        return table
    if split == "training":
        raise InputError(
            "there are no out-of-sample predictions of the Training images of this data set; "
            "run `python -m core cross-validate cnn-seed` first."
        )
    raise InputError("the default network has predicted no test image of this data set; train it, or import FER2013.")


def _write(name: Path, file: Path, table: pd.DataFrame) -> None:
    from core.csv_out import csv_bytes
    from core.files import replace_file

    replace_file(file, csv_bytes(table))
    print(printable(f"{name}: {len(table):,} images."))


def _print_doubts(table: pd.DataFrame, split: str) -> None:
    from core.review.doubts import DOUBTFUL_BELOW, doubt_pairs

    columns = ("image_id", "true_label", "suggested_label", "score", "rank", "rank_in_class")
    rows = table.head(SHOWN)[list(columns)].itertuples(index=False)
    print_table(
        ("image", "label", "suggested", "score", "rank", "in class"),
        [(*map(str, row[:3]), f"{row[3]:.4f}", f"{row[4]:,}", f"{row[5]:,}") for row in rows],
        numbers_from=3,
        simple=True,
    )
    doubtful = int((table["score"] < DOUBTFUL_BELOW).sum())
    print(
        f"{doubtful:,} of {len(table):,} images ({doubtful / len(table):.1%}) of {split} score below {DOUBTFUL_BELOW}."
    )
    pairs = doubt_pairs(table).head(SHOWN).astype({"true_label": str, "suggested_label": str})
    if doubtful:
        print_table(
            ("label", "suggested", "images", "of the label"),
            [
                (str(pair.true_label), str(pair.suggested_label), f"{pair.images:,}", f"{pair.share_of_class:.1%}")
                for pair in pairs.itertuples()
            ],
            title=f"Scores below {DOUBTFUL_BELOW}",
            numbers_from=2,
        )


def _list_not_faces(options: argparse.Namespace, file: Path | None) -> int:
    from core.data.store import required_import
    from core.review.doubts.not_faces import not_faces
    from core.runtime.progress_bar import progress_bar

    if options.split:
        raise InputError("--split cannot be used with --faces, which lists images of all splits.")
    with progress_bar() as on_progress:
        found = not_faces(required_import(), on_progress)
    if found.note:
        print_note(found.note)
    if file:
        _write(options.output, file, found.table)
        return 0
    rows = found.table.head(SHOWN).itertuples()
    print_table(
        ("image", "label", "distance"),
        [(str(row.image_id), str(row.true_label), f"{row.distance:.3f}") for row in rows],
        numbers_from=2,
        simple=True,
    )
    print(
        f"{len(found.table):,} images may show no face; -o FILE.csv writes them all. Look at them before you mark one."
    )
    return 0
