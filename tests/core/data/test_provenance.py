"""A model may have been trained on images that are val in another data set; commands say so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.__main__ import main
from core.data.importing import import_dataset
from core.data.provenance import count_unknown_val, has_same_test_images, val_note
from core.data.shipped import FER2013_FINGERPRINT
from core.data.store import current_import
from core.models.store import read_card
from tests.core.data.sources.test_recognition import jpeg_again, png, renamed
from tests.fixtures import models, synthetic


def own_data_set(folder: Path) -> str:
    """Import 98 other images; return the fingerprint."""
    files = {name: synthetic.jpeg(synthetic.draw_face(3000 + n)) for n, name in enumerate(synthetic.files())}
    return import_dataset(synthetic.write_zip(folder / "own.zip", files)).fingerprint


@pytest.mark.case("d1")
@pytest.mark.parametrize("change", [lambda data: png(data, 96), jpeg_again])
def test_val_of_the_recognised_archive_is_known(imported: Path, change: Callable[[bytes], bytes]) -> None:
    files = {renamed(name, n): change(data) for n, (name, data) in enumerate(synthetic.files().items())}
    files.pop(next(iter(files)))
    import_dataset(synthetic.write_zip(imported / "renamed.zip", files))
    data = current_import()
    assert data.fingerprint != FER2013_FINGERPRINT
    assert count_unknown_val(data, FER2013_FINGERPRINT) == 0


@pytest.mark.case("d1")
def test_val_of_another_data_set_may_have_been_learnt(imported: Path) -> None:
    archive = current_import()
    own = own_data_set(imported)
    val = int((current_import().manifest()["split"] == "val").sum())
    assert count_unknown_val(current_import(), own) == 0
    assert count_unknown_val(current_import(), archive.fingerprint) == val > 0
    assert count_unknown_val(current_import(), "0" * 16) == val
    assert val_note("cnn", own) is None
    assert val_note("cnn", archive.fingerprint).startswith(f"{val} val images were not val when cnn was trained")
    assert val_note("cnn", "0" * 16).startswith("The data set that cnn was trained on is not here")


def test_results_are_stored_only_for_the_test_images_of_the_model(imported: Path) -> None:
    archive = current_import()
    assert has_same_test_images(archive, archive.fingerprint)
    assert has_same_test_images(archive, FER2013_FINGERPRINT)
    own = own_data_set(imported)
    assert not has_same_test_images(current_import(), archive.fingerprint)
    files = {name: synthetic.jpeg(synthetic.draw_face(6000 + n)) for n, name in enumerate(synthetic.files())}
    import_dataset(synthetic.write_zip(imported / "same_names.zip", files))
    assert not has_same_test_images(current_import(), own)
    assert not has_same_test_images(current_import(), "0" * 16)


@pytest.mark.case("d1")
def test_calibrate_warns_about_val_images_that_may_have_been_learnt(imported: Path, capsys) -> None:
    models.write_model("first", skill=2)
    assert read_card("first").data_fingerprint not in (FER2013_FINGERPRINT, current_import().fingerprint)
    assert main(["calibrate", "first"]) == 0
    output = capsys.readouterr()
    assert "first was trained on is not here: it may have been trained on val images" in output.err
    assert "fitted on val" in output.out
