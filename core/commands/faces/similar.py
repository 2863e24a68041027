"""Find the images of the imported data set whose faces are most like a given one.

Faces are compared by their embedding, the input of the last layer of the default network. The distance is 1 minus the
cosine of the angle between two embeddings. Exact copies come first, with the distance 0. An image does not find itself.
The embeddings of all images are computed at first use, and then kept beside the imported images.

With --measure, no face is looked up. The command measures on val how well several distances find faces of the same
label and altered copies, with a network that was not trained on val.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.commands.faces.one_face import FACE_HELP, read_face
from core.commands.options import positive_int
from core.commands.tables import print_table
from core.exceptions import InputError
from core.files import json_line

if TYPE_CHECKING:
    import pandas as pd

    from core.data.store import Import
    from core.evaluation.neighbours import Index

DEFAULT_COUNT = 8

JSON_HELP = "print JSON: a list of image_id, true_label, split and distance; with --measure, of shares 0..1"

COLUMNS = "image_id", "true_label", "split", "distance"

EXACT_COPY = "0 (exact copy)"

EMBEDDING = "Embed the images"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("face", nargs="?", metavar="FILE|IMAGE_ID", help=FACE_HELP)
    parser.add_argument(
        "-k",
        type=positive_int,
        metavar="N",
        help=f"number of images to find (default: {DEFAULT_COUNT})",
    )
    parser.add_argument(
        "--measure", metavar="MODEL", help="compare distances on val, with this network, such as cnn-student-2"
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.data.store import required_import

    _check_combination(options)
    if options.measure is not None:
        return _measure(options.measure, required_import(), options.json)
    data = required_import()
    face, image_id, _ = read_face(options.face)
    manifest = data.manifest()
    others = len(manifest) - (image_id is not None)
    if options.k and options.k > others:
        raise InputError(f"the data set has {others:,} other images; choose a smaller -k than {options.k:,}.")
    found = _index(data).nearest(face, options.k or DEFAULT_COUNT, without=image_id)
    _print(found.merge(manifest[["image_id", "true_label", "split"]], on="image_id", how="left"), options.json)
    return 0


def _check_combination(options: argparse.Namespace) -> None:
    """Raise InputError for options that do not belong together, and if there is nothing to do."""
    of_one_face = {"FILE|IMAGE_ID": options.face, "-k": options.k}
    unfit = [name for name, value in of_one_face.items() if options.measure and value is not None]
    if unfit:
        raise InputError(f"{unfit[0]} can only be used without --measure.")
    if options.measure is None and options.face is None:
        raise InputError("no face is given; name an image file or an image of the data set, or add --measure.")


def _index(data: Import) -> Index:
    """Return the index of an import, with a progress bar if it must be computed."""
    from core.evaluation.neighbours import is_stored, load_index, load_network
    from core.runtime.progress_bar import progress_bar

    network = load_network()
    if is_stored(data, network):
        return load_index(data, network).index
    with progress_bar() as on_progress:
        stored = load_index(data, network, partial(on_progress, EMBEDDING))
    if stored.note:
        print_note(stored.note)
    return stored.index


def _print(found: pd.DataFrame, as_json: bool) -> None:
    rows: list[dict[Any, Any]] = found[list(COLUMNS)].astype({"true_label": str, "split": str}).to_dict("records")
    if as_json:
        print(json_line(rows))
        return
    cells = ([row["image_id"], row["true_label"], row["split"], _distance_text(row["distance"])] for row in rows)
    print_table(("image", "label", "split", "distance"), cells, numbers_from=3, simple=True)


def _distance_text(distance: float) -> str:
    return EXACT_COPY if distance == 0 else f"{distance:.4f}"


def _measure(model: str, data: Import, as_json: bool) -> int:
    from core.benchmarks.similarity import load_embed, measure
    from core.runtime.progress_bar import progress_bar

    embed = load_embed(model)
    with progress_bar() as on_progress:
        table = measure(embed, data, partial(on_progress, EMBEDDING))
    results: list[dict[Any, Any]] = table.to_dict("records")
    if as_json:
        print(json_line(results))
        return 0
    print_table(
        ("distance", *(name.replace("_", " ") for name in table.columns[1:])),
        ([row["distance"], *(f"{share:.1%}" for share in list(row.values())[1:])] for row in results),
        title=f"Found among the images of train and val by {model}",
        numbers_from=1,
    )
    return 0
