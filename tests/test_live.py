"""The Live page without a browser: its sentences, its cards, and that it draws with and without models."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.faces import Face
from core.recognizer import Reading
from dashboard import camera, ice, live_data, live_panel, resources
from dashboard.live_session import LiveSession
from dashboard.places import SILENT_S, Places
from tests.fakes import FakeClassifier, one_hot

HAPPY_AND_SAD = Reading(Face((0, 0, 80, 80)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("sad"))})
BOTH_HAPPY = Reading(Face((0, 0, 90, 90)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("happy"))})


def test_every_face_has_a_card_with_its_crop_and_all_bars():
    numbered = [replace(BOTH_HAPPY, number=4), replace(HAPPY_AND_SAD, number=2)]
    first, second = live_panel.face_list(numbered, [bytes(48 * 48)] * 2)
    assert (first.title, second.title) == ("Face 4", "Face 2")  # as they are numbered on the video
    assert first.picture.startswith("data:image/png;base64,")
    assert set(second.bars) == {"cnn", "trees"}
    assert second.notes[0] == f"{numbered[1].in_words('cnn')}, says cnn"
    assert second.labels == {model: numbered[1].label(model) for model in second.bars}


def test_connection_settings_come_from_the_environment(monkeypatch):
    for name in ice.NAMES:
        monkeypatch.delenv(name, raising=False)
    assert camera.settings() == {}
    monkeypatch.setenv(ice.SERVERS, '[{"urls": "turn:host:3478", "username": "a", "credential": "b"}]')
    monkeypatch.setenv(ice.RELAY_ONLY, "1")
    assert camera.ice_servers()[0]["urls"] == "turn:host:3478"
    assert camera.settings()[ice.RELAY_ONLY] == "1"


def test_servers_may_stand_as_a_list_in_the_secrets(monkeypatch):
    for name in ice.NAMES:
        monkeypatch.delenv(name, raising=False)

    class Secrets(dict):
        def load_if_toml_exists(self) -> bool:
            return True

    monkeypatch.setattr("dashboard.camera.st.secrets", Secrets({ice.SERVERS: [{"urls": "stun:host:3478"}]}))
    assert camera.ice_servers() == [{"urls": "stun:host:3478"}]


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
    assert "no frame is ever written" in said
    assert "tick the box above" in said
    assert "The camera is off" not in said
    app.checkbox[0].check().run()
    said = " ".join(element.value for element in [*app.info, *app.markdown, *app.caption])
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
    app.checkbox[0].check().run()
    first = app.session_state["visit"]
    assert app.run().session_state["visit"] == first  # a rerun is the same visit
    app.switch_page("dashboard/pages/overview.py").run()
    assert live_page().session_state["visit"] == first + 2
    assert f"camera-{first + 2}" in app.session_state


def test_when_all_places_are_taken_the_page_has_a_queue(live_page, monkeypatch):
    class Running:
        silence = 0.1
        ended = False

        def silence_s(self):
            return self.silence

    running = Running()
    full = Places(1)
    assert full.start("somebody else", running)
    monkeypatch.setattr(resources, "model_names", lambda: ["cnn-seed"])
    monkeypatch.setattr(resources, "classifier", lambda name: FakeClassifier())
    monkeypatch.setattr(resources, "places", lambda: full)
    app = live_page()
    app.checkbox[0].check().run()
    assert not app.exception
    assert any("You are number 1 in the queue" in element.value for element in app.info)
    assert any("Test yourself" in element.value for element in app.subheader)  # his results, had he any
    running.silence = SILENT_S + 1
    app.run()
    assert any("The camera is off" in element.value for element in app.info)


def test_a_waiting_camera_is_drawn_anew_when_its_share_has_changed(monkeypatch):
    drawn = []
    monkeypatch.setattr("dashboard.live_panel.st.rerun", lambda: drawn.append("anew"))
    places, session = Places(8, cores=1), LiveSession()
    places.ask(session.name)
    share = places.frames_per_s()
    live_panel._keep_share(places, session, share)
    assert not drawn
    places.ask("somebody else's")
    live_panel._keep_share(places, session, share)
    assert drawn == ["anew"]
    live_panel._keep_share(places, LiveSession(), share)  # has no place, and takes none
    assert drawn == ["anew"]


def test_a_picture_before_the_first_frame_says_so():
    assert live_data.moment_png(None).startswith(b"\x89PNG")
