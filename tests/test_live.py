"""The Live page without a browser: its sentences, its cards, and that it draws with and without models."""

import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.exceptions import InputError
from core.faces import Face
from core.recognizer import Reading
from dashboard import camera, live_panel, resources
from dashboard.camera import Connection
from dashboard.video import Snapshot
from tests.fakes import FakeClassifier, one_hot

OFF, CONNECTING, ON = Connection(False, False), Connection(False, True), Connection(True, False)

HAPPY_AND_SAD = Reading(Face((0, 0, 80, 80)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("sad"))})
BOTH_HAPPY = Reading(Face((0, 0, 90, 90)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("happy"))})
SEEN = Snapshot(readings=(BOTH_HAPPY,), crops=(bytes(48 * 48),), size_wh=(640, 480), frames=1234, frames_per_s=24.4)


@pytest.mark.parametrize(
    ("connection", "snapshot", "silence_s", "kind", "sentence"),
    [
        (OFF, Snapshot(), None, "info", "The camera is off. Press START"),
        (CONNECTING, Snapshot(), None, "info", "Connecting to the camera"),
        (ON, Snapshot(), None, "info", "waiting for the first frame"),
        (ON, Snapshot(frames=1), 0.1, "warning", "No face found."),
        (ON, SEEN, 0.1, "reading", "Predicted expression: happy, by all models"),
        (ON, SEEN, 2.1, "warning", "No new frame for 2 s."),
        (ON, Snapshot(failing=True, errors=1, error="ValueError: broken"), 0.1, "error", "ValueError: broken"),
    ],
)
def test_each_state_has_its_sentence(connection, snapshot, silence_s, kind, sentence):
    state = live_panel.describe(connection, snapshot, silence_s)
    assert state.kind == kind
    assert sentence in state.sentence


def test_models_that_differ_are_named():
    sentence = live_panel.agreement(HAPPY_AND_SAD)
    assert sentence == "Predicted expression, the models differ: happy by cnn, sad by trees"


def test_figures_fit_in_a_line_and_name_the_last_error():
    assert live_panel.figures(SEEN) == "24 frames/s · 640×480 · 1,234 frames"
    failed = Snapshot(size_wh=(640, 480), frames=10, errors=2, error="ValueError: broken", stage_ms={"detect": 8.4})
    assert live_panel.figures(failed) == (
        "0 frames/s · 640×480 · detect 8 ms · 10 frames · 2 of them failed, the last with ValueError: broken"
    )


def test_every_face_has_a_card_with_its_crop_and_all_bars():
    first, second = live_panel.face_list([BOTH_HAPPY, HAPPY_AND_SAD], [bytes(48 * 48)] * 2)
    assert (first.title, second.title) == ("Face 1 of 2", "Face 2 of 2")
    assert first.picture.startswith("data:image/png;base64,")
    assert set(second.bars) == {"cnn", "trees"}


def test_ice_servers_come_from_the_environment(monkeypatch):
    monkeypatch.delenv(camera.ICE_VARIABLE, raising=False)
    assert camera.ice_servers() == []
    monkeypatch.setenv(camera.ICE_VARIABLE, '[{"urls": "turn:host:3478", "username": "a", "credential": "b"}]')
    assert camera.ice_servers()[0]["urls"] == "turn:host:3478"


@pytest.mark.parametrize("text", ["stun:host:3478", '{"urls": "stun:host:3478"}'])
def test_ice_servers_that_are_no_list_are_refused(monkeypatch, text):
    monkeypatch.setenv(camera.ICE_VARIABLE, text)
    with pytest.raises(InputError, match="not a JSON list"):
        camera.ice_servers()


@pytest.fixture
def live_page(monkeypatch):
    # A test run has no session manager for streamlit-webrtc to ask.
    monkeypatch.setattr("streamlit_webrtc.component.get_this_session_info", lambda: None)
    app = AppTest.from_file(str(paths.ROOT / "streamlit_app.py"), default_timeout=30)
    return lambda: app.switch_page("dashboard/pages/live.py").run()


def test_the_page_tells_about_privacy_and_what_to_do(live_page, monkeypatch):
    monkeypatch.setattr(resources, "model_names", lambda: ["cnn-seed", "trees"])
    monkeypatch.setattr(resources, "classifier", lambda name: FakeClassifier())
    app = live_page()
    assert not app.exception
    said = " ".join(element.value for element in [*app.info, *app.markdown, *app.caption])
    assert "never stored" in said
    assert "The camera is off" in said
    assert "The camera does not start?" in said
    assert "cnn-seed reads meanwhile" in said  # none of the default pair is there


def test_without_any_model_the_page_says_so(live_page, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    app = live_page()
    assert not app.exception
    assert any("no model" in element.value for element in app.info)


def test_each_visit_of_the_page_has_a_camera_of_its_own(live_page, monkeypatch):
    monkeypatch.setattr(resources, "model_names", lambda: ["cnn-seed"])
    monkeypatch.setattr(resources, "classifier", lambda name: FakeClassifier())
    app = live_page()
    first = app.session_state["visit"]
    assert app.run().session_state["visit"] == first  # a rerun is the same visit
    app.switch_page("dashboard/pages/overview.py").run()
    assert live_page().session_state["visit"] == first + 2
    assert f"camera-{first + 2}" in app.session_state


def test_an_uncertain_model_is_not_quoted_with_its_label():
    unsure = Reading(Face((0, 0, 80, 80)), HAPPY_AND_SAD.probabilities | {"trees": (1 / 7,) * 7}, {"trees": 0.4})
    assert "happy by cnn, uncertain by trees" in live_panel.agreement(unsure)
