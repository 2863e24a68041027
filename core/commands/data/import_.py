"""Import FER2013, or a data set like it, from a folder, zip, tar or CSV.

Images need folders for the emotions, in train and test: train/happy/, test/sad/ and so on. Usual names are understood,
such as happiness and validation, and further folders around them do not matter. Images of the Kaggle archive are
recognised by their content, whatever their files are called. A CSV needs pixels and, as in fer2013.csv, emotion and
Usage; docs/data.md lists other forms.
"""

import argparse
from pathlib import Path

from core.files import json_line


def configure(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("path", nargs="?", type=Path, help="the folder, zip, tar or CSV to import")
    source.add_argument("--kaggle", action="store_true", help="download msambare/fer2013 with kagglehub and import it")
    parser.add_argument("--skip-bad", action="store_true", help="leave out images and rows that cannot be read")
    parser.add_argument(
        "--allow-missing", action="store_true", help="accept training or test images without some of the emotions"
    )
    parser.add_argument(
        "--classes",
        metavar="NAMES",
        help="what numbered classes mean: fer2013, affectnet, rafdb, or the names of classes 0, 1, ... such as "
        "happy,sad,-,... with - for a class to leave out",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(options: argparse.Namespace) -> int:
    from core.data.importing import import_dataset
    from core.data.kaggle import download_kaggle
    from core.data.sources.base import ReadOptions
    from core.data.sources.words import parse_classes
    from core.runtime.progress_bar import progress_bar

    classes = parse_classes(options.classes) if options.classes is not None else None
    read_options = ReadOptions(options.skip_bad, options.allow_missing, classes)
    source = download_kaggle() if options.kaggle else options.path
    with progress_bar() as on_progress:
        report = import_dataset(source, read_options, on_progress)
    print(json_line(report.as_dict()) if options.json else "\n".join(report.sentences()))
    return 0
