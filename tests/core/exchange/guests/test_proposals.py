"""Another way to read predictions is proposed only if it is clearly better."""

import numpy as np
import pytest

from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import InputError
from core.exchange.guests.guest import GuestOptions, Proposal
from core.exchange.guests.options import class_order_text, parse_class_order, parse_options
from core.exchange.guests.proposals import Outputs, describe, flags, propose
from core.exchange.guests.values import to_probabilities

SHARES = np.array([0.133, 0.015, 0.143, 0.247, 0.172, 0.174, 0.116])
"""Shares of the emotions among FER2013's test images."""

PERMUTED = ("sad", "angry", "surprise", "neutral", "happy", "disgust", "fear")


def true_labels(images: int) -> np.ndarray:
    return np.random.default_rng(0).choice(7, images, p=SHARES / SHARES.sum())


def guesses(true: np.ndarray, accuracy: float, seed: int) -> np.ndarray:
    """Return labels of which about this share is right beyond chance; the others are drawn as often as they occur."""
    random = np.random.default_rng(seed)
    return np.where(random.random(len(true)) < accuracy, true, random.choice(7, len(true), p=SHARES / SHARES.sum()))


def as_outputs(emotions: np.ndarray, classes: tuple[str, ...]) -> np.ndarray:
    """Return the positions of emotions in an order of classes."""
    return np.array([classes.index(emotion) for emotion in EMOTIONS])[emotions]


def proposed(true: np.ndarray, predicted: np.ndarray) -> Proposal | None:
    return propose({(None, None): Outputs(true, predicted)}, EMOTIONS, classes_are_known=False)


@pytest.mark.parametrize("emotion", range(7), ids=EMOTIONS)
def test_nothing_is_proposed_for_a_model_that_always_predicts_one_emotion(emotion: int) -> None:
    true = true_labels(7178)
    assert proposed(true, np.full(7178, emotion)) is None


@pytest.mark.parametrize("images", [28, 300, 3589, 7178])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("accuracy", [0, 0.02, 0.1, 0.3])
def test_nothing_is_proposed_for_random_and_for_weak_but_right_models(images: int, seed: int, accuracy: float) -> None:
    true = true_labels(images)
    assert proposed(true, guesses(true, accuracy, seed)) is None
    assert proposed(true, np.random.default_rng(seed).integers(0, 7, images)) is None


def test_nothing_is_proposed_for_a_model_that_knows_only_two_emotions() -> None:
    true = true_labels(7178)
    assert proposed(true, np.where(true == 3, 3, 4)) is None


@pytest.mark.parametrize("classes", [CSV_EMOTIONS, PERMUTED, EMOTIONS[::-1]])
@pytest.mark.parametrize("accuracy", [0.35, 0.65, 1])
def test_the_right_order_of_classes_is_proposed_for_a_model_with_some_skill(
    classes: tuple[str, ...], accuracy: float
) -> None:
    true = true_labels(7178)
    emotions = guesses(true, accuracy, seed=1)
    proposal = proposed(true, as_outputs(emotions, classes))
    assert proposal is not None
    assert proposal.classes == classes
    assert proposal.accuracy == (emotions == true).mean()


def test_an_order_of_classes_with_a_name_is_preferred_to_a_slightly_better_assignment() -> None:
    true = true_labels(7178)
    emotions = np.where((true == 4) & (np.random.default_rng(0).random(7178) < 0.6), 5, true)  # neutral is called sad
    emotions = np.where((true == 5) & (np.random.default_rng(1).random(7178) < 0.6), 4, emotions)
    proposal = proposed(true, as_outputs(emotions, CSV_EMOTIONS))
    assert proposal is not None
    assert proposal.classes == CSV_EMOTIONS


def test_classes_that_are_known_are_not_changed_but_rows_are() -> None:
    true = true_labels(7178)
    emotions = guesses(true, 0.7, seed=2)
    other = np.random.default_rng(3).permutation(true)
    outputs = {("imagefolder", None): Outputs(other, emotions), ("csv-test", None): Outputs(true, emotions)}
    proposal = propose(outputs, EMOTIONS, classes_are_known=True)
    assert proposal is not None
    assert (proposal.order, proposal.classes, proposal.scale) == ("csv-test", None, None)
    assert propose({(None, None): Outputs(true, as_outputs(emotions, PERMUTED))}, EMOTIONS, True) is None


def test_the_scale_and_the_order_of_classes_are_found_together() -> None:
    true = true_labels(1000)
    random = np.random.default_rng(4).integers(0, 7, 1000)
    outputs = {(None, 255): Outputs(true, random), (None, 1): Outputs(true, as_outputs(true, CSV_EMOTIONS))}
    proposal = propose(outputs, EMOTIONS, classes_are_known=False)
    assert proposal is not None
    assert flags(proposal) == "--classes csv --scale 1"
    assert describe(proposal).startswith(
        "With FER2013's CSV order of classes and gray levels from 0 to 255, accuracy is 100.0 % instead of "
    )


def test_what_was_taken_is_not_proposed_again() -> None:
    true = true_labels(7178)
    predicted = as_outputs(guesses(true, 0.5, seed=5), PERMUTED)
    assert propose({(None, None): Outputs(true, predicted)}, PERMUTED, classes_are_known=False) is None


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("folder", EMOTIONS),
        (" CSV ", CSV_EMOTIONS),
        ("Sadness, anger;surprised,neutral,happy,disgust,fearful", PERMUTED),
        (class_order_text(PERMUTED), PERMUTED),
        (class_order_text(CSV_EMOTIONS), CSV_EMOTIONS),
    ],
)
def test_orders_of_classes_are_parsed(text: str, classes: tuple[str, ...]) -> None:
    assert parse_class_order(text) == classes


@pytest.mark.parametrize("text", ["fer", "angry", "angry,sad", ",".join([*EMOTIONS, "angry"]), ",".join(["sad"] * 7)])
def test_other_orders_of_classes_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no order of classes; use folder, csv or each"):
        parse_class_order(text)


def test_options_are_parsed_and_empty_ones_are_left_open() -> None:
    assert parse_options(order="", classes=None, mean=" ") == GuestOptions()
    options = parse_options("csv-test", "csv", "NHWC", "3", "1", "0.485, 0.456,0.406", "0.5")
    assert options == GuestOptions("csv-test", CSV_EMOTIONS, "nhwc", 3, 1, (0.485, 0.456, 0.406), (0.5,))


@pytest.mark.parametrize(
    "option",
    [
        {"order": "random"},
        {"layout": "hwc"},
        {"channels": "2"},
        {"scale": "127"},
        {"mean": "1,2"},
        {"mean": "nan"},
        {"std": "0"},
        {"std": "x"},
    ],
)
def test_other_values_of_options_are_refused(option: dict[str, str]) -> None:
    with pytest.raises(InputError, match=f"^{next(iter(option))} "):
        parse_options(**option)


def test_logits_become_probabilities_by_the_softmax() -> None:
    logits = np.random.default_rng(0).normal(0, 3, (50, 7))
    probabilities, kind = to_probabilities(logits, "m.csv", str)
    powers = np.exp(logits)
    np.testing.assert_allclose(probabilities, powers / powers.sum(axis=1, keepdims=True))
    assert kind == "logits"


def test_huge_logits_do_not_overflow() -> None:
    probabilities, _ = to_probabilities(np.array([[1e4, -1e4, 0, 0, 0, 0, 0]] * 3), "m.csv", str)
    np.testing.assert_array_equal(probabilities, np.eye(7)[[0, 0, 0]])
