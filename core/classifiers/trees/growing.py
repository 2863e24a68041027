"""Fit CatBoost's oblivious trees (Prokhorenkova et al. 2018) on a table of features."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.callbacks import FitProgress
from core.classifiers.base import Probabilities, Run
from core.classifiers.configs import SEEDS, Limits
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.files import ContentError
from core.vision.crops import Faces

LabelledTable = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Features (n, columns) and class ids (n,). CatBoost reads float32 arrays fastest."""


TREE_LIMITS: Limits = {
    "seed": SEEDS,
    "iterations": (1, 100_000),
    "learning_rate": (1e-6, 1),
    "depth": (1, 16),
    "border_count": (1, 65_535),
    "early_stop": (1, 100_000),
}
"""Limits of the config fields that all families of trees share."""


class TreesConfig(Protocol):
    """The config fields of the trees, which all families of trees share."""

    @property
    def seed(self) -> int: ...
    @property
    def iterations(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...
    @property
    def depth(self) -> int: ...
    @property
    def border_count(self) -> int: ...
    @property
    def early_stop(self) -> int: ...


class Trees:
    """Base class of the families of trees: a subclass computes features, and CatBoost predicts from them."""

    data_parallel: ClassVar[bool] = False
    _model: Any = None

    def features(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, columns) float32: the input of the trees."""
        raise NotImplementedError

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1."""
        if not len(faces):
            return np.empty((0, len(EMOTIONS)), np.float32)
        # One thread, because predicting one face takes less time than starting a second thread.
        return np.asarray(self._model.predict_proba(self.features(faces), thread_count=1), np.float32)

    def tree_summary(self) -> str:
        """Describe the number and depth of the trees, such as `300 trees of depth 5`."""
        config: TreesConfig = self.config  # type: ignore[attr-defined]
        return f"{self._model.tree_count_} trees of depth {config.depth}"


def grow(config: TreesConfig, train: LabelledTable, val: LabelledTable, run: Run) -> tuple[Any, pd.DataFrame]:
    """Fit trees, then drop those after the iteration with the best accuracy on val.

    Return the CatBoostClassifier and the history. CatBoost saves a snapshot every 30 seconds. A resumed fit gives
    exactly the trees of an uninterrupted one.
    """
    from catboost import CatBoostClassifier, CatBoostError, Pool

    model = CatBoostClassifier(
        loss_function="MultiClass",
        eval_metric="Accuracy",
        custom_metric=["Accuracy:hints=skip_train~false"],  # measures the accuracy on train too
        iterations=config.iterations,
        learning_rate=config.learning_rate,
        depth=config.depth,
        border_count=config.border_count,
        early_stopping_rounds=config.early_stop,
        random_seed=config.seed,
        classes_count=len(EMOTIONS),  # train may lack a class
        use_best_model=True,
        train_dir=str(run.folder.resolve()),
        save_snapshot=True,
        snapshot_file="snapshot",
        snapshot_interval=30,
        verbose=False,
    )
    try:
        model.fit(Pool(*train), eval_set=Pool(*val), callbacks=[_Progress(run.on_progress, config.iterations)])
    except CatBoostError as error:  # for example, all images have the same label
        reason = shortened(str(error).rpartition(": ")[2], 120)  # without the place in CatBoost's source code
        raise InputError(
            f"CatBoost cannot be fitted to these images with this recipe ({reason}); change it."
        ) from error
    _forget_folder(model, run.folder)
    return model, _history(model.get_evals_result(), model.tree_count_, config.learning_rate)


def _forget_folder(model: Any, folder: Path) -> None:
    """Remove the folder of the run, a path of this machine, from the settings that CatBoost saves with the trees."""
    metadata = model.get_metadata()
    path = json.dumps(str(folder.resolve()))[1:-1]  # the settings are JSON, in which CatBoost also writes a slash as \/
    for key, value in list(metadata.items()):
        metadata[key] = value.replace(path, "").replace(path.replace("/", "\\/"), "")


def trees_to_bytes(model: Any) -> NDArray[np.uint8]:
    """Return the trees in CatBoost's own format, (size,) uint8, so that one file can hold them and other arrays."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trees.cbm"
        model.save_model(str(file))
        return np.frombuffer(file.read_bytes(), np.uint8)


def trees_from_bytes(trees: NDArray[np.uint8], n_features: int) -> Any:
    """Return the CatBoostClassifier from which `trees_to_bytes` made these bytes; raises ContentError for other bytes.

    The trees must have this number of features, as `checked_trees`.
    """
    return load_trees(lambda model: model.load_model(blob=trees.tobytes()), n_features)


def load_trees(load: Callable[[Any], Any], n_features: int) -> Any:
    """Return a CatBoostClassifier into which `load` has loaded trees.

    Raises ContentError as `read_trees`, and for another number of features and other classes than 0 to 6.
    """
    model = read_trees(load)
    found, classes = len(model.feature_names_), [str(label) for label in model.classes_]
    if found != n_features or classes != [str(label) for label in range(len(EMOTIONS))]:
        raise ContentError(
            f"it has {found:,} features and the classes {shortened(', '.join(classes), 30) or 'of no labels'}, not "
            f"{n_features:,} features and the classes 0 to {len(EMOTIONS) - 1}"
        )
    return model


def read_trees(load: Callable[[Any], Any]) -> Any:
    """Return a CatBoostClassifier into which `load` has loaded trees, with any features and classes.

    Raises ContentError for a damaged model, and for values that are not finite.
    """
    from catboost import CatBoostClassifier, CatBoostError

    model = CatBoostClassifier()
    try:
        load(model)
        is_finite = np.isfinite(model.get_leaf_values()).all() and np.isfinite(_scale_and_biases(model)).all()
        len(model.feature_names_), len(model.classes_)  # fail for a model without trees
    except CatBoostError as error:
        raise ContentError("it is not a CatBoost model") from error
    if not is_finite:
        raise ContentError("a value in its trees is not a finite number")
    return model


def _scale_and_biases(model: Any) -> list[float]:
    scale, biases = model.get_scale_and_bias()
    return [scale, *np.atleast_1d(biases)]


class _Progress:
    """Callback that reports progress; CatBoost calls `after_iteration` after each tree."""

    def __init__(self, on_progress: FitProgress, iterations: int) -> None:
        self._on_progress = on_progress
        self._iterations = iterations

    def after_iteration(self, info: Any) -> bool:
        metrics = {
            "train_loss": info.metrics["learn"]["MultiClass"][-1],
            "val_accuracy": info.metrics["validation"]["Accuracy"][-1],
        }
        self._on_progress(info.iteration, self._iterations, metrics)
        return True  # continue training


def _history(results: dict[str, dict[str, list[float]]], kept_trees: int, learning_rate: float) -> pd.DataFrame:
    learn, validation = results["learn"], results["validation"]
    steps = np.arange(1, len(validation["Accuracy"]) + 1)
    return pd.DataFrame(
        {
            "step": steps,
            "train_loss": learn["MultiClass"],
            "train_accuracy": learn["Accuracy"],
            "val_loss": validation["MultiClass"],
            "val_accuracy": validation["Accuracy"],
            "learning_rate": learning_rate,
            "kept": (steps == kept_trees).astype(int),
        }
    )
