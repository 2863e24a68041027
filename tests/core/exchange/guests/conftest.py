"""Fixtures: an imported data set that a linear classifier learns, and such a classifier of scikit-learn."""

from pathlib import Path

import pytest
from sklearn.linear_model import LogisticRegression

from core import paths
from tests.fixtures.learnable import fit, import_learnable


@pytest.fixture(scope="session")
def learnable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the imported data set and fer2013.csv; tests must not change it."""
    return import_learnable(tmp_path_factory.mktemp("learnable"))


@pytest.fixture(scope="session")
def classifier(learnable: Path) -> LogisticRegression:
    """A logistic regression on pixels, fitted on the Training rows."""
    return fit(learnable)


@pytest.fixture
def guest_home(learnable: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with the imported data set and without models; return the folder of the data set."""
    monkeypatch.setattr(paths, "DATA_DIR", learnable / "data")
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "models")
    (tmp_path / "models").mkdir()
    return learnable
