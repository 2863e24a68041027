"""The files that come out of films: their names, and files of others that must not be replaced."""

from pathlib import Path

import pytest

from core.exceptions import InputError
from core.video.files.endings import ENDINGS, SUMMARY
from core.video.files.outputs import Outputs, outputs_of


def test_films_of_the_same_name_get_numbers_in_the_order_given(tmp_path):
    films = [Path("a/clip.mp4"), Path("b/clip.mp4"), Path("clip.MOV"), Path("Clip.avi"), Path("other.webm")]
    assert [outputs.name for outputs in outputs_of(films, tmp_path)] == ["clip", "clip-2", "clip-3", "Clip-4", "other"]


def test_the_folder_is_created(tmp_path):
    outputs = Outputs(tmp_path / "new" / "folder", "clip")
    outputs.prepare()
    assert outputs.folder.is_dir()


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".summary.json"])
def test_a_file_of_somebody_else_is_not_replaced(tmp_path, ending):
    outputs = Outputs(tmp_path, "clip")
    outputs.path(ending).write_text("mine")
    with pytest.raises(InputError, match=r"clip.* exists and is not the result of an earlier run; rename it, or"):
        outputs.prepare()
    assert outputs.path(ending).read_text() == "mine"


def test_results_of_an_earlier_run_may_be_replaced(tmp_path):
    outputs = Outputs(tmp_path, "clip")
    for ending in ENDINGS:
        outputs.path(ending).write_text('{"video": "clip.mp4"}' if ending == SUMMARY else "earlier")
    outputs.prepare()


def test_a_summary_of_somebody_else_is_not_replaced(tmp_path):
    outputs = Outputs(tmp_path, "clip")
    outputs.summary.write_text('{"mine": 1}')
    with pytest.raises(InputError, match=r"clip.summary.json exists and is not the result of an earlier run"):
        outputs.prepare()


def test_results_of_an_unfinished_run_may_be_replaced_but_a_folder_alone_is_none(tmp_path):
    outputs = Outputs(tmp_path, "clip")
    outputs.path(".png").write_text("mine")
    outputs.unfinished.mkdir()
    with pytest.raises(InputError, match=r"clip.png exists"):
        outputs.prepare()
    (outputs.unfinished / "state.json").touch()
    outputs.prepare()


@pytest.mark.parametrize("length", [242, 250, 400])
def test_a_name_that_is_too_long_for_the_files_is_named(tmp_path, length):
    with pytest.raises(InputError, match=r"The name x+... is too long for the files .*; give the film a shorter one"):
        Outputs(tmp_path, "x" * length).prepare()


@pytest.mark.parametrize("blocker", ["file", "name"])
def test_a_folder_that_cannot_be_created_is_refused(tmp_path, blocker):
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "folder" if blocker == "file" else tmp_path / ("x" * 300)
    with pytest.raises(InputError, match=r"cannot be used .*; name another with --out") as caught:
        Outputs(folder, "clip").prepare()
    assert len(str(caught.value)) <= 300
