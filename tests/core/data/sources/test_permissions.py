"""Folders without permission are named, and what is imported can be read by a server of another user."""

import errno
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.data.importing import import_dataset
from core.data.shipped import load_manifest
from core.data.store import current_import
from core.exceptions import InputError
from tests.fixtures import synthetic


@pytest.fixture
def careful_umask():
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.case("d14")
def test_everybody_may_read_an_import_whatever_the_umask_is(
    shipped: Path, archive: Path, careful_umask: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "DATA_DIR", shipped / "new" / "data")
    import_dataset(archive)
    for path in (paths.DATA_DIR, *paths.DATA_DIR.rglob("*")):
        others = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
        assert path.stat().st_mode & others == others, path


def refuse(monkeypatch: pytest.MonkeyPatch, owner: object, function: str, refused: Path) -> None:
    """Let a function raise PermissionError for one path, also for root."""
    original = getattr(owner, function)

    def denied(path: object, *arguments: object, **options: object) -> object:
        if Path(str(path)) == refused:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return original(path, *arguments, **options)

    monkeypatch.setattr(owner, function, denied)


@pytest.mark.case("d14")
@pytest.mark.parametrize("name", ["train", "test", "test/happy"])
def test_a_folder_that_cannot_be_read_is_named(shipped: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = synthetic.write_folder(shipped / "source", synthetic.files())
    refuse(monkeypatch, os, "scandir", folder / name)
    with pytest.raises(InputError, match=rf"cannot read the folder .*{name} \(Permission denied\); change its"):
        import_dataset(folder)
    assert current_import() is None


@pytest.mark.case("d14")
def test_a_file_that_cannot_be_read_is_named(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = synthetic.write_folder(shipped / "source", synthetic.files())
    refuse(monkeypatch, Path, "open", folder / "train/happy/Training_0.jpg")
    with pytest.raises(InputError, match=r"1 image cannot be read .*Training_0\.jpg\): .*Permission denied"):
        import_dataset(folder)


@pytest.mark.case("d14")
def test_an_import_that_cannot_be_read_is_not_taken_for_none(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, Path, "read_text", paths.DATA_DIR / "fer2013" / "current")
    with pytest.raises(InputError, match=r"current cannot be read \(Permission denied\)"):
        load_manifest()


@pytest.mark.case("d14")
def test_the_files_of_an_import_that_cannot_be_read_are_named(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, Path, "is_file", current_import().folder / "faces.npy")
    with pytest.raises(InputError, match=r"cannot be read \(Permission denied\); change its permissions"):
        current_import()


@pytest.mark.case("d14")
def test_faces_without_permission_are_not_called_damaged(imported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, np, "load", current_import().folder / "faces.npy")
    with pytest.raises(InputError, match=r"faces\.npy cannot be read \(Permission denied\); check its permissions"):
        current_import().faces()


def test_a_read_only_data_folder_is_named(shipped: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, Path, "mkdir", paths.DATA_DIR / "fer2013")
    with pytest.raises(InputError, match=r"cannot be written \(Permission denied\); check its permissions, or set"):
        import_dataset(archive)
