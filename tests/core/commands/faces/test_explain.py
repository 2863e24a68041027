"""`python -m core explain` explains one prediction, or measures explanations; bad input is told in a sentence."""

import json
import shutil
from dataclasses import replace

import numpy as np
import PIL.Image
import pytest

from core import paths
from core.__main__ import main
from core.data.store import required_import
from core.evaluation.attribution.regions import REGIONS
from core.exceptions import LONGEST_MESSAGE
from core.models.store import read_card, write_card
from core.vision.images import encode_png
from tests.fixtures import synthetic
from tests.fixtures.guests import write_guest

IMAGE = "test/happy/PublicTest_1"

BOTH = ("cnn-seed", "catboost-seed")


@pytest.fixture(autouse=True)
def models(imported):
    """The synthetic FER2013, and a network and trees that ship."""
    for name in BOTH:
        shutil.copytree(paths.ROOT / "models" / name, paths.MODELS_DIR / name)
    return imported


def explained(capsys, *arguments: str) -> dict:
    assert main(["explain", *arguments, "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def refusal(capsys, *arguments: str) -> str:
    """Return the only line on stderr, apart from notes, of arguments that are refused."""
    assert main(["explain", *arguments]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    line = output.err.splitlines()[-1]
    assert line.startswith("Error: ") and len(line) <= LONGEST_MESSAGE + len("Error: ")
    return line


@pytest.mark.parametrize(("model", "method"), [("cnn-seed", "integrated-gradients"), ("catboost-seed", "occlusion")])
def test_json_explains_the_predicted_and_the_true_label_of_an_image(model, method, capsys):
    result = explained(capsys, IMAGE, "--model", model)
    assert (result["image_id"], result["true_label"], result["model"]) == (IMAGE, "happy", model)
    assert result["method"] == method
    labels = [entry["label"] for entry in result["labels"]]
    assert labels == list(dict.fromkeys([result["predicted_label"], "happy"]))
    for entry in result["labels"]:
        for side in ("for", "against"):
            assert entry[side]["region"] in (None, *REGIONS)
            assert 0 <= entry[side]["share"] <= 1
    assert result["labels"][0]["probability"] == pytest.approx(result["confidence"])


def test_a_label_is_explained_instead_of_the_others(capsys):
    result = explained(capsys, IMAGE, "--model", "cnn-seed", "--label", "disgust", "--method", "occlusion")
    assert [entry["label"] for entry in result["labels"]] == ["disgust"]
    assert result["method"] == "occlusion"


def test_a_file_has_no_true_label_and_a_picture_is_written(capsys, tmp_path):
    file, output = tmp_path / "face.png", tmp_path / "out.png"
    file.write_bytes(encode_png(synthetic.draw_face(1)))
    result = explained(capsys, str(file), "--model", "cnn-seed", "--output", str(output))
    assert result["image_id"] is result["true_label"] is None
    assert len(result["labels"]) == 1
    picture = np.asarray(PIL.Image.open(output).convert("RGB")).astype(int)
    assert picture.shape[1] > picture.shape[0] > 240
    assert np.ptp(picture, axis=2).max() > 60  # the map is coloured


def test_the_text_names_model_label_method_and_regions(capsys):
    assert main(["explain", IMAGE, "--model", "catboost-seed"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("catboost-seed predicts ")
    assert "the true label is happy" in text
    assert "Occlusion: " in text
    assert any(region in text for region in REGIONS)


@pytest.mark.parametrize("fill", ["mean", "blur"])
def test_deletion_prints_exactly_the_documented_json(fill, capsys):
    result = explained(capsys, "--deletion", "--model", "cnn-seed", "--faces", "3", "--fill", fill)
    assert list(result) == ["model", "method", "faces", "fill", "share", "accuracy"]
    assert list(result["accuracy"]) == ["all", "random", "attribution"]
    assert (result["model"], result["fill"], result["share"]) == ("cnn-seed", fill, 0.2)
    assert result["method"] == "integrated-gradients"
    assert result["faces"] == 3
    assert all(0 <= accuracy <= 1 for accuracy in result["accuracy"].values())


def test_deletion_prints_a_table_for_all_images_if_fewer_are_imported_and_on_val(capsys):
    tests = (required_import().manifest()["split"] == "test").sum()
    assert main(["explain", "--deletion", "--model", "catboost-seed", "--method", "occlusion"]) == 0
    text = capsys.readouterr().out
    assert f"catboost-seed: {tests} test images" in text
    assert "20% at random" in text
    assert "20% by occlusion" in text
    assert main(["explain", "--deletion", "--model", "cnn-seed", "--split", "val", "--faces", "2"]) == 0
    assert "2 val images" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no face is given"),
        ([IMAGE, "--deletion"], "FILE|IMAGE_ID can only be used without --deletion."),
        (["--deletion", "--label", "happy"], "--label can only be used without --deletion."),
        ([IMAGE, "--faces", "5"], "--faces can only be used with --deletion."),
        ([IMAGE, "--fill", "mean"], "--fill can only be used with --deletion."),
        (["--deletion", "--fill", "noise"], "unknown fill 'noise'; choose from mean, blur."),
        ([IMAGE, "-o", "."], ". is no name for the picture; let it end in .png."),
        ([IMAGE, "-o", "why.jpg"], "why.jpg is no name for the picture; let it end in .png."),
        ([IMAGE, "--label", "hapy"], "unknown label 'hapy'; choose from angry, "),
        ([IMAGE, "--method", "gradcam"], "unknown method 'gradcam'; choose from integrated-gradients, "),
        ([IMAGE, "--method", "contributions"], "contributions does not suit this model; use integrated-gradients or "),
        ([IMAGE, "--model", "cn-seed"], "unknown model 'cn-seed'; choose from catboost-seed, cnn-seed."),
        (["test/happy/PublicTest_999"], "no image of this id"),
        (["x" * 5000], "there is no file"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(arguments, words, capsys):
    model = [] if "--model" in arguments else ["--model", "cnn-seed"]
    assert words in refusal(capsys, *arguments, *model)


def test_predictions_without_a_model_cannot_be_explained(capsys):
    write_guest("theirs")
    for arguments in ([IMAGE], ["--deletion"]):
        assert "consists of predictions only" in refusal(capsys, *arguments, "--model", "theirs")


def test_an_image_id_or_deletion_without_an_import_says_so(capsys):
    shutil.rmtree(paths.DATA_DIR / "fer2013")
    for arguments in ([IMAGE], ["--deletion"]):
        assert "import" in refusal(capsys, *arguments, "--model", "cnn-seed")


def test_a_picture_without_a_face_is_refused(capsys, tmp_path):
    file = tmp_path / "gray.png"
    file.write_bytes(encode_png(np.full((100, 120, 3), 128, np.uint8)))
    assert "no face was found" in refusal(capsys, str(file), "--model", "cnn-seed")


@pytest.mark.parametrize(
    ("name", "words"), [("missing/out.png", "missing is no folder"), ("folder.png", "folder.png is not a file")]
)
def test_a_picture_that_cannot_be_written_is_refused_before_the_model_is_asked(name, words, capsys, tmp_path):
    folder = tmp_path / "results"
    (folder / "folder.png").mkdir(parents=True)
    assert words in refusal(capsys, "no face", "--model", "cnn-seed", "-o", str(folder / name))
    assert [path.name for path in folder.rglob("*")] == ["folder.png"]


def test_a_link_stays_a_link_to_the_picture(capsys, tmp_path):
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "why.png")
    explained(capsys, IMAGE, "--model", "cnn-seed", "-o", str(link))
    assert link.is_symlink() and (tmp_path / "why.png").is_file()


def test_a_model_that_was_trained_on_val_is_not_measured_on_val(capsys):
    card = read_card("cnn-seed")
    write_card(replace(card, recipe={**card.recipe, "fit_on": "train+val"}), paths.MODELS_DIR / "cnn-seed")
    assert "trained on the val images" in refusal(capsys, "--deletion", "--split", "val", "--model", "cnn-seed")
