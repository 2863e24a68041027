"""`python -m core similar` lists the images that are most like a face."""

import json

import pytest

from core import paths
from core.__main__ import main
from core.commands.faces import similar
from core.evaluation.neighbours import store
from core.vision.images import encode_png
from tests.fixtures import synthetic
from tests.fixtures.networks import write_network

COPIED = "train/happy/Training_0"
"""Training_1 and Training_2 are exact copies of it."""


@pytest.fixture(autouse=True)
def network(imported):
    """A small default network, beside the synthetic FER2013."""
    return write_network()


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    assert main(["similar", *arguments, "--json"]) == 0
    rows: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return rows


def test_the_json_lists_the_nearest_images_with_label_split_and_distance(capsys):
    rows = found(capsys, "test/sad/PrivateTest_0")
    assert len(rows) == similar.DEFAULT_COUNT
    assert all(list(row) == ["image_id", "true_label", "split", "distance"] for row in rows)
    distances = [row["distance"] for row in rows]
    assert distances == sorted(distances) and distances[0] > 0
    assert "test/sad/PrivateTest_0" not in [row["image_id"] for row in rows]
    assert all(row["image_id"].split("/")[1] == row["true_label"] for row in rows)
    assert {row["split"] for row in rows} <= {"train", "val", "test"}


def test_exact_copies_come_first_and_are_called_so(capsys):
    rows = found(capsys, COPIED, "-k", "3")
    assert [row["image_id"] for row in rows[:2]] == ["train/happy/Training_1", "train/happy/Training_2"]
    assert [row["distance"] == 0 for row in rows] == [True, True, False]
    assert main(["similar", COPIED, "-k", "3"]) == 0
    table = capsys.readouterr().out
    assert table.count("0 (exact copy)") == 2 and "train/happy/Training_2" in table


def test_a_file_finds_the_image_that_it_is_a_copy_of(capsys, tmp_path):
    file = tmp_path / "face.png"
    file.write_bytes(encode_png(synthetic.images()[synthetic.BLANK]))
    rows = found(capsys, str(file), "-k", "2")
    assert (rows[0]["image_id"], rows[0]["distance"]) == (synthetic.BLANK, 0)


def test_only_the_first_use_computes_the_embedding_and_shows_progress(capsys):
    main(["similar", COPIED])
    assert similar.EMBEDDING in capsys.readouterr().err
    main(["similar", COPIED])
    assert similar.EMBEDDING not in capsys.readouterr().err


def test_a_disk_that_cannot_be_written_is_named_and_the_images_are_found(capsys, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "replace_file", refuse)
    assert main(["similar", COPIED, "--json"]) == 0
    output = capsys.readouterr()
    assert len(json.loads(output.out)) == similar.DEFAULT_COUNT
    assert "was not stored" in output.err and "No space left on device" in output.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no face is given"),
        (["nobody"], "no image of this id in the data set in use"),
        ([COPIED, "-k", "98"], "the data set has 97 other images; choose a smaller -k than 98."),
        (["--measure", "nobody"], "unknown model 'nobody'"),
        (["--measure", ""], "unknown model ''"),
        ([COPIED, "--measure", "cnn"], "FILE|IMAGE_ID can only be used without --measure."),
        (["-k", "3", "--measure", "cnn"], "-k can only be used without --measure."),
    ],
)
def test_bad_input_is_refused_in_a_sentence(capsys, arguments, message):
    assert main(["similar", *arguments]) == 1
    output = capsys.readouterr()
    assert message in output.err and output.out == "" and len(output.err.splitlines()) == 1


def test_without_a_count_all_images_of_a_small_data_set_are_found(capsys, monkeypatch):
    monkeypatch.setattr(similar, "DEFAULT_COUNT", 1000)
    assert len(found(capsys, COPIED)) == 97


@pytest.mark.parametrize("k", ["0", "-1", "many"])
def test_a_count_that_is_no_positive_number_is_a_usage_error(capsys, k):
    with pytest.raises(SystemExit) as stop:
        main(["similar", COPIED, "-k", k])
    assert stop.value.code == 2


def test_without_an_import_and_without_a_network_a_sentence_says_what_to_do(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "no models")
    assert main(["similar", COPIED]) == 1
    assert "restore models/cnn" in capsys.readouterr().err
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path / "no data")
    assert main(["similar", COPIED]) == 1
    assert "no data set is imported yet" in capsys.readouterr().err


def test_damaged_weights_are_named(capsys, network):
    (network / "weights.safetensors").write_bytes(b"damaged")
    assert main(["similar", COPIED]) == 1
    assert "weights.safetensors" in capsys.readouterr().err
