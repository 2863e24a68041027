"""The Live page in AppTest: texts, face cards, settings, camera queue, the ends of streams, and downloads."""

from dataclasses import replace

import pytest

from core import paths
from core.recognition.quality import Quality
from core.recognition.reading import Reading
from core.vision.faces import Face
from dashboard import keys, resources
from dashboard.navigation import page
from dashboard.pages.live import camera_view, chart_and_downloads, choices, readings_view
from dashboard.pages.live.session import LiveSession
from dashboard.pages.live.state import State
from dashboard.streaming import camera, ice
from dashboard.streaming.camera_queue import SILENT_S, CameraQueue
from tests.dashboard.pages.visiting import open_page, page_text, unescaped
from tests.fixtures.fakes import FakeClassifier, one_hot
from tests.fixtures.models import write_model

HAPPY_AND_SAD = Reading(Face((0, 0, 80, 80)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("sad"))})
BOTH_HAPPY = Reading(Face((0, 0, 90, 90)), {"cnn": tuple(one_hot("happy")), "trees": tuple(one_hot("happy"))})


def test_each_face_has_a_card_with_its_crop_and_all_probabilities():
    numbered = [replace(BOTH_HAPPY, number=4), replace(HAPPY_AND_SAD, number=2)]
    first, second = readings_view.cards_of_faces(numbered, [bytes(48 * 48)] * 2)
    assert (first.title, second.title) == ("Face 4", "Face 2")  # the same numbers as on the video
    assert first.image_url.startswith("data:image/png;base64,")
    assert set(second.bars) == {"cnn", "trees"}
    assert second.notes[0] == f"cnn: {numbered[1].label_text('cnn')}"
    assert second.labels == {model: numbered[1].label(model) for model in second.bars}


def test_the_card_of_a_dark_face_says_that_it_is_too_dark():
    dark = replace(BOTH_HAPPY, number=1, quality=Quality(side=90, brightness=12.0, sharpness=0.5))
    (card,) = readings_view.cards_of_faces([dark], [bytes(48 * 48)])
    assert card.notes[:2] == ("cnn: uncertain (happy 100 %), too dark", "trees: uncertain (happy 100 %), too dark")


@pytest.mark.case("c10")
def test_the_camera_is_asked_for_a_width_and_a_frame_rate_but_for_no_height():
    # With a height, browsers crop the frames of an upright camera.
    video = camera.constraints(12.5)["video"]
    assert video == {"width": {"ideal": 640}, "frameRate": {"ideal": 12.5}}
    assert camera.constraints(12.5)["audio"] is False


def test_connection_settings_are_read_from_the_environment(monkeypatch):
    for name in ice.NAMES:
        monkeypatch.delenv(name, raising=False)
    assert camera.settings() == {}
    monkeypatch.setenv(ice.SERVERS, '[{"urls": "turn:host:3478", "username": "a", "credential": "b"}]')
    monkeypatch.setenv(ice.RELAY_ONLY, "1")
    assert camera.ice_servers()[0]["urls"] == "turn:host:3478"
    assert camera.settings()[ice.RELAY_ONLY] == "1"


def test_ice_servers_may_be_a_list_in_the_secrets(monkeypatch):
    for name in ice.NAMES:
        monkeypatch.delenv(name, raising=False)

    class Secrets(dict):
        def load_if_toml_exists(self) -> bool:
            return True

    monkeypatch.setattr("dashboard.streaming.camera.st.secrets", Secrets({ice.SERVERS: [{"urls": "stun:host:3478"}]}))
    assert camera.ice_servers() == [{"urls": "stun:host:3478"}]


def test_the_state_is_html_with_large_labels_and_escaped_texts():
    reading = readings_view.state_html(
        State("reading", "Predicted expressions: happy (<b>), sad (trees)"), ["Hold still."]
    )
    assert "<span>Predicted expressions</span><strong>happy (&lt;b&gt;), sad (trees)</strong>" in reading
    assert "<p>Hold still.</p>" in reading
    other = readings_view.state_html(State("warning", "It is too dark: turn on a light."), [])
    assert "<p>It is too dark: turn on a light.</p>" in other and "<strong>" not in other


def test_the_settings_are_summed_up_in_one_line():
    assert choices.summary("haar", ["cnn", "trees"], mirror=False) == "haar · cnn, trees"
    assert choices.summary("haar", ["cnn"], mirror=True) == "haar · cnn · mirrored"


def test_the_camera_requires_consent_and_one_model_is_used_if_none_is_chosen(shipped, monkeypatch):
    write_model("cnn-seed", skill=3)
    write_model("trees", skill=1)
    monkeypatch.setattr(resources.recognition, "classifier", lambda name: FakeClassifier())
    app = open_page("live")
    text = page_text(app)
    assert "never writes a frame" in text
    assert "tick the box above" in text
    assert "The camera is off" not in text
    app.checkbox[0].check().run()
    text = page_text(app)
    assert "The camera is off" in text
    assert not any("Before the camera starts" in element.value for element in app.info), "the notice folds away"
    assert [(box.label, box.proto.expanded) for box in app.expander] == [("The camera does not start?", False)]
    assert not app.expander[0].icon, "an icon would hide the arrow"
    assert sorted(app.multiselect[0].value) == ["cnn-seed", "trees"]  # the first two, as no default model exists
    assert "· cnn-seed, trees" in unescaped(page_text(app))
    app.multiselect[0].set_value([]).run()
    assert "so cnn-seed is used" in unescaped(page_text(app))


