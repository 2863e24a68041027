"""The commands `add` and `remove` take predictions of others in and out."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.__main__ import main
from core.data.shipped import load_manifest
from core.emotions import EMOTIONS
from core.exceptions import LONGEST_MESSAGE, InputError
from core.models.folders import guest_names, guests_folder
from core.models.store import _new_folder, read_card, write_guest
from tests.fixtures.guests import guest
from tests.fixtures.models import write_model

OTHER_CLASSES = ("sad", "angry", "surprise", "neutral", "happy", "disgust", "fear")
"""An order of classes without a name."""


def write_table(folder: Path, classes: tuple[str, ...] = EMOTIONS) -> tuple[Path, float]:
    """Write probabilities without ids in the order of the folders; return the file and the accuracy, 27 of 28.

    The columns have numbers as names, and are in an order of classes.
    """
    manifest = load_manifest()
    true = manifest.loc[manifest["split"] == "test"].sort_values("image_id")["true_label"].astype(str).to_numpy()
    predicted = np.where(np.arange(len(true)) == 5, "happy", true)
    probabilities = 0.05 + 0.65 * (predicted[:, None] == np.array(classes))
    path = folder / "mine.csv"
    pd.DataFrame(probabilities).to_csv(path, index=False)
    return path, float((predicted == true).mean())


def test_add_prints_the_accuracy_as_json_and_keeps_the_guest(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, accuracy = write_table(shipped)
    assert main(["add", str(path), "--name", "mine", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "name": "mine",
        "kind": "predictions",
        "images": 28,
        "accuracy": accuracy,
        "proposal": None,
    }
    assert err == ""
    assert read_card("mine").score("test").accuracy == accuracy


def test_a_proposal_is_printed_with_its_flags_and_nothing_is_added(
    shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, accuracy = write_table(shipped, OTHER_CLASSES)
    assert main(["add", str(path), "--name", "mine", "--json"]) == 1
    out, err = capsys.readouterr()
    report = json.loads(out)
    classes = ",".join(OTHER_CLASSES)
    assert report["proposal"] == {"order": None, "classes": classes, "scale": None, "accuracy": accuracy}
    assert report["accuracy"] < accuracy
    assert err.startswith("Nothing was added. With the classes sad, angry, ")
    assert err.endswith(f"Add --classes {classes}, or --as-given to read the file as it is.\n")
    assert err.count("\n") == 1
    assert not (paths.MODELS_DIR / "guests").exists()
    assert main(["add", str(path), "--name", "mine", "--classes", classes]) == 0
    assert capsys.readouterr().out == f"mine was added: accuracy {accuracy:.1%} on 28 test images.\n"


def test_as_given_adds_the_guest_in_spite_of_a_proposal(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, accuracy = write_table(shipped, OTHER_CLASSES)
    assert main(["add", str(path), "--name", "mine", "--as-given", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["proposal"] is None
    assert report["accuracy"] == read_card("mine").score("test").accuracy < accuracy


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{file}"], "name the guest"),
        (["{file}", "--name", "cnn-seed"], "is the name of one of FERscope's models"),
        (["{file}", "--name", "guests"], "because a folder has it"),
        (["{file}", "--name", "a/b"], "cannot be the name of a guest"),
        (["missing.csv", "--name", "x"], "does not exist"),
        (["{folder}", "--name", "x"], "not a file"),
        (["{file}", "--name", "x", "--order", "random"], "order 'random' is unknown; choose from imagefolder, csv-"),
        (["{file}", "--name", "x", "--classes", "a,b"], "is no order of classes"),
        (["{file}", "--name", "x", "--order", "csv-public"], "import fer2013.csv"),
        (["{file}", "--name", "x", "--scale", "1"], "scale is an option for models"),
        (["{file}", "--name", "x", "--channels", "2"], "channels '2' is unknown; choose from 1, 3"),
    ],
)
def test_a_bad_call_is_answered_with_a_sentence(
    shipped: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    file, _ = write_table(shipped)
    filled = [argument.format(file=file, folder=shipped) for argument in arguments]
    assert main(["add", *filled, "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert len(err) <= LONGEST_MESSAGE + len("Error: \n")
    assert guest_names() == []


def test_remove_takes_only_guests_away(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_model("ours", skill=1)
    path, _ = write_table(shipped)
    main(["add", str(path), "--name", "mine"])
    assert main(["remove", "ours"]) == 1
    assert main(["remove", "other"]) == 1
    err = capsys.readouterr().err
    assert "ours is one of FERscope's models, not a guest" in err
    assert "unknown guest 'other'; choose from mine." in err
    assert main(["remove", "mine"]) == 0
    assert guest_names() == []
    assert list((paths.MODELS_DIR / "guests").iterdir()) == []
    assert main(["remove", "mine"]) == 1
    assert "there is none yet" in capsys.readouterr().err
    assert read_card("ours").role != "guest"


def test_a_removed_name_is_free_again(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, _ = write_table(shipped)
    for _ in range(2):
        assert main(["add", str(path), "--name", "mine"]) == 0
        assert main(["add", str(path), "--name", "MINE"]) == 1
        assert main(["remove", "mine"]) == 0
    assert capsys.readouterr().err.count("'MINE' is taken by another guest") == 2


@pytest.mark.parametrize("remains", ["nothing", "predictions.parquet"])
def test_a_guest_without_a_card_keeps_its_name_until_it_is_removed(
    shipped: Path, capsys: pytest.CaptureFixture[str], remains: str
) -> None:
    path, _ = write_table(shipped)
    main(["add", str(path), "--name", "mine"])
    for file in guests_folder().glob("mine/*"):
        if file.name != remains:
            file.unlink()
    assert main(["add", str(path), "--name", "mine"]) == 1
    assert "remove that guest first" in capsys.readouterr().err
    assert main(["remove", "mine"]) == 0
    assert main(["add", str(path), "--name", "mine"]) == 0


@pytest.mark.parametrize("file_name", ["card.json", "predictions.parquet"])
def test_the_remedy_for_a_damaged_guest_is_to_add_it_again(
    shipped: Path, capsys: pytest.CaptureFixture[str], file_name: str
) -> None:
    write_model("ours", skill=1)
    path, _ = write_table(shipped)
    main(["add", str(path), "--name", "mine"])
    (guests_folder() / "mine" / file_name).write_text("{")
    assert main(["compare", "mine", "ours"]) == 1
    assert capsys.readouterr().err.endswith("; remove the guest and add it again.\n")


def test_of_two_guests_that_are_added_at_once_under_one_name_the_first_one_stays(shipped: Path) -> None:
    first, second = guest("mine", skill=9), guest("mine", skill=0)
    with pytest.raises(InputError, match="'mine' has just been taken"), _new_folder(guests_folder() / "mine", False):
        write_guest(first.card, first.files, first.predictions)
        with pytest.raises(InputError, match="'mine' has just been taken"):
            write_guest(second.card, second.files, second.predictions)
    assert read_card("mine").score("test") == first.card.score("test")
    assert [path.name for path in guests_folder().iterdir()] == ["mine"]
