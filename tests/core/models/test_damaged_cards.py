"""Cards that are damaged, hostile or from another program: a sentence for each, and the other models stay."""

import json
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import paths
from core.__main__ import main
from core.models import folders, store
from core.models.folders import CARD
from tests.fixtures.damage import REMOVED, change_json, is_read_or_refused, model_path, refusal
from tests.fixtures.json_values import changed, json_values
from tests.fixtures.models import write_model

CALIBRATION = {
    "temperature": 1.5,
    "fitted_on": "val",
    "uncertain_below": 0.4,
    "coverage": 0.8,
    "kept_accuracy": 0.7,
    "fitted_with": None,
}


@pytest.fixture
def card_file(shipped: Path) -> Path:
    """Write the models `whole` and `damaged`, and return the card of `damaged`, which is not damaged yet."""
    write_model("whole", skill=2)
    write_model("damaged", skill=1)
    change_json(model_path("damaged", CARD), "calibration", value=CALIBRATION)
    return model_path("damaged", CARD)


def link_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def fifo_instead(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def endless_device_instead(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def link_to_nothing(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere.json")


def hundred_megabytes(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(100_000_000)


FILES = {
    "nested 100,000 deep": lambda file: file.write_text("[" * 100_000 + "]" * 100_000),
    "a value nested 25 deep": lambda file: change_json(file, "recipe", "x", value=json.loads("[" * 25 + "]" * 25)),
    "objects nested 100,000 deep": lambda file: file.write_text('{"a":' * 100_000),
    "a folder": folder_instead,
    "a link to itself": link_to_itself,
    "a FIFO": fifo_instead,
    "an endless device": endless_device_instead,
    "a link to nothing": link_to_nothing,
    "100 MB": hundred_megabytes,
    "empty": lambda file: file.write_bytes(b""),
    "another encoding": lambda file: file.write_text(file.read_text().replace("a made-up", "é"), "latin-1"),
    "UTF-16": lambda file: file.write_text(file.read_text(), "utf-16"),
    "cut short": lambda file: file.write_text(file.read_text()[:500]),
    "a list": lambda file: file.write_text("[1]"),
    "null": lambda file: file.write_text("null"),
    "a repeated key": lambda file: file.write_text('{"name": "x", ' + file.read_text()[1:]),
    "a character that is none": lambda file: change_json(file, "machine", value="\ud800"),
    "a control character": lambda file: change_json(file, "machine", value="\x1b[31mred"),
}


@pytest.mark.case("m1")
@pytest.mark.parametrize("damage", FILES.values(), ids=FILES)
def test_an_unreadable_card_is_refused_and_leaves_out_only_its_model(card_file, damage):
    damage(card_file)
    message = refusal(lambda: store.read_card("damaged"))
    assert "damaged/card.json" in message
    cards, faults = store.read_cards()
    assert (list(cards), faults) == (["whole"], {"damaged": message})


@pytest.mark.case("m1")
def test_a_card_without_read_permission_is_refused(card_file, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)  # root may read every file, so chmod would not do
    assert "damaged/card.json cannot be read (Permission denied)" in refusal(lambda: store.read_card("damaged"))


@pytest.mark.case("m1")
def test_a_huge_card_is_refused_without_reading_it(card_file):
    hundred_megabytes(card_file)
    tracemalloc.start()
    try:
        refusal(lambda: store.read_card("damaged"))
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.case("m1")
def test_the_models_command_lists_the_other_models_and_says_which_is_left_out(card_file, capsys):
    card_file.write_text("[" * 100_000)
    assert main(["models", "--json"]) == 0
    output = capsys.readouterr()
    assert [entry["name"] for entry in json.loads(output.out)] == ["whole"]
    assert "Left out: damaged/card.json" in output.err


@pytest.mark.case("m1")
def test_a_folder_whose_name_cannot_be_shown_is_reported(card_file):
    (paths.MODELS_DIR / "damaged").rename(paths.MODELS_DIR / os.fsdecode(b"bad\xff\nname"))
    cards, faults = store.read_cards()
    assert list(cards) == ["whole"]
    assert faults == {
        r"bad\udcff\nname": "the name of this folder has characters that cannot be shown; rename the folder."
    }


def test_a_folder_that_cannot_be_looked_into_is_reported(card_file, monkeypatch):
    real = Path.lstat

    def refuse(path):
        if path == card_file:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "lstat", refuse)
    assert folders.model_names() == ["damaged", "whole"]


def test_a_models_folder_without_read_permission_is_an_input_error(card_file, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "models/ cannot be read (Permission denied)" in refusal(folders.model_names)


VALUES = {
    "a metric that is a text": (("scores", "test", "accuracy"), "high"),
    "texts instead of all metrics": (("scores", "test"), dict.fromkeys(("n", "accuracy"), "x")),
    "a text instead of metrics": (("scores", "test"), "x"),
    "metrics of a class that are texts": (("scores", "test", "per_class", "sad", "recall"), "x"),
    "metrics of an unknown class": (("scores", "test", "per_class", "proud"), None),
    "a class without metrics": (("scores", "test", "per_class", "sad"), REMOVED),
    "an accuracy above 1": (("scores", "test", "accuracy"), 1.5),
    "an accuracy of NaN": (("scores", "test", "accuracy"), float("nan")),
    "a negative number of images": (("scores", "test", "n"), -1),
    "a number of images that is no integer": (("scores", "test", "n"), 2.5),
    "an interval of one number": (("scores", "test", "accuracy_ci"), [0.5]),
    "an interval whose ends are exchanged": (("scores", "test", "accuracy_ci"), [0.9, 0.1]),
    "an infinite loss": (("scores", "test", "nll"), float("inf")),
    "a calibration without threshold": (("calibration",), {"temperature": 1.0}),
    "a calibration that is a list": (("calibration",), [1]),
    "temperature 0": (("calibration", "temperature"), 0),
    "a temperature that is a text": (("calibration", "temperature"), "x"),
    "temperature NaN": (("calibration", "temperature"), float("nan")),
    "a negative temperature": (("calibration", "temperature"), -1),
    "an infinite temperature": (("calibration", "temperature"), float("inf")),
    "a tiny temperature": (("calibration", "temperature"), 1e-300),
    "a temperature of 1,000 digits": (("calibration", "temperature"), 10**1000),
    "a threshold above 1": (("calibration", "uncertain_below"), 40),
    "classes that are numbers": (("classes",), [1, 2]),
    "classes in an object": (("classes",), {"angry": 1}),
    "a class that occurs twice": (("classes",), ["angry", "angry"]),
    "a very long text": (("machine",), "x" * 10_000),
    "a very long family": (("family",), "x" * 1_000),
    "an unknown role": (("role",), "king"),
    "a role that is a list": (("role",), []),
    "a size that is true": (("size_bytes",), True),
    "a negative size": (("size_bytes",), -5),
    "an infinite time": (("seconds",), float("inf")),
    "sizes of splits that are texts": (("split_sizes",), {"train": "many"}),
    "versions that are numbers": (("versions",), {"torch": 2}),
    "a recipe that is a list": (("recipe",), []),
    "a recipe of 2,000 values": (("recipe", "x"), [0] * 2_000),
    "a fingerprint that is a path": (("data_fingerprint",), "../../etc"),
    "a hash that is too short": (("weights_sha256",), "abc"),
    "a missing field": (("classes",), REMOVED),
    "an unknown field": (("colour",), "blue"),
}


@pytest.mark.case("m2")
@pytest.mark.parametrize(("keys", "value"), VALUES.values(), ids=VALUES)
def test_a_card_with_an_impossible_value_is_refused(card_file, keys, value):
    change_json(card_file, *keys, value=value)
    assert "damaged/card.json is damaged (" in refusal(lambda: store.read_card("damaged"))
    assert list(store.read_cards()[0]) == ["whole"]


def test_a_copied_folder_is_a_model_of_its_own(card_file):
    (paths.MODELS_DIR / "damaged").rename(paths.MODELS_DIR / "renamed")
    assert {name: card.name for name, card in store.read_cards()[0].items()} == {"renamed": "renamed", "whole": "whole"}


@pytest.mark.property
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_card_or_an_input_error(card_file, content):
    card_file.write_bytes(content)
    assert not is_read_or_refused(lambda: store.read_card("damaged"))


@pytest.mark.property
@given(data=st.data())
def test_a_card_with_any_other_value_is_read_or_refused(card_file, data):
    original = card_file.read_text()
    card_file.write_text(json.dumps(changed(json.loads(original), data)))
    try:
        if is_read_or_refused(lambda: store.read_card("damaged")):
            store.write_card(store.read_card("damaged"), card_file.parent)
            store.read_card("damaged")
    finally:
        card_file.write_text(original)


@pytest.mark.property
@given(value=json_values())
def test_any_json_value_is_a_card_or_an_input_error(card_file, value):
    card_file.write_text(json.dumps(value))
    assert not is_read_or_refused(lambda: store.read_card("damaged"))
