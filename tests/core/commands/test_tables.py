"""Tables keep their first column whole, in pipes and in narrow terminals, and show every name as it is."""

import json
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import paths
from core.__main__ import main
from core.commands.measure.bench_tables import print_stages, print_training, print_video
from core.commands.tables import print_table
from core.recognition import recognizer
from core.recognition.recognizer import Recognizer
from core.runtime.progress_bar import progress_bar, training_bar
from core.runtime.streams import printable
from core.vision.images import encode_png
from tests.fixtures.fakes import FakeClassifier, FakeDetector

MODELS = ("cnn-seed", "catboost-seed", "catboost-on-cnn", "cnn-seed-augmented")
CORRUPTIONS = ("brightness", "contrast", "low resolution", "occlusion")
TIMES = {"median_ms": 1.0, "p95_ms": 2.0, "frames": 3, "stages_ms": {"detect": 1.0, "classify cnn-seed-augmented": 2.0}}


def print_models(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", paths.ROOT / "models")
    assert main(["models"]) == 0
    return MODELS


def print_evaluation(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", paths.ROOT / "models")
    monkeypatch.setattr(paths, "DATA_DIR", paths.ROOT / "data")
    assert main(["evaluate", "cnn-seed", "--stored"]) == 0
    return "Test", "Leak-free", "PrivateTest", "surprise"


def print_robustness(tmp_path, monkeypatch):
    for name in ("data", "models", "runs"):
        monkeypatch.setattr(paths, f"{name.upper()}_DIR", tmp_path / name)
    (tmp_path / "models").mkdir()
    shutil.copytree(paths.ROOT / "models" / "cnn-seed", tmp_path / "models" / "cnn-seed")
    from core.data.importing import import_dataset
    from tests.fixtures import synthetic

    import_dataset(synthetic.write_zip(tmp_path / "archive.zip", synthetic.files()))
    assert main(["robustness", "cnn-seed", "--limit", "5"]) == 0
    return CORRUPTIONS


def print_prediction(tmp_path, monkeypatch):
    def load(models, name):
        return Recognizer(FakeDetector((10, 10, 60, 60)), {"cnn-seed-augmented": FakeClassifier()}, "fake")

    monkeypatch.setattr(recognizer, "load_recognizer", load)
    path = tmp_path / f"{'long ' * 20}.png"
    path.write_bytes(encode_png(np.full((80, 100, 3), 99, np.uint8)))
    assert main(["predict", str(path)]) == 0
    return f"{path}: predicted expressions", " 1 "


def print_benchmarks(tmp_path, monkeypatch):
    print_stages(
        {"stages": {"classify cnn-seed-augmented": TIMES}, "rounds": 1, "images_per_s": 1, "batch_ms_per_face": {}}, 64
    )
    row = {"models": ["cnn-seed", "catboost"], "detector": "haar", "steady": TIMES, "one_face_found": 1, "frames": 3}
    print_video({"chosen": {**row, "resident_mb": None}})
    speeds = {"seed_images_per_s": 1.0, "images_per_s": 2.0, "ratio": 2.0, "ratio_range": [1, 3]}
    print_training(
        {
            "recipe": "x",
            "training": {"augmented": speeds},
            "weights": 5,
            "batch_size": 64,
            "faces": "noise",
            "repeats": 1,
            "device": "cpu",
            "threads": 1,
            "precision": "float32",
            "features_images_per_s": {},
        }
    )
    return "classify cnn-seed-augmented", "cnn-seed + catboost", "augmented images"


@pytest.mark.case("c4")
@pytest.mark.parametrize("columns", [None, "80", "10"])
@pytest.mark.parametrize(
    "print_results", [print_models, print_evaluation, print_robustness, print_prediction, print_benchmarks]
)
def test_the_first_column_of_every_command_is_whole(tmp_path, monkeypatch, capsys, print_results, columns):
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    keys = print_results(tmp_path, monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    assert [key for key in keys if not any(key in line for line in lines)] == []
    assert not any("…" in line for line in lines)


@pytest.mark.case("c4")
def test_no_cell_is_wrapped_in_a_pipe(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    print_table(("name", "text"), [("a", "many words " * 50), ("b", "x" * 500)], title="t")
    assert len(capsys.readouterr().out.splitlines()) == 7


def test_numbers_are_aligned_on_the_right_and_a_line_separates_rows(capsys):
    print_table(("name", "n"), [("a", "1"), ("b", "22")], numbers_from=1, line_after=1)
    lines = capsys.readouterr().out.splitlines()
    assert (lines[3], lines[5]) == ("│ a    │  1 │", "│ b    │ 22 │")
    assert lines[4].startswith("├")


def test_a_table_without_rows_has_its_headings(capsys):
    print_table(("name", "n"), [])
    assert "name" in capsys.readouterr().out


@pytest.mark.property
@given(
    st.lists(st.text(st.characters(exclude_categories=[]), max_size=30), min_size=1, max_size=3),
    st.sampled_from(["", "30", "300"]),
)
def test_random_names_are_whole_in_the_first_column(capsys, monkeypatch, names, columns):
    monkeypatch.setenv("COLUMNS", columns)
    print_table(("name", "text"), [(name, name) for name in names], title=names[0])
    out = capsys.readouterr().out
    assert all(printable(name).strip() in out for name in names)


@pytest.mark.parametrize("name", ["[/bold]", "[red]x", "two\nlines", "\udcff", "{task.id}"])
def test_progress_bars_show_every_name(capsys, name):
    with progress_bar() as on_progress:
        on_progress(name, 1, 2)
    with training_bar(name) as on_step:
        on_step(1, 2, {"val_accuracy": 0.5})
    assert capsys.readouterr().err.count(printable(name)) == 2


def test_models_prints_a_json_list_only_even_if_a_model_is_left_out(home, capsys):
    (paths.MODELS_DIR / "broken").mkdir()
    (paths.MODELS_DIR / "broken" / "card.json").write_text("{")
    assert main(["models", "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out) == [] and output.err.startswith("Left out: ")
