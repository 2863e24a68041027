"""The steps of docs/contributing.md for adding a model family and a model, done in a copy of the project."""

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
"""The same answer for every face: how often each emotion occurs in train."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.classifiers.base import load_none


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
    def load(cls, folder, config, load=load_none):
        prior = cls(config)
        prior.shares = json.loads((folder / cls.weights_file).read_text())
        return prior
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project without its environment and imports."""
    skip = shutil.ignore_patterns(".venv", ".git", "fer2013", "runs", "__pycache__", ".*_cache")
    return Path(shutil.copytree(paths.ROOT, tmp_path / "copy", ignore=skip))


def core(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "core", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def add_line(file: Path, after: str, line: str) -> None:
    text = file.read_text()
    assert after in text
    file.write_text(text.replace(after, after + line, 1))


def test_a_family_is_one_file_and_one_line_and_a_model_is_one_folder(copy, archive):
    (copy / "core/classifiers/prior.py").write_text(FAMILY)
    registry = copy / "core/classifiers/families.py"
    add_line(registry, "import CnnConfig\n", "from core.classifiers.prior import Prior, PriorConfig\n")
    add_line(registry, '"cnn": Family(CnnConfig, _cnn),\n', '    "prior": Family(PriorConfig, lambda: Prior),\n')
    recipes = copy / "core/training/recipes.py"
    add_line(recipes, "import CatBoostConfig\n", "from core.classifiers.prior import PriorConfig\n")
    add_line(recipes, "RECIPES: dict[str, Recipe] = {\n", '    "prior": Recipe("prior", PriorConfig()),\n')

    core(copy, "manifest", str(archive))
    core(copy, "import", str(archive))
    core(copy, "train", "prior")

    names = [row["name"] for row in json.loads(core(copy, "models", "--json"))]
    assert names == sorted([*folders.model_names(), "prior"])
    figures = json.loads(core(copy, "evaluate", "prior", "--json"))["slices"]["test"]
    assert figures["n"] > 0
    photo = copy / "portrait.png"
    PIL.Image.fromarray(astronaut()).save(photo)
    line = json.loads(core(copy, "predict", str(photo), "--model", "prior", "--json"))
    assert line["faces"][0]["models"]["prior"]["probabilities"]["happy"] == pytest.approx(1 / 7, abs=0.1)
