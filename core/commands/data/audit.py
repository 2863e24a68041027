"""Count the copies, label conflicts, blank images and doubtful labels of the data set in use.

Without imported images, these are the counts of FER2013. For another data set, the command first searches for near
copies, which takes about a minute and is done once. If it is stopped with Ctrl+C, the next call goes on from there.
docs/near-copies.md says how near copies are defined, and what they are worth.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.commands.arguments import print_note
from core.commands.tables import print_table
from core.files import json_line

if TYPE_CHECKING:
    import pandas as pd

    from core.review.doubts.sources import Split

JSON_HELP = "print the counts as JSON; near copies and doubtful labels that are not known are null"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.add_argument(
        "--again", action="store_true", help="search for near copies again and report the time and memory on stderr"
    )


def run(options: argparse.Namespace) -> int:
    from core.data.shipped import load_manifest
    from core.review.doubts import SPLITS

    manifest = load_manifest()
    pairs = _searched_again() if options.again else _known_or_searched()
    counts = audit(manifest, pairs, {split: _doubtful(split) for split in SPLITS})
    if options.json:
        print(json_line(counts))
    else:
        _print_counts(counts)
        if pairs is not None:
            _print_worth(manifest, pairs)
    return 0


def audit(manifest: pd.DataFrame, pairs: pd.DataFrame | None, doubtful: Mapping[Split, int | None]) -> dict[str, Any]:
    """Return all counts of a data set. `pairs` are its near copies, None if they are not known."""
    from core.data.issues import blank, conflicts, copies, leaks
    from core.data.near_copies.counts import near_counts

    usage = manifest["usage"].value_counts(sort=False)
    duplicates = copies.duplicates(manifest)
    return {
        "images": len(manifest),
        "usage": {str(name): int(n) for name, n in usage.items()},
        "exact_copies": {
            "groups": int(duplicates["duplicate_group"].nunique()),
            "images": len(duplicates),
            "surplus": len(duplicates) - int(duplicates["duplicate_group"].nunique()),
            "label_conflicts": int(conflicts.label_conflicts(manifest)["duplicate_group"].nunique()),
            "leaked": len(leaks.leaks(manifest)),
        },
        "near_copies": None if pairs is None else near_counts(manifest, pairs),
        "blank": len(blank.blanks(manifest)),
        "doubtful": doubtful,
    }


def _known_or_searched() -> pd.DataFrame | None:
    """Return the near copies of the data set in use; search them if they are not known. None without its images."""
    from core.data.near_copies import load_pairs

    pairs = load_pairs()
    return _search() if pairs is None else pairs


def _searched_again() -> pd.DataFrame | None:
    """Search near copies, whatever is known, and print the CPU time and the memory of this process to stderr."""
    import time

    from core.data.near_copies import forget
    from core.data.store import required_import
    from core.runtime.memory import peak_mb

    forget(required_import())
    start = time.process_time()
    pairs = _search()
    peak = peak_mb()
    memory = "" if peak is None else f", at most {peak:,.0f} MB of memory"
    print_note(f"Searched near copies: {time.process_time() - start:.1f} s of CPU time{memory}.")
    return pairs


def _search() -> pd.DataFrame | None:
    from functools import partial

    from core.data.near_copies import search_pairs
    from core.data.store import current_import
    from core.runtime.progress_bar import progress_bar
    from core.runtime.threads import use_one_thread

    data = current_import()
    if data is None:
        print_note("Near copies are not counted: no images are imported. Run `python -m core import PATH` first.")
        return None
    use_one_thread()  # more threads take more CPU time and finish hardly earlier
    with progress_bar() as on_progress:
        found = search_pairs(data, partial(on_progress, "Search for near copies"))
    if found.note:
        print_note(found.note)
    return found.pairs


def _doubtful(split: Split) -> int | None:
    """Return the number of doubtful labels; None if there are no out-of-sample predictions."""
    from core.review.doubts import doubts
    from core.review.slice_columns import doubtful_ids

    table = doubts(split)
    return None if table is None else len(doubtful_ids(table))


def _print_counts(counts: dict[str, Any]) -> None:
    copies, near, doubtful = counts["exact_copies"], counts["near_copies"], counts["doubtful"]
    rows = [
        ("images", counts["images"]),
        *((f"of these {usage}", n) for usage, n in counts["usage"].items()),
        ("groups of exact copies", copies["groups"]),
        ("images in these groups", copies["images"]),
        ("surplus images", copies["surplus"]),
        ("groups with several labels", copies["label_conflicts"]),
        ("test images with an exact copy in Training", copies["leaked"]),
    ]
    for limit, found in (near or {}).items():
        rows += [
            (f"test images with a near copy in Training, correlation {limit} or more", found["test_images"]),
            ("of these without an exact copy", found["without_exact_copy"]),
            ("of these with another label than a near copy", found["other_label"]),
            (f"test images with a near copy without alignment, correlation {limit} or more", found["unaligned"]),
        ]
    rows += [("blank images", counts["blank"])]
    rows += [(f"doubtful labels of {split} images", n) for split, n in doubtful.items()]
    cells = [(name, "not known" if n is None else f"{n:,}") for name, n in rows]
    print_table(("", "images"), cells, title="Audit of the data set in use", numbers_from=1)


def _print_worth(manifest: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """Print the accuracy of each model on test images with copies and without, by its stored predictions."""
    from core.evaluation.copies import worth_of_copies
    from core.evaluation.predictions import join_shared_images
    from core.models.card import leading_first
    from core.models.store import read_cards, read_predictions

    rows, headings = [], ["model"]
    for card in leading_first(read_cards()[0]):
        scored = join_shared_images(read_predictions(card.name), manifest)
        if not (scored["split"] == "test").any():
            continue
        worth = worth_of_copies(scored, pairs)
        headings = ["model", *(f"{row.copies} (n = {row.images:,})" for row in worth.itertuples())]
        rows.append([card.name, *(_accuracy(row) for row in worth.to_dict("records"))])
    if rows:
        print_table(headings, rows, title="Accuracy by the copies that test images have in Training", numbers_from=1)


def _accuracy(row: dict[Any, Any]) -> str:
    return f"{row['accuracy']:.1%} ({row['low']:.1%} to {row['high']:.1%})" if row["images"] else "-"
