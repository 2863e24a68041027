"""Fixtures of the page tests: made-up models, with or without imported images."""

from pathlib import Path

import pytest
import streamlit as st

from core.classifiers.calibrated import Calibrated
from core.models import store
from core.models.card import Card
from dashboard import resources
from tests.fixtures.fakes import FakeClassifier
from tests.fixtures.models import write_model


@pytest.fixture(autouse=True)
def fake_webcam_session_and_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the pages run in AppTest without a webcam and without weights, with empty caches."""
    # AppTest has no session manager, which the webcam component needs
    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    # made-up models have no weights
    monkeypatch.setattr(
        resources.recognition, "load_classifier", lambda name: Calibrated(FakeClassifier(answer="happy"))
    )
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def cards(shipped: Path) -> dict[str, Card]:
    """Return the cards of a good and a bad model."""
    write_model("bad", skill=0.5, seed=1)
    write_model("good", skill=4, seed=2)
    return {name: store.read_card(name) for name in ("bad", "good")}
