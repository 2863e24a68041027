"""The choice of the face detector on the pages Photo & video and Live, and the button that downloads YuNet."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from core.callbacks import Progress
from core.vision.detectors import DETECTORS, detector_names, yunet_file
from core.vision.detectors.defaults import default_detector
from dashboard import keys
from dashboard.plain_text import escape_markdown
from tests.dashboard import machines
from tests.dashboard.pages.visiting import open_page, open_with_consent, page_text

PICKERS = {"photo": keys.PHOTO_DETECTOR, "live": keys.DETECTOR}
FALLBACKS = {"photo": "haar-multi", "live": "haar-multi-fast"}
SMALL_FACES = "Small faces may be missing"
OLD_FILE = "face_detection_yunet_2022mar.onnx"
REAL_YUNET = DETECTORS["yunet"]

both_pages = pytest.mark.parametrize("url_path", PICKERS)


@pytest.fixture(autouse=True)
def machine(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with models and without networks for detection, whose visitors may change files."""
    monkeypatch.delenv("FERSCOPE_READ_ONLY", raising=False)
    machines.accept_fake_network(monkeypatch)
    machines.remove_library(monkeypatch)


def chosen(app: AppTest, url_path: str) -> str:
    return app.selectbox(PICKERS[url_path]).value


def choose(app: AppTest, url_path: str, detector: str) -> AppTest:
    app.selectbox(PICKERS[url_path]).set_value(detector).run()
    assert not app.exception
    return app


def has_download_button(app: AppTest) -> bool:
    return keys.GET_YUNET in [button.key for button in app.button]


def press_download_button(app: AppTest) -> AppTest:
    app.button(keys.GET_YUNET).click().run()
    assert not app.exception
    return app


@both_pages
def test_the_default_is_the_best_detector_that_can_be_used(url_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def default() -> str:
        app = open_with_consent(url_path)
        assert chosen(app, url_path) == default_detector(video=url_path == "live")
        assert app.selectbox(PICKERS[url_path]).options == detector_names()
        return chosen(app, url_path)

    assert default() == FALLBACKS[url_path]
    machines.add_library(monkeypatch)
    assert default() == "libfacedetection"
    machines.write_yunet_file()
    assert default() == "yunet"


@both_pages
def test_a_detector_that_cannot_be_used_is_not_offered(url_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = open_with_consent(url_path).selectbox(PICKERS[url_path]).options
    assert {"yunet", "libfacedetection"}.isdisjoint(offered)
    assert {"haar", "haar-multi", "haar-multi-fast"} <= set(offered)
    machines.add_library(monkeypatch)
    assert "libfacedetection" in open_with_consent(url_path).selectbox(PICKERS[url_path]).options


@both_pages
def test_a_fallback_to_haar_says_why_until_another_detector_is_chosen(url_path: str) -> None:
    app = open_with_consent(url_path)
    assert f"libfacedetection cannot be used, because {machines.REASON}." in page_text(app)
    choose(app, url_path, "haar")
    assert machines.REASON not in page_text(app)
    assert "The faces are found by `haar`: Haar cascades." in page_text(app)


@both_pages
def test_the_note_on_a_network_is_in_plain_words(url_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machines.add_library(monkeypatch)
    for detector in ("libfacedetection", "yunet"):
        app = open_with_consent(url_path)
        assert chosen(app, url_path) == detector
        assert "The faces are found by YuNet, a small neural network" in page_text(app)
        assert SMALL_FACES not in page_text(app)
        machines.write_yunet_file()


@both_pages
def test_only_detectors_for_large_faces_have_a_warning(url_path: str) -> None:
    app = open_with_consent(url_path)
    assert SMALL_FACES in page_text(choose(app, url_path, "haar-fast"))
    assert SMALL_FACES not in page_text(choose(app, url_path, "haar-fine"))


@both_pages
def test_a_file_of_yunet_that_was_not_measured_is_offered_and_named_if_it_is_chosen(url_path: str) -> None:
    machines.write_yunet_file(b"another network", OLD_FILE)
    app = open_with_consent(url_path)
    assert "yunet" in app.selectbox(PICKERS[url_path]).options
    assert chosen(app, url_path) == FALLBACKS[url_path]
    assert OLD_FILE not in page_text(app)
    choose(app, url_path, "yunet")
    assert f"{OLD_FILE}, which is not the file that was measured" in page_text(app)
    assert has_download_button(app)


def test_a_file_of_yunet_that_is_not_a_network_gives_an_error_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DETECTORS, "yunet", REAL_YUNET)
    machines.write_yunet_file(b"not a network", OLD_FILE)
    app = choose(open_page("photo"), "photo", "yunet")
    sentence = f"cannot read the model {OLD_FILE}; run `python -m core get yunet`."
    assert escape_markdown(sentence) in app.error[0].value


@both_pages
def test_a_detector_that_disappears_is_replaced_by_the_default(url_path: str) -> None:
    path = machines.write_yunet_file()
    app = open_with_consent(url_path)
    assert chosen(app, url_path) == "yunet"
    path.unlink()
    app.run()
    assert not app.exception
    assert chosen(app, url_path) == FALLBACKS[url_path]


class TestDownloadButton:
    @both_pages
    def test_is_offered_until_the_verified_file_is_there(self, url_path: str) -> None:
        assert has_download_button(open_with_consent(url_path))
        machines.write_yunet_file()
        assert not has_download_button(open_with_consent(url_path))

    @both_pages
    def test_is_not_offered_if_visitors_may_not_change_files(
        self, url_path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
        assert not has_download_button(open_with_consent(url_path))

    def test_names_the_size_of_the_file_and_the_gain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(yunet_file, "SIZE", 232_589)
        button = open_page("photo").button(keys.GET_YUNET)
        assert (button.label, button.help) == (
            "Download YuNet from OpenCV (233 kB)",
            "It finds more faces in less time.",
        )
        machines.add_library(monkeypatch)  # the same network, but slower
        assert open_page("photo").button(keys.GET_YUNET).help == "It finds the same faces in less time."

    @both_pages
    def test_a_failed_download_gives_an_error_sentence_and_may_be_tried_again(
        self, url_path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(yunet_file, "SOURCES", ("ftp://nowhere/yunet.onnx",))
        app = press_download_button(open_with_consent(url_path))
        assert "YuNet was not downloaded (nowhere: only http and https are allowed)" in app.error[0].value
        assert chosen(app, url_path) == FALLBACKS[url_path]
        assert has_download_button(app)
        assert not list(paths.MODELS_DIR.glob("detectors/*"))
        app.run()
        assert not app.error

    @both_pages
    @pytest.mark.parametrize("chosen_before", ["default", "haar-fine"])
    def test_after_a_download_yunet_is_chosen(
        self, url_path: str, chosen_before: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def download(on_progress: Progress) -> Path:
            for done in (0, len(machines.NETWORK)):
                on_progress(done, len(machines.NETWORK))
            return machines.write_yunet_file()

        monkeypatch.setattr(yunet_file, "download", download)
        app = open_with_consent(url_path)
        if chosen_before != "default":
            choose(app, url_path, chosen_before)
        press_download_button(app)
        assert chosen(app, url_path) == "yunet"
        assert not has_download_button(app) and not app.error and not app.warning
        assert "The faces are found by YuNet, a small neural network." in page_text(app)
        choose(app, url_path, "haar")
        assert chosen(app.run(), url_path) == "haar"  # the visitor's choice is kept
