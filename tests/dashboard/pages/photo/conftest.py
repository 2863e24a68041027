"""Fixtures of the tests of the Photo & video page."""

from collections.abc import Iterator

import pytest

from dashboard import resources
from tests.dashboard.pages.photo.visiting import clear_caches
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model


@pytest.fixture
def models(shipped, monkeypatch) -> Iterator[None]:
    """Write the two default models: cnn always predicts happy, catboost sad."""
    write_model("cnn", skill=3)
    write_model("catboost", skill=1, family="catboost")
    labels = {"cnn": "happy", "catboost": "sad"}
    monkeypatch.setattr(resources.recognition, "load_classifier", lambda name: FakeClassifier(answer=labels[name]))
    clear_caches()
    yield
    clear_caches()
