"""Readings: labels, confidences, reasons for uncertainty, and the values of CSV files."""

from dataclasses import replace

import pytest

from core.emotions import EMOTIONS
from core.recognition.quality import BLURRED, TOO_DARK, TOO_SMALL, Quality
from core.recognition.reading import FACE_COLUMNS, LOW_CONFIDENCE, MODEL_COLUMNS, Reading
from core.vision.faces import Face
from tests.fixtures.fakes import one_hot

GOOD = Quality(side=100, brightness=120.0, sharpness=1.5)
SAD = (0.1, 0.0, 0.0, 0.2, 0.0, 0.6, 0.1)


def sad(threshold: float = 0.0, quality: Quality | None = GOOD, face: Face | None = None) -> Reading:
    """Return a reading of the model `m`, which is sad with a confidence of 0.6."""
    return Reading(face or Face((1, 2, 31, 42)), {"m": SAD}, {"m": threshold}, quality=quality)


def test_label_and_confidence_are_those_of_the_largest_probability():
    reading = Reading(Face((0, 0, 1, 1)), {"m": (0.1, 0.0, 0.0, 0.2, 0.0, 0.6, 0.1)})
    assert reading.label("m") == "sad"
    assert reading.confidence("m") == 0.6


def test_a_confidence_below_the_models_threshold_is_uncertain():
    reading = Reading(
        Face((0, 0, 1, 1)),
        {"a": (0.1, 0.0, 0.0, 0.2, 0.0, 0.6, 0.1), "b": (0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.1)},
        {"a": 0.5, "b": 0.5},
    )
    assert reading.is_certain("a") and not reading.is_certain("b")
    assert reading.label_text("a") == "sad 60 %"
    assert reading.label_text("b") == "uncertain (angry 30 %)"


def test_a_model_without_a_threshold_is_never_uncertain():
    assert Reading(Face((0, 0, 1, 1)), {"m": (1 / 7,) * 7}).is_certain("m")


def test_a_face_that_can_be_seen_well_is_certain_if_the_confidence_reaches_the_threshold():
    assert (sad(0.6).is_certain("m"), sad(0.6).reason("m")) == (True, None)
    assert (sad(0.61).is_certain("m"), sad(0.61).reason("m")) == (False, LOW_CONFIDENCE)
    assert LOW_CONFIDENCE == "low confidence"


@pytest.mark.parametrize(
    ("change", "reason"), [({"side": 10}, TOO_SMALL), ({"brightness": 3.0}, TOO_DARK), ({"sharpness": 0.01}, BLURRED)]
)
def test_a_flaw_makes_every_label_uncertain_and_is_named_before_a_low_confidence(change, reason):
    for threshold in (0.0, 0.9):
        reading = sad(threshold, replace(GOOD, **change))
        assert (reading.is_certain("m"), reading.reason("m")) == (False, reason)
        assert reading.is_confident("m") == (threshold == 0)
        assert reading.label_text("m") == "uncertain (sad 60 %)"


def test_without_a_quality_only_the_confidence_counts():
    assert sad(0.6, None).is_certain("m")
    assert sad(0.7, None).reason("m") == LOW_CONFIDENCE


def test_the_flaw_counts_for_all_models_and_the_confidence_for_one():
    reading = Reading(Face((0, 0, 9, 9)), {"a": SAD, "b": tuple(one_hot("happy"))}, {"a": 0.7, "b": 0.7}, quality=GOOD)
    assert [reading.reason(model) for model in "ab"] == [LOW_CONFIDENCE, None]
    dark = replace(reading, quality=replace(GOOD, brightness=1.0))
    assert [dark.reason(model) for model in "ab"] == [TOO_DARK, TOO_DARK]


def test_the_confidence_of_a_held_label_counts():
    reading = replace(sad(0.3), held={"m": "happy"})
    assert (reading.label("m"), reading.confidence("m"), reading.reason("m")) == ("happy", 0.2, LOW_CONFIDENCE)


def test_face_values_are_those_of_the_columns():
    face = Face((1, 2, 31, 42), 0.875, ((10, 20), (20, 10)), 45.04)
    values = sad(quality=Quality(43, 99.96, 0.12345), face=face).face_values()
    assert dict(zip(FACE_COLUMNS, values, strict=True)) == {
        "left": 1,
        "top": 2,
        "right": 31,
        "bottom": 42,
        "angle": 45.0,
        "detection_confidence": 0.875,
        "side": 43,
        "brightness": 100.0,
        "sharpness": 0.123,
    }


def test_face_values_are_none_for_what_is_unknown():
    assert sad(quality=None).face_values() == (1, 2, 31, 42, None, None, None, None, None)


def test_model_values_are_those_of_the_columns():
    values = dict(zip(MODEL_COLUMNS, sad(0.7).model_values("m"), strict=True))
    assert list(values)[:4] == ["predicted_label", "confidence", "certain", "reason"]
    assert list(values.values())[:4] == ["sad", 0.6, False, LOW_CONFIDENCE]
    assert {name: values[f"p_{name}"] for name in EMOTIONS} == dict(zip(EMOTIONS, SAD, strict=True))
    assert sad(0.5).model_values("m")[2:4] == (True, None)
