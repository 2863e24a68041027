"""The commands `doubts` and `cross-validate`, from the folds to the table and the list."""

import io
import json

import pandas as pd
import pytest

from core import paths
from core.__main__ import main
from core.data.importing import import_dataset
from core.evaluation.out_of_sample import FILE_NAME, read_out_of_sample
from core.exceptions import LONGEST_MESSAGE
from core.review.doubts import not_faces
from tests.fixtures.fakes import FakeDetector
from tests.fixtures.learnable import import_learnable
from tests.fixtures.networks import write_network

SMALL = ["--set", "blocks=[[4],[4]]", "--set", "hidden=0", "--set", "epochs=[1]", "--set", "learning_rates=[0.01]"]
COLUMNS = ["image_id", "true_label", "suggested_label", "score", "rank", "rank_in_class"]


@pytest.fixture
def learnable(home, monkeypatch):
    """A small FER2013, imported, whose emotions can be told apart, without FERscope's own tables."""
    import_learnable(home)
    monkeypatch.setattr(paths, "ROOT", home)
    return home


def stdout_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_folds_write_the_table_that_doubts_reads(learnable, capsys, tmp_path):
    assert main(["doubts", "--split", "training"]) == 1
    assert "run `python -m core cross-validate cnn-seed` first" in capsys.readouterr().err
    result = stdout_json(capsys, "cross-validate", "cnn-seed", *SMALL)
    assert (result["recipe"], result["folds"], result["images"]) == ("cnn-seed", 5, 168)
    assert 0 <= result["accuracy"] <= 1 and result["file"] == str(paths.DATA_DIR / FILE_NAME)
    origin = read_out_of_sample(None).origin
    assert (origin.recipe, origin.folds, origin.seed, origin.config["hidden"]) == ("cnn-seed", 5, 42, 0)
    assert main(["doubts", "--split", "training", "-o", str(tmp_path / "doubts.csv")]) == 0
    table = pd.read_csv(tmp_path / "doubts.csv")
    assert table.columns.tolist() == COLUMNS and len(table) == 168
    assert table["image_id"].str.startswith("train/").all() and table["score"].is_monotonic_increasing
    accuracy = (table["suggested_label"] == table["true_label"]).mean()
    assert accuracy == pytest.approx(result["accuracy"], abs=0.02)  # 16 bits may reorder nearly equal probabilities


def test_a_second_call_trains_nothing_and_an_output_file_leaves_the_table_alone(learnable, capsys, tmp_path):
    assert main(["cross-validate", "cnn-seed", *SMALL, "-o", str(tmp_path / "table.parquet")]) == 0
    assert not (paths.DATA_DIR / FILE_NAME).exists() and (tmp_path / "table.parquet").is_file()
    before = (tmp_path / "table.parquet").read_bytes()
    capsys.readouterr()
    assert main(["cross-validate", "cnn-seed", *SMALL, "--finished", "-o", str(tmp_path / "table.parquet")]) == 0
    assert (tmp_path / "table.parquet").read_bytes() == before
    assert main(["cross-validate", "cnn-seed", *SMALL, "-o", str(tmp_path / "table.parquet")]) == 0
    assert "5 of 5 folds are finished" in capsys.readouterr().err


def test_flipped_labels_are_reported_and_never_written(learnable, capsys):
    result = stdout_json(capsys, "cross-validate", "cnn-seed", *SMALL, "--flip", "0.25", "--seed", "3")
    assert (result["flip"], result["seed"], result["folds"]) == (0.25, 3, 5)
    assert (result["all"]["images"], result["all"]["flipped"]) == (168, 42)
    for groups in ("by_given_label", "by_true_label"):
        assert sum(found["flipped"] for found in result[groups].values()) == 42
        assert sum(found["images"] for found in result[groups].values()) == 168
    assert not (paths.DATA_DIR / FILE_NAME).exists()
    [folder] = paths.RUNS_DIR.iterdir()
    (folder / "fold-4.npy").unlink()
    partial = stdout_json(
        capsys, "cross-validate", "cnn-seed", *SMALL, "--flip", "0.25", "--seed", "3", "--finished"
    )  # fmt: skip
    assert partial["folds"] == 4 and partial["all"]["images"] < 168
    assert main(["cross-validate", "cnn-seed", *SMALL, "--flip", "0.25", "--seed", "3", "--finished"]) == 0
    printed = capsys.readouterr().out
    assert "Only 4 of 5 folds" in printed and "true label" in printed and "in lowest tenth of class" in printed


