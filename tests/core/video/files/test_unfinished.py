"""An unfinished run belongs to one film, one choice and the same weights, and has its folder for itself."""

import shutil
from dataclasses import replace

import pytest

from core.exceptions import InputError
from core.video.files import unfinished
from core.video.files.settings import FilmSettings
from core.video.files.unfinished import Unfinished, run_id

SETTINGS = FilmSettings(("cnn",), "haar")
WEIGHTS = {"cnn": "a" * 64}


@pytest.fixture
def film(tmp_path, monkeypatch):
    monkeypatch.setattr(unfinished, "SAMPLE_BYTES", 10)
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(range(100)))
    return path


def test_the_same_run_has_the_same_id_even_if_the_film_was_moved(film):
    before = run_id(film, SETTINGS, WEIGHTS)
    assert run_id(film.rename(film.with_name("moved.mp4")), SETTINGS, WEIGHTS) == before


def test_other_choices_or_weights_are_another_run(film):
    ids = {
        run_id(film, SETTINGS, WEIGHTS),
        run_id(film, replace(SETTINGS, detector="yunet"), WEIGHTS),
        run_id(film, replace(SETTINGS, every_s=0.5), WEIGHTS),
        run_id(film, SETTINGS, {"cnn": "b" * 64}),
    }
    assert len(ids) == 4


@pytest.mark.parametrize("change", [slice(0, 1), slice(99, 100), slice(100, 100)], ids=["start", "end", "length"])
def test_another_film_is_another_run(film, change):
    before = run_id(film, SETTINGS, WEIGHTS)
    content = bytearray(film.read_bytes())
    content[change] = b"\xff"
    film.write_bytes(content)
    assert run_id(film, SETTINGS, WEIGHTS) != before


def test_a_folder_in_which_nothing_was_stored_disappears(tmp_path):
    folder = tmp_path / "film.unfinished"
    with Unfinished(folder).locked():
        assert folder.is_dir()
    assert not folder.exists()


def test_files_of_others_stay_in_the_folder(tmp_path):
    folder = tmp_path / "film.unfinished"
    with Unfinished(folder).locked():
        (folder / "notes.txt").write_text("mine")
        Unfinished(folder).part(0).touch()
        Unfinished(folder).remove()
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_folders_of_others_stay_in_the_folder(tmp_path):
    folder = tmp_path / "film.unfinished"
    (folder / "rows").mkdir(parents=True)
    with Unfinished(folder).locked():
        Unfinished(folder).remove()
    assert [path.name for path in folder.iterdir()] == ["rows"]


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "film.unfinished").touch()
    with (
        pytest.raises(InputError, match=r"film.unfinished cannot be written"),
        Unfinished(tmp_path / "film.unfinished").locked(),
    ):
        pass


def test_the_folder_may_be_deleted_meanwhile(tmp_path):
    folder = tmp_path / "film.unfinished"
    with Unfinished(folder).locked():
        shutil.rmtree(folder)
    assert not folder.exists()


def test_a_film_that_has_gone_is_named(film):
    film.unlink()
    with pytest.raises(InputError, match=r"film.mp4 cannot be read"):
        run_id(film, SETTINGS, WEIGHTS)
