"""Where things lie. Read these as `paths.DATA_DIR` at the moment of use, so that tests can point them elsewhere."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _folder(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or ROOT / default)


DATA_DIR = _folder("FERSCOPE_DATA", "data")
"""The shipped manifest, the mean faces, and imported data sets in `fer2013/`; another folder needs the last only."""

MODELS_DIR = _folder("FERSCOPE_MODELS", "models")
"""One folder a trained model."""

RUNS_DIR = _folder("FERSCOPE_RUNS", "runs")
"""Checkpoints of unfinished training runs; not in git."""
