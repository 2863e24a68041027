"""Load classifiers from their model folders, and check that the weights belong to the card."""

from functools import partial
from typing import Any

import numpy as np

from core.classifiers.base import Classifier, TrainedModel
from core.classifiers.calibrated import Calibrated
from core.classifiers.configs import field_descriptions
from core.classifiers.families import CLASSIFIERS, Family
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened, unknown_name
from core.models.card import Card
from core.models.folders import CARD, shown_file
from core.models.store import read_card
from core.models.typed_json import from_json
from core.models.weights import WEIGHTS_REMEDY, verified_weights
from core.vision.crops import FACE_SIZE

LARGEST_SUM_ERROR = 1e-3
"""Largest difference of the sum of a face's probabilities from 1; float32 needs less than 1e-6."""


def load_classifier(name: str) -> Calibrated:
    """Load a model with its weights, temperature and threshold.

    Raises InputError for an unknown model, for classes other than `EMOTIONS`, and for weights that are damaged or do
    not fit the card.
    """
    calibration = read_card(name).calibration
    classifier = load_trained(name).classifier
    if calibration is None:
        return Calibrated(classifier)
    return Calibrated(classifier, calibration.temperature, calibration.uncertain_below)


def load_trained(name: str, needed_by: tuple[str, ...] = ()) -> TrainedModel:
    """Load a model without its calibration, for use by another model; raises InputError as `load_classifier` does.

    `needed_by` are the models that are being loaded and need this one.
    """
    if name in needed_by:
        raise InputError(f"model {shortened(name)} needs itself, as its recipe says; restore its {CARD}.")
    card = read_card(name)
    if not card.can_predict:
        raise InputError(
            f"model {shortened(name)} consists of predictions only, so it cannot predict new faces; add the model "
            "itself (.onnx, .cbm or .pth)."
        )
    if tuple(card.classes) != EMOTIONS:
        raise InputError(
            f"model {shortened(name)} has the classes {shortened(', '.join(card.classes), 100)}; FERscope needs "
            f"{', '.join(EMOTIONS)}."
        )
    classifier_class: type[Classifier] = family_of(card).load_class()
    weights = verified_weights(card, classifier_class.weights_file)
    config = config_of(card)
    classifier = classifier_class.load(weights.parent, config, partial(load_trained, needed_by=(*needed_by, name)))
    _check_predictions(classifier, shown_file(name, classifier_class.weights_file))
    return TrainedModel(classifier, card.weights_sha256)


def _check_predictions(classifier: Classifier, weights: str) -> None:
    """Raise InputError unless the classifier predicts seven probabilities for a black face."""
    probabilities = classifier.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
    # NaN fails both comparisons.
    is_valid = probabilities.shape == (1, len(EMOTIONS)) and (probabilities >= 0).all()
    if not (is_valid and abs(probabilities.sum() - 1) <= LARGEST_SUM_ERROR):
        raise InputError(f"{weights} does not predict probabilities, so its content is damaged; {WEIGHTS_REMEDY}.")


def config_of(card: Card) -> Any:
    """Return the config that a model was trained with. Fields that are missing in its card get their defaults.

    Raises InputError for an unknown family and for a recipe that does not fit its family.
    """
    family = family_of(card)
    try:
        return from_json(family.config_type, card.recipe)
    except (TypeError, ValueError) as error:
        reason = shortened(error, 120)
        raise InputError(
            f"the recipe in {shown_file(card.name, CARD)} cannot be read ({reason}); restore it."
        ) from error


def hyperparameter_descriptions(card: Card) -> dict[str, str]:
    """Return the description of each hyperparameter, by name; empty if the card's family is unknown."""
    if card.family not in CLASSIFIERS:
        return {}
    return field_descriptions(CLASSIFIERS[card.family].config_type)


def family_of(card: Card) -> Family:
    """Return the family of a card; raises InputError if it is unknown."""
    if card.family not in CLASSIFIERS:
        raise unknown_name("family", card.family, CLASSIFIERS)
    return CLASSIFIERS[card.family]
