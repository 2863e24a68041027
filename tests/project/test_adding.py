"""Add a model family and a model to a copy of the project, as docs/contributing.md describes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import PIL.Image
import pytest
from skimage.data import astronaut

from core import paths
from core.models import folders

FAMILY = '''
"""Predict the same probabilities for every face: the shares of the emotions in train."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.classifiers.base import refuse_to_load


@dataclass(frozen=True)
class PriorConfig:
    seed: int = 42


class Prior:
    weights_file = "weights.json"
    data_parallel = False

    def __init__(self, config):
        self.config = config
        self.shares = [1 / 7] * 7

    def fit(self, train, val, run):
        self.shares = (np.bincount(train.labels, minlength=7) / len(train.labels)).tolist()
        run.on_progress(1, 1, {})
        names = ["step", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "learning_rate", "kept"]
        return pd.DataFrame([[1, None, None, None, None, None, 1]], columns=names)

    def predict_proba(self, faces):
        return np.tile(np.array(self.shares, np.float32), (len(faces), 1))

    def parameters(self):
        return "7 shares"

    def save(self, folder):
        (folder / self.weights_file).write_text(json.dumps(self.shares))

    @classmethod
    def load(cls, folder, config, load_model=refuse_to_load):
        prior = cls(config)
        prior.shares = json.loads((folder / cls.weights_file).read_text())
        return prior
'''


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """Return a copy of the project, without its virtual environment, git history, imported data and caches."""
    skip = shutil.ignore_patterns(".venv", ".git", "fer2013", "runs", "__pycache__", ".*_cache")
    return Path(shutil.copytree(paths.ROOT, tmp_path / "copy", ignore=skip))


def run_core(folder: Path, *arguments: str) -> str:
    """Run `python -m core` in a folder and return what it prints."""
    command = [sys.executable, "-m", "core", *arguments]
    completed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def add_line(file: Path, after: str, line: str) -> None:
    """Insert a line after the first occurrence of `after`."""
    text = file.read_text()
    assert after in text
    file.write_text(text.replace(after, after + line, 1))


def test_a_new_family_can_be_registered_and_its_model_trained_and_used_for_photos(project_copy, archive):
    (project_copy / "core/classifiers/prior.py").write_text(FAMILY)
    registry = project_copy / "core/classifiers/families.py"
    add_line(registry, "import CnnConfig\n", "from core.classifiers.prior import Prior, PriorConfig\n")
    add_line(registry, '"cnn": Family(CnnConfig, _import_cnn),\n', '    "prior": Family(PriorConfig, lambda: Prior),\n')
    recipes = project_copy / "core/training/recipes.py"
    add_line(recipes, "import CatBoostConfig\n", "from core.classifiers.prior import PriorConfig\n")
    add_line(recipes, "RECIPES: dict[str, Recipe] = {\n", '    "prior": Recipe("prior", PriorConfig()),\n')

    run_core(project_copy, "manifest", str(archive))
    run_core(project_copy, "import", str(archive))
    run_core(project_copy, "train", "prior")

    names = [row["name"] for row in json.loads(run_core(project_copy, "models", "--json"))]
    assert names == sorted([*folders.model_names(), "prior"])
    metrics = json.loads(run_core(project_copy, "evaluate", "prior", "--json"))["slices"]["test"]
    assert metrics["n"] > 0
    photo = project_copy / "portrait.png"
    PIL.Image.fromarray(astronaut()).save(photo)
    result = json.loads(run_core(project_copy, "predict", str(photo), "--model", "prior", "--json"))
    assert result["faces"][0]["models"]["prior"]["probabilities"]["happy"] == pytest.approx(1 / 7, abs=0.1)
