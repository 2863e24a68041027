"""Write the images of the data set without copies, blank images, contradictory labels and the like.

--drop lists what to leave out, such as exact,near,blank,conflicts,marked,doubtful:0.05, or none. DIR is a new folder.
It gets a report and, by --form, folders with PNGs, a zip of them, or fer2013.csv. `import DIR` and `train --data DIR`
read it. docs/clean-list.md explains the rules.
"""

import argparse
from pathlib import Path

from core.commands.arguments import print_note


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder to write, new or empty")
    parser.add_argument("--form", default="folder", metavar="FORM", help="folder, zip or csv (default: folder)")
    parser.add_argument(
        "--drop",
        default="exact,blank,conflicts,marked",
        metavar="LIST",
        help="what to leave out, such as exact,near,blank,conflicts,marked,doubtful:0.05 (default: "
        "exact,blank,conflicts,marked)",
    )


def run(options: argparse.Namespace) -> int:
    from core.exchange.clean_out import export_clean
    from core.review.clean_list import parse_drop
    from core.runtime.progress_bar import progress_bar
    from core.runtime.streams import printable

    choice = parse_drop(options.drop)
    with progress_bar() as on_progress:
        exported = export_clean(options.folder, options.form, choice, on_progress)
    for note in exported.notes:
        print_note(note)
    print(
        f"{printable(str(exported.folder))}: {exported.kept:,} images, without {exported.left_out:,}. The report in it "
        "says why each was left out."
    )
    return 0
