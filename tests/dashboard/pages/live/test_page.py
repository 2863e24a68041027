"""The Live page without a browser: its sentences, its cards, and that it draws with and without models."""

from dataclasses import replace

from core import paths
from core.recognition.reading import Reading
from core.vision.faces import Face
from dashboard import resources
from dashboard.navigation import page
from dashboard.pages.live import camera_view, course, readings_view
from dashboard.pages.live.session import LiveSession
from dashboard.streaming import camera, ice
from dashboard.streaming.camera_queue import SILENT_S, CameraQueue
from tests.dashboard.pages.visiting import open_page
from tests.fixtures.fakes import FakeClassifier, one_hot
from tests.fixtures.models import write_model

HAPPY_AND_SAD = Reading(Face((0, 0, 80, 80)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("sad"))})
BOTH_HAPPY = Reading(Face((0, 0, 90, 90)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("happy"))})


def test_every_face_has_a_card_with_its_crop_and_all_bars():
    numbered = [replace(BOTH_HAPPY, number=4), replace(HAPPY_AND_SAD, number=2)]
    first, second = readings_view.face_list(numbered, [bytes(48 * 48)] * 2)
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

    monkeypatch.setattr("dashboard.streaming.camera.st.secrets", Secrets({ice.SERVERS: [{"urls": "stun:host:3478"}]}))
    assert camera.ice_servers() == [{"urls": "stun:host:3478"}]


def test_the_page_tells_about_privacy_and_what_to_do(shipped, monkeypatch):
    write_model("cnn-seed", skill=3)
    write_model("trees", skill=1)
    monkeypatch.setattr(resources.recognition, "classifier", lambda name: FakeClassifier())
    app = open_page("live")
    assert not app.exception
    said = " ".join(element.value for element in [*app.info, *app.markdown, *app.caption])
    assert "no frame is ever written" in said
    assert "tick the box above" in said
    assert "The camera is off" not in said
    app.checkbox[0].check().run()
    said = " ".join(element.value for element in [*app.info, *app.markdown, *app.caption])
    assert "The camera is off" in said
    assert "The camera does not start?" in said
    assert sorted(app.multiselect[0].value) == ["cnn-seed", "trees"]  # none of the default pair is there
    app.multiselect[0].set_value([]).run()
    assert "cnn-seed reads meanwhile" in " ".join(element.value for element in app.caption)


def test_without_any_model_the_page_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    app = open_page("live")
    assert not app.exception
    assert any("no model" in element.value for element in app.info)


def test_each_visit_of_the_page_has_a_camera_of_its_own(shipped, monkeypatch):
    write_model("cnn-seed", skill=3)
    monkeypatch.setattr(resources.recognition, "classifier", lambda name: FakeClassifier())
    app = open_page("live")
    app.checkbox[0].check().run()
    first = app.session_state["visit"]
    assert app.run().session_state["visit"] == first  # a rerun is the same visit
    app.switch_page(page("overview").script).run()
    assert app.switch_page(page("live").script).run().session_state["visit"] == first + 2
    assert f"camera-{first + 2}" in app.session_state


def test_when_all_places_are_taken_the_page_has_a_queue(shipped, monkeypatch):
    class Running:
        silence = 0.1
        ended = False

        def silence_s(self):
            return self.silence

    running = Running()
    full = CameraQueue(1)
    assert full.start("somebody else", running)
    write_model("cnn-seed", skill=3)
    monkeypatch.setattr(resources.recognition, "classifier", lambda name: FakeClassifier())
    monkeypatch.setattr(resources.streams, "camera_queue", lambda: full)
    app = open_page("live")
    app.checkbox[0].check().run()
    assert not app.exception
    assert any("You are number 1 in the queue" in element.value for element in app.info)
    assert any("Test yourself" in element.value for element in app.subheader)  # his results, had he any
    running.silence = SILENT_S + 1
    app.run()
    assert any("The camera is off" in element.value for element in app.info)


def test_a_waiting_camera_is_drawn_anew_when_its_share_has_changed(monkeypatch):
    drawn = []
    monkeypatch.setattr("dashboard.pages.live.camera_view.st.rerun", lambda: drawn.append("anew"))
    queue, session = CameraQueue(8, cores=1), LiveSession()
    queue.ask(session.name)
    share = queue.frames_per_s()
    camera_view._keep_share(queue, session, share)
    assert not drawn
    queue.ask("somebody else's")
    camera_view._keep_share(queue, session, share)
    assert drawn == ["anew"]
    camera_view._keep_share(queue, LiveSession(), share)  # has no place, and takes none
    assert drawn == ["anew"]


def test_a_picture_before_the_first_frame_says_so():
    assert course.moment_png(None).startswith(b"\x89PNG")