def test_a_table_is_not_written_from_some_of_the_folds(learnable, capsys):
    assert main(["cross-validate", "cnn-seed", *SMALL]) == 0
    [folder] = paths.RUNS_DIR.iterdir()
    (folder / "fold-1.npy").unlink()
    (paths.DATA_DIR / FILE_NAME).unlink()
    assert main(["cross-validate", "cnn-seed", *SMALL, "--finished"]) == 1
    assert "4 of 5 folds are finished; leave out --finished" in capsys.readouterr().err
    assert not (paths.DATA_DIR / FILE_NAME).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody"], "unknown recipe 'nobody'"),
        (["cnn"], "which may know the labels of all images"),
        (["cnn-seed", "--seed", "1"], "--seed chooses which labels flip, so it needs --flip"),
        (["cnn-seed", "--flip", "0.1", "-o", "x.parquet"], "-o cannot be used with --flip"),
        (["cnn-seed", "--finished"], "there are no folds in runs/folds-cnn-seed"),
        (["cnn-seed", "--set", "epochs=[0]"], "epochs must be"),
        (["cnn-seed"], "at least 10 different Training images of each emotion"),
    ],
)
def test_bad_input_of_cross_validate_is_refused_and_leaves_no_folder(imported, capsys, arguments, message):
    assert main(["cross-validate", *arguments]) == 1
    error = capsys.readouterr().err
    assert message in error and len(error) <= LONGEST_MESSAGE + len("Error: \n")
    assert list(paths.RUNS_DIR.iterdir()) == []


@pytest.mark.parametrize("flip", ["0", "1", "-0.1", "nan", "five", "2"])
def test_a_share_outside_of_0_and_1_is_a_usage_error(flip):
    with pytest.raises(SystemExit) as stop:
        main(["cross-validate", "cnn-seed", f"--flip={flip}"])
    assert stop.value.code == 2


def test_the_list_of_test_images_needs_no_images(shipped, capsys, tmp_path):
    assert main(["doubts"]) == 1
    assert "the default network has predicted no test image" in capsys.readouterr().err
    write_network()
    assert main(["doubts", "-o", str(tmp_path / "doubts.csv")]) == 0
    table = pd.read_csv(tmp_path / "doubts.csv")
    assert table.columns.tolist() == COLUMNS and len(table) == 28
    assert table["rank"].tolist() == list(range(1, 29))
    capsys.readouterr()
    assert main(["doubts"]) == 0
    printed = capsys.readouterr().out
    assert table["image_id"][0] in printed and table["image_id"][19] in printed
    assert table["image_id"][20] not in printed
    doubtful = int((table["score"] < 0.05).sum())
    assert f"{doubtful} of 28 images ({doubtful / 28:.1%}) of test score below 0.05." in printed


def test_images_without_a_face_are_listed(imported, capsys, monkeypatch, tmp_path):
    write_network()
    monkeypatch.setattr(not_faces, "FARTHEST", 0.1)
    monkeypatch.setattr(not_faces, "make_detector", lambda name: FakeDetector())
    assert main(["doubts", "--faces", "-o", str(tmp_path / "faces.csv")]) == 0
    table = pd.read_csv(io.BytesIO((tmp_path / "faces.csv").read_bytes()))
    assert table.columns.tolist() == ["image_id", "true_label", "distance"] and len(table) == 10
    capsys.readouterr()
    assert main(["doubts", "--faces"]) == 0
    printed = capsys.readouterr().out
    assert table["image_id"][9] in printed and "10 images may show no face" in printed
    assert main(["doubts", "--faces", "--split", "test"]) == 1
    assert "--split cannot be used with --faces" in capsys.readouterr().err


def test_another_data_set_gets_its_own_table(learnable, capsys, tmp_path):
    from tests.fixtures import learnable as fixture
    from tests.fixtures import synthetic

    faces = fixture.images()
    left_out = next(name for name in faces if name.startswith("test/"))
    files = {f"{name}.jpg": synthetic.jpeg(face) for name, face in faces.items() if name != left_out}
    report = import_dataset(synthetic.write_zip(tmp_path / "other.zip", files))
    result = stdout_json(capsys, "cross-validate", "cnn-seed", *SMALL)
    assert result["file"] == str(paths.DATA_DIR / "fer2013" / report.fingerprint / FILE_NAME)
    assert not (paths.DATA_DIR / FILE_NAME).exists()
    assert main(["doubts", "--split", "training"]) == 0
    assert "168 images" in capsys.readouterr().out
