"""Model folders with made-up predictions and without weights, for the tests of pages."""

from pathlib import Path

import numpy as np
import pandas as pd

from core import metrics, paths
from core.artifacts import HISTORY, PREDICTIONS, Card, write_card
from core.dataset import load_manifest
from core.emotions import EMOTIONS
from core.evaluation import join_manifest, predictions_table


def write_model(name: str, skill: float, seed: int = 0, family: str = "cnn") -> Path:
    """On the images at hand; `skill` is what the true label gets on top of noise: 0 guesses, 5 is mostly right."""
    manifest = load_manifest()
    known = manifest[manifest["split"] != "train"]
    predictions = predictions_table(known["image_id"], made_up_probabilities(known, skill, seed))
    folder = paths.MODELS_DIR / name
    folder.mkdir(parents=True)
    write_card(made_up_card(name, family, manifest, join_manifest(predictions, manifest)), folder)
    predictions.to_parquet(folder / PREDICTIONS, index=False)
    made_up_history().to_csv(folder / HISTORY, index=False)
    return folder


def made_up_probabilities(manifest: pd.DataFrame, skill: float, seed: int) -> np.ndarray:
    """(n, 7) float32: a softmax of noise, with `skill` added to the true label."""
    scores = np.random.default_rng(seed).normal(0, 1.5, (len(manifest), len(EMOTIONS)))
    scores[np.arange(len(manifest)), manifest["true_label"].cat.codes] += skill
    odds = np.exp(scores)
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)


def made_up_history(steps: int = 6) -> pd.DataFrame:
    """Falling losses; the last step but one is kept."""
    step = np.arange(1, steps + 1)
    return pd.DataFrame(
        {
            "step": step,
            "train_loss": 2 / step,
            "train_accuracy": 1 - 0.8 / step,
            "val_loss": 2 / step + 0.1,
            "val_accuracy": 0.9 - 0.7 / step,
            "learning_rate": 0.001 / step,
            "kept": (step == steps - 1).astype(int),
        }
    )


def made_up_card(name: str, family: str, manifest: pd.DataFrame, scored: pd.DataFrame) -> Card:
    """A card whose scores are those of the scored table."""
    return Card(
        name=name,
        family=family,
        recipe_name=name,
        classes=list(EMOTIONS),
        input="(n, 48, 48) uint8 gray",
        recipe={"epochs": 6, "batch_size": 64, "learning_rate": 0.001, "augmentation": {"flip": True}, "seed": 42},
        seed=42,
        split_sizes={str(split): int(n) for split, n in manifest["split"].value_counts(sort=False).items()},
        data_fingerprint="0123456789abcdef",
        parameters="1,234 weights",
        scores=metrics.summaries(scored),
        weights_sha256="0" * 64,
        size_bytes=2_400_000,
        ms_per_face=1.25,
        seconds=123.0,
        machine="a made-up machine, 2 cores",
        versions={"numpy": np.__version__},
        trained="2026-01-31",
    )
