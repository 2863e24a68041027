"""Load classifiers from their model folders, and check that the weights belong to the card."""

from typing import Any

from core.classifiers.base import Classifier, TrainedModel
from core.classifiers.calibrated import Calibrated
from core.classifiers.configs import field_descriptions
from core.classifiers.families import CLASSIFIERS, Family
from core.emotions import EMOTIONS
from core.exceptions import InputError, unknown_name
from core.models.card import Card
from core.models.folders import CARD
from core.models.store import read_card
from core.models.typed_json import from_json
from core.models.weights import verified_weights


def load_classifier(name: str) -> Calibrated:
    """Load a model with its weights, temperature and threshold.

    Raises InputError for an unknown model, for classes other than `EMOTIONS`, and for weights that do not fit the card.
    """
    calibration = read_card(name).calibration
    classifier = load_trained(name).classifier
    if calibration is None:
        return Calibrated(classifier)
    return Calibrated(classifier, calibration.temperature, calibration.uncertain_below)


def load_trained(name: str) -> TrainedModel:
    """Load a model without its calibration, for use by another model; raises InputError as `load_classifier` does."""
    card = read_card(name)
    if tuple(card.classes) != EMOTIONS:
        raise InputError(
            f"model {name} has the classes {', '.join(card.classes)}; FERscope needs {', '.join(EMOTIONS)}."
        )
    classifier_class: type[Classifier] = family_of(card).load_class()
    weights = verified_weights(card, classifier_class.weights_file)
    classifier = classifier_class.load(weights.parent, config_of(card), load_trained)
    return TrainedModel(classifier, card.weights_sha256)


def config_of(card: Card) -> Any:
    """Return the config that a model was trained with. Fields that are missing in its card get their defaults.

    Raises InputError for an unknown family and for a recipe that does not fit its family.
    """
    family = family_of(card)
    try:
        return from_json(family.config_type, card.recipe)
    except (TypeError, ValueError) as error:
        raise InputError(f"the recipe in {card.name}/{CARD} cannot be read ({error}); restore the file.") from error


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
