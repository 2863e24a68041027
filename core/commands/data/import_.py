"""Import FER2013 from Kaggle's archive.zip, its unpacked folder, fer2013.csv or icml_face_data.csv."""

import argparse
import json
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("path", nargs="?", type=Path, help="the zip file, folder or CSV file to import")
    source.add_argument("--kaggle", action="store_true", help="download msambare/fer2013 with kagglehub and import it")
    parser.add_argument("--skip-bad", action="store_true", help="leave out images that cannot be read")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(options: argparse.Namespace) -> int:
    from core.data.importing import import_dataset
    from core.data.kaggle import download_kaggle
    from core.runtime.progress_bar import progress_bar

    source = download_kaggle() if options.kaggle else options.path
    with progress_bar() as on_progress:
        report = import_dataset(source, skip_bad=options.skip_bad, on_progress=on_progress)
    print(json.dumps(report.as_dict()) if options.json else "\n".join(report.sentences()))
    return 0
