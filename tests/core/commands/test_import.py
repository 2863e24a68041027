"""`core import`: errors that leave the previous import unchanged, --skip-bad, and importing the same data again."""

import errno
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.data import store
from core.data.sources import containers
from core.data.store import current_import
from tests.fixtures import synthetic


def zip_with_file(name: str) -> Callable[[Path], Path]:
    return lambda folder: synthetic.write_zip(folder / "bad.zip", synthetic.files() | {name: b"x"})


def truncated_zip(folder: Path) -> Path:
    path = synthetic.write_zip(folder / "bad.zip", synthetic.files())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def zip_with_link(folder: Path) -> Path:
    path = synthetic.write_zip(folder / "bad.zip", synthetic.files())
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("train/angry/link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return path


def text_file(name: str, content: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_text(content)
        return folder / name

    return write


def empty_folder(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


def zip_with_image(data: bytes) -> Callable[[Path], Path]:
    name = "train/angry/Training_999.jpg"
    return lambda folder: synthetic.write_zip(folder / "bad.zip", synthetic.files() | {name: data})


PIXELS = " ".join(["7"] * 2304)

BAD_INPUTS = {
    "no such path": (lambda folder: folder / "gone.zip", "does not exist"),
    "not a zip": (text_file("a.zip", "hello"), "is neither a zip or tar archive nor a CSV"),
    "truncated zip": (truncated_zip, "incomplete or damaged"),
    "parent folder": (zip_with_file("../../evil.jpg"), "nothing was imported"),
    "absolute name": (zip_with_file("/etc/evil.jpg"), "nothing was imported"),
    "link": (zip_with_link, "nothing was imported"),
    "empty folder": (empty_folder, "contains no images, but no files"),
    "corrupt image": (zip_with_image(b"no picture"), "1 image cannot be read"),
    "empty image": (zip_with_image(b""), "This file is empty"),
    "missing column": (text_file("f.csv", "emotion,Usage\n0,Training\n"), "no column pixels"),
    "short row": (text_file("f.csv", "emotion,pixels,Usage\n0,1 2 3,Training\n"), "cannot be read"),
    "unknown label": (
        text_file("f.csv", f"emotion,pixels,Usage\n7,{PIXELS},Training\n"),
        "the emotion '7' is neither one of",
    ),
}
"""Kind of bad input -> function that writes it to a folder and returns its path, and part of the error message."""


@pytest.mark.parametrize("kind", BAD_INPUTS)
def test_bad_input_prints_an_error_and_keeps_the_previous_import(imported: Path, tmp_path, capsys, kind: str) -> None:
    write_input, message = BAD_INPUTS[kind]
    before, faces = current_import(), np.array(current_import().faces())
    folder = tmp_path / "input"
    folder.mkdir()
    assert main(["import", str(write_input(folder))]) == 1
    assert message in " ".join(capsys.readouterr().err.split())
    assert current_import() == before
    assert np.array_equal(current_import().faces(), faces)
    assert not (tmp_path.parent / "evil.jpg").exists()


def test_a_zip_bomb_is_refused_because_of_its_declared_size(imported: Path, archive: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(containers, "MAX_TOTAL_BYTES", 1000)
    assert main(["import", str(archive)]) == 1
    assert "far more than FER2013 has" in " ".join(capsys.readouterr().err.split())


def test_skip_bad_leaves_out_and_reports_unreadable_images(shipped: Path, tmp_path: Path, capsys) -> None:
    bad = zip_with_image(b"no picture")(tmp_path)
    assert main(["import", str(bad), "--skip-bad", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["images"] == len(synthetic.images())
    assert len(report["skipped"]) == 1 and "Training_999" in report["skipped"][0]


def test_skip_bad_refuses_an_import_without_any_readable_image(imported: Path, tmp_path: Path, capsys) -> None:
    before = current_import()
    for name in synthetic.files():
        (tmp_path / "bad" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bad" / name).write_bytes(b"no picture")
    assert main(["import", str(tmp_path / "bad"), "--skip-bad"]) == 1
    assert "None of the 98 images can be read" in capsys.readouterr().err
    assert current_import() == before


def test_importing_the_same_data_again_says_so_and_does_not_replace_the_import(
    imported: Path, archive: Path, capsys
) -> None:
    modified_ns = (paths.DATA_DIR / "fer2013" / "current").stat().st_mtime_ns
    assert main(["import", str(archive)]) == 0
    assert "Identical" in capsys.readouterr().out
    assert (paths.DATA_DIR / "fer2013" / "current").stat().st_mtime_ns == modified_ns


def test_a_full_disk_gives_an_error_and_keeps_the_previous_import(
    imported: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    before = current_import()

    def disk_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store.Path, "write_bytes", disk_full)
    other_files = {name: data for name, data in synthetic.files().items() if "Training_1" not in name}
    other = synthetic.write_zip(tmp_path / "other.zip", other_files)
    assert main(["import", str(other)]) == 1
    assert "The disk is full" in " ".join(capsys.readouterr().err.split())
    assert current_import() == before
