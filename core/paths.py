"""The folders of FERscope. Import this module, not its names, so that tests can replace a folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _folder(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or ROOT / default)


DATA_DIR = _folder("FERSCOPE_DATA", "data")
"""The shipped manifest, the mean faces, and imported data sets in `fer2013/`.

If FERSCOPE_DATA names another folder, it may lack the manifest and the mean faces: those in `data/` are then used.
"""

MODELS_DIR = _folder("FERSCOPE_MODELS", "models")
"""One folder per trained model."""

RUNS_DIR = _folder("FERSCOPE_RUNS", "runs")
"""Checkpoints of unfinished training runs, which git ignores."""