@pytest.mark.parametrize(
    ("silence_s", "message", "expanded"),
    [
        (0.1, "Stopped.", False),
        (5.0, "its video stopped arriving", True),
        (None, "no video arrived", True),
    ],
)
def test_the_help_is_open_only_after_a_start_that_failed_or_a_lost_stream(models, silence_s, message, expanded):
    app = open_page("live")
    app.checkbox[0].check().run()
    session = app.session_state[keys.LIVE_SESSION]
    session.begin_stream(app.session_state[keys.VISIT])
    session.end_stream(silence_s)
    app.run()
    assert message in page_text(app)
    assert [box.proto.expanded for box in app.expander] == [expanded]
    app.switch_page(page("overview").script).run()
    app.switch_page(page("live").script).run()
    assert message not in page_text(app) and "The camera is off" in page_text(app), "this is another visit"


def test_a_wrong_model_in_the_address_is_named_outside_of_the_folded_settings(models):
    app = open_page("live", models=["cnn", "cnm"])
    app.checkbox[0].check().run()
    assert not app.exception
    assert any("cnm" in element.value for element in app.main.warning)
    assert "· cnn" in unescaped(page_text(app))


def test_the_chart_shows_the_chosen_face(models):
    app = open_page("live")
    app.checkbox[0].check().run()
    assert not app.get("plotly_chart")
    log = app.session_state[keys.LIVE_SESSION].log
    for frame in range(5):
        log.add([replace(BOTH_HAPPY, number=4), replace(HAPPY_AND_SAD, number=7)], now_s=float(frame))
    app.run()
    assert "cnn, face 4" in app.get("plotly_chart")[0].proto.spec
    app.session_state[keys.CHART_FACE] = 7
    assert "cnn, face 7" in app.run().get("plotly_chart")[0].proto.spec
    log.add([replace(BOTH_HAPPY, number=8), replace(BOTH_HAPPY, number=9)], now_s=100.0)  # the chosen face has gone
    assert "cnn, face 8" in app.run().get("plotly_chart")[0].proto.spec


def test_without_models_the_page_shows_a_message(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    app = open_page("live")
    assert not app.exception
    assert any("no model" in element.value for element in app.info)


def test_each_page_visit_has_its_own_camera(shipped, monkeypatch):
    write_model("cnn-seed", skill=3)
    monkeypatch.setattr(resources.recognition, "classifier", lambda name: FakeClassifier())
    app = open_page("live")
    app.checkbox[0].check().run()
    first = app.session_state["visit"]
    assert app.run().session_state["visit"] == first  # a rerun is the same visit
    # Leaving for Overview and returning to Live are two visits.
    app.switch_page(page("overview").script).run()
    assert app.switch_page(page("live").script).run().session_state["visit"] == first + 2
    assert f"camera-{first + 2}" in app.session_state


def test_the_page_shows_a_queue_until_a_place_is_free(shipped, monkeypatch):
    class RunningStream:
        seconds_since_frame = 0.1
        ended = False

        def silence_s(self):
            return self.seconds_since_frame

    running = RunningStream()
    full = CameraQueue(1)
    assert full.start("other session", running)
    write_model("cnn-seed", skill=3)
    monkeypatch.setattr(resources.recognition, "classifier", lambda name: FakeClassifier())
    monkeypatch.setattr(resources.streams, "camera_queue", lambda: full)
    app = open_page("live")
    app.checkbox[0].check().run()
    assert not app.exception
    assert any("You are number 1 in the queue" in element.value for element in app.info)
    assert any(button.label == "Start the round" and button.disabled for button in app.button)
    running.seconds_since_frame = SILENT_S + 1
    app.run()
    assert "The camera is off" in page_text(app)


def test_a_changed_frame_rate_reruns_the_page_only_if_its_session_holds_a_camera_place(monkeypatch):
    reruns = []
    monkeypatch.setattr("dashboard.pages.live.camera_view.st.rerun", lambda: reruns.append("rerun"))
    queue, session = CameraQueue(8, cores=1), LiveSession()
    queue.ask(session.name)
    frames_per_s = queue.frames_per_s()
    camera_view._rerun_if_frame_rate_changed(queue, session, frames_per_s)
    assert not reruns
    queue.ask("other session")
    camera_view._rerun_if_frame_rate_changed(queue, session, frames_per_s)
    assert reruns == ["rerun"]
    camera_view._rerun_if_frame_rate_changed(queue, LiveSession(), frames_per_s)  # a session without a place
    assert reruns == ["rerun"]


def test_the_downloaded_image_is_a_png_even_if_there_is_no_frame_yet():
    assert chart_and_downloads.newest_frame_png(None).startswith(b"\x89PNG")
