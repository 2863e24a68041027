"""The folders of FERscope. Write `paths.DATA_DIR` wherever you use one, so that tests can replace it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _folder(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or ROOT / default)


DATA_DIR = _folder("FERSCOPE_DATA", "data")
"""The shipped manifest, the mean faces, and imported data sets in `fer2013/`.

If FERSCOPE_DATA names another folder, only the imports must be there.
"""

MODELS_DIR = _folder("FERSCOPE_MODELS", "models")
"""One folder per trained model."""

RUNS_DIR = _folder("FERSCOPE_RUNS", "runs")
"""Checkpoints of unfinished training runs; not in git."""
