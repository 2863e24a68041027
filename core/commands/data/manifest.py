"""Write the files about FER2013 that ship with FERscope (for maintainers).

data/manifest.parquet lists every image; data/means.npy contains the mean face of each emotion, and data/variances.npy
the variance of each of its pixels.
"""

import argparse
from pathlib import Path


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, help="Kaggle's archive.zip or its unpacked folder")


def run(options: argparse.Namespace) -> int:
    from core import paths
    from core.data.importing import write_shipped
    from core.runtime.progress_bar import progress_bar

    with progress_bar() as on_progress:
        manifest = write_shipped(options.path, on_progress)
    print(
        f"Wrote {len(manifest):,} rows to {paths.DATA_DIR / 'manifest.parquet'}, "
        "and means.npy and variances.npy to the same folder."
    )
    return 0
