"""Make the card of a guest from its predictions."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.emotions import EMOTIONS
from core.evaluation.predictions import join_manifest
from core.evaluation.slices import summaries
from core.exchange.guests.guest import GuestModel
from core.models.card import FACES_INPUT, PREDICTIONS_ONLY, Card, GuestKind
from core.models.scores import Scores

if TYPE_CHECKING:
    import pandas as pd

PREDICTIONS_INPUT = "none: the guest consists of predictions"

TIMED_PREDICTIONS = 20
"""Number of predictions of one face whose median time is the guest's time per face."""


def predictions_card(
    name: str, recipe: dict[str, Any], predictions: pd.DataFrame, manifest: pd.DataFrame, fingerprint: str
) -> Card:
    """Return the card of a guest that consists of predictions; `recipe` says how they were read."""
    scores = summaries(join_manifest(predictions, manifest))
    if recipe["values"] == "labels":
        scores = {key: score.without_calibration() for key, score in scores.items()}
    card = _card(name, PREDICTIONS_ONLY, "predictions", recipe, scores, fingerprint)
    return replace(card, input=PREDICTIONS_INPUT, parameters=f"predictions for {len(predictions):,} images")


def model_card(
    name: str,
    kind: GuestKind,
    model: GuestModel,
    predictions: pd.DataFrame,
    manifest: pd.DataFrame,
    fingerprint: str,
) -> Card:
    """Return the card of a guest that is a model; measures its time per face."""
    from core.classifiers.speed import milliseconds_per_face
    from core.runtime.machine import processor

    scores = summaries(join_manifest(predictions, manifest))
    return replace(
        _card(name, model.family, kind, model.recipe, scores, fingerprint),
        parameters=model.classifier.parameters(),
        weights_sha256=hashlib.sha256(model.weights).hexdigest(),
        size_bytes=len(model.weights),
        ms_per_face=round(milliseconds_per_face(model.classifier, TIMED_PREDICTIONS), 3),
        timing_processor=processor(),
    )


def _card(
    name: str, family: str, kind: GuestKind, recipe: dict[str, Any], scores: dict[str, Scores], fingerprint: str
) -> Card:
    """Return a card with what is known of every guest: nothing about its training."""
    return Card(
        name=name,
        family=family,
        recipe_name=kind,
        classes=list(EMOTIONS),
        input=FACES_INPUT,
        recipe=recipe,
        seed=0,
        split_sizes={},
        data_fingerprint=fingerprint,
        parameters="",
        scores=scores,
        weights_sha256="",
        size_bytes=0,
        ms_per_face=None,
        seconds=None,
        machine="",
        versions={},
        trained=datetime.now(UTC).date().isoformat(),
        role="guest",
    )
