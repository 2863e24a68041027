"""A home of its own for every test that writes, and a small FER2013 in each of its forms (see synthetic.py)."""

from pathlib import Path

import pytest

from core import paths
from core.dataset import Import, current_import, import_dataset, write_shipped
from tests import synthetic

ARCHIVE = paths.ROOT.parent / "shared" / "fer2013" / "archive.zip"
"""Where the real data set may lie, beside the project."""


@pytest.fixture(scope="session")
def fer2013(tmp_path_factory: pytest.TempPathFactory) -> Import:
    """The real FER2013, imported here or lying beside the project; elsewhere its tests are skipped."""
    found = current_import()
    if found is None and ARCHIVE.is_file():
        folder = tmp_path_factory.mktemp("fer2013")
        for name in ("manifest.parquet", "means.npy"):
            (folder / name).write_bytes((paths.DATA_DIR / name).read_bytes())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paths, "DATA_DIR", folder)
            import_dataset(ARCHIVE)
            found = current_import()
    if found is None or len(found.manifest()) < 35_887:
        pytest.skip("FER2013 is not imported here")
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty data, models and runs folders; nothing is shipped, nothing imported."""
    for name in ("data", "models", "runs"):
        monkeypatch.setattr(paths, f"{name.upper()}_DIR", tmp_path / name)
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The synthetic FER2013 as a zip."""
    return synthetic.write_zip(tmp_path / "archive.zip", synthetic.files())


@pytest.fixture
def shipped(home: Path, archive: Path) -> Path:
    """A home whose shipped manifest and mean faces are those of the synthetic FER2013; nothing imported."""
    write_shipped(archive)
    return home


@pytest.fixture
def imported(shipped: Path, archive: Path) -> Path:
    """The same, imported."""
    import_dataset(archive)
    return shipped
