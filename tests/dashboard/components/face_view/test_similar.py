"""Faces like this one, in the view of one face."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.exceptions import InputError
from dashboard import keys, resources
from tests.dashboard.components.face_view.opening import checked, html_of, open_view, press

IMAGE, COPY = "test/neutral/PrivateTest_1", "train/surprise/Training_4"


class FakeIndex:
    """An index that is built after `start`, and finds two images."""

    def __init__(self, is_ready: bool) -> None:
        self.ready, self.started = is_ready, False

    def is_ready(self) -> bool:
        return self.ready

    def progress(self) -> tuple[int, int] | None:
        return (49, 98) if self.started and not self.ready else None

    def error(self) -> Exception | None:
        return None

    def start(self) -> None:
        self.started = True

    def nearest(self, face: np.ndarray, k: int = 8, without: str | None = None) -> pd.DataFrame:
        assert self.ready and face.shape == (48, 48) and without == IMAGE
        return pd.DataFrame({"image_id": [COPY, "test/sad/PublicTest_0"], "distance": [0.0, 0.25]})


@pytest.fixture
def index(models_and_faces: Path, monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
    return install(FakeIndex(is_ready=True), monkeypatch)


def install(fake: FakeIndex, monkeypatch: pytest.MonkeyPatch) -> FakeIndex:
    for name in ("is_ready", "progress", "error", "start", "nearest"):
        monkeypatch.setattr(resources.neighbours, name, getattr(fake, name))
    return fake


def test_tiles_have_label_split_distance_and_the_predictions_for_test_images(index: FakeIndex) -> None:
    html = html_of(open_view(IMAGE))
    tiles = html[html.index('class="ferscope-face-tiles"') :].split("</button>")
    assert "<strong>surprise</strong>" in tiles[0] and "train · exact copy" in tiles[0] and "A " not in tiles[0]
    said = resources.predictions.scored("cnn").set_index("image_id").loc["test/sad/PublicTest_0"]
    assert "<strong>sad</strong>" in tiles[1]
    assert "0.250" in tiles[1] and f"A {said['predicted_label']} {100 * said['confidence']:.0f} %" in tiles[1]


def test_before_the_index_exists_a_button_builds_it(models_and_faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = install(FakeIndex(is_ready=False), monkeypatch)
    app = open_view(IMAGE)
    assert 'class="ferscope-face-tiles"' not in html_of(app)
    press(app, keys.FACE_FIND)
    assert index.started and 'class="ferscope-face-tiles"' not in html_of(app)
    index.ready = True
    html = html_of(checked(app.run()))
    assert 'class="ferscope-face-tiles"' in html and html.count("<h3>Faces like this one</h3>") == 1


def test_a_failure_of_the_index_is_a_sentence(index: FakeIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise InputError("There is no <default> network.")

    monkeypatch.setattr(resources.neighbours, "nearest", fail)
    assert "There is no &lt;default&gt; network." in html_of(open_view(IMAGE))
    monkeypatch.setattr(resources.neighbours, "is_ready", lambda: False)
    monkeypatch.setattr(resources.neighbours, "start", fail)
    app = press(open_view(IMAGE), keys.FACE_FIND)
    assert app.warning[0].value == r"There is no \<default\> network."
