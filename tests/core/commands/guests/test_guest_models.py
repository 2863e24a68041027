"""The commands take models of others by name, as they take our own; those that cannot say so in a sentence."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core import paths
from core.__main__ import main
from core.data.shipped import load_manifest
from core.data.store import required_import
from core.evaluation.predictions import predict, predictions_table
from core.exchange.guests.cards import model_card, predictions_card
from core.exchange.guests.guest import GuestFile, GuestOptions
from core.exchange.guests.readers import reader_for
from core.models import store
from core.recognition.photos import example_photo
from tests.fixtures import graphs
from tests.fixtures.damage import check_sentence
from tests.fixtures.models import made_up_probabilities

GRAPH, TABLE, LABELS, NETWORK = "graph", "table", "labels", "their-net"


@pytest.fixture
def guests(imported):
    """A home with four guests: an ONNX graph, a network, probabilities and labels."""
    data = required_import()
    manifest = data.manifest()
    test = manifest[manifest["split"] == "test"]
    files = {
        GRAPH: GuestFile("net.onnx", graphs.linear(("n", 1, 48, 48), graphs.weights(2304))),
        NETWORK: GuestFile(
            "net.safetensors", (paths.ROOT / "models" / "cnn-seed" / "weights.safetensors").read_bytes()
        ),
    }
    for name, file in files.items():
        reader = reader_for(file)
        model = reader.read(file, GuestOptions())
        table = predict(model.classifier, data.faces()[test.index.to_numpy()], test["image_id"])
        card = model_card(name, reader.kind, model, table, manifest, data.fingerprint)
        store.write_guest(card, {model.classifier.weights_file: model.weights}, table)
    probabilities = made_up_probabilities(test, skill=1, seed=0)
    one_hot = np.eye(7, dtype=np.float32)[probabilities.argmax(axis=1)]
    for name, values, kind in ((TABLE, probabilities, "probabilities"), (LABELS, one_hot, "labels")):
        table = predictions_table(test["image_id"], values)
        card = predictions_card(name, {"values": kind}, table, manifest, data.fingerprint)
        store.write_guest(card, {}, table)
    return imported


def printed(capsys: pytest.CaptureFixture[str], *arguments: str):
    """Run a command with --json, which must succeed; return what it prints, read as JSON."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must fail; return its sentence."""
    capsys.readouterr()
    assert main(list(arguments)) == 1
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    check_sentence(last.removeprefix("Error: "))
    return last


def test_predict_takes_a_graph_beside_our_own_models(guests, capsys, tmp_path):
    photo = tmp_path / "photo.png"
    photo.write_bytes(example_photo().data)
    found = printed(capsys, "predict", str(photo), "--whole-image", "--model", GRAPH, "--model", NETWORK)
    probabilities = found["faces"][0]["models"][GRAPH]["probabilities"]
    assert sum(probabilities.values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", [GRAPH, NETWORK])
def test_a_guest_is_evaluated_with_its_model_and_with_its_stored_predictions(guests, capsys, name):
    computed = printed(capsys, "evaluate", name)
    stored = printed(capsys, "evaluate", name, "--stored")
    assert computed["slices"]["test"]["accuracy"] == stored["slices"]["test"]["accuracy"]
    assert stored["slices"]["test"]["accuracy"] == store.read_card(name).score("test").accuracy


def test_of_a_guest_without_a_model_the_stored_predictions_are_evaluated_with_a_note(guests, capsys):
    stored = printed(capsys, "evaluate", TABLE, "--stored")
    assert main(["evaluate", TABLE, "--json"]) == 0
    output = capsys.readouterr()
    assert json.loads(output.out) == stored
    assert output.err.splitlines() == [f"{TABLE} consists of predictions; the stored ones are used."]
    assert stored["slices"]["test"]["ece"] is not None


def test_labels_have_no_measures_of_confidence(guests, capsys):
    scores = printed(capsys, "evaluate", LABELS)["slices"]["test"]
    assert scores["accuracy"] == printed(capsys, "evaluate", TABLE)["slices"]["test"]["accuracy"]
    assert scores["ece"] is scores["nll"] is scores["brier"] is None
    assert printed(capsys, "evaluate", LABELS, GRAPH)["slices"]["test"]["nll"] is None


def test_a_model_and_stored_predictions_form_an_ensemble(guests, capsys):
    both = printed(capsys, "evaluate", GRAPH, TABLE)
    assert both["model"] == f"{GRAPH} + {TABLE}"
    assert both["slices"] == printed(capsys, "evaluate", GRAPH, TABLE, "--stored")["slices"]


@pytest.mark.parametrize(("command", "file"), [("robustness", "robustness.csv"), ("steadiness", "steadiness.json")])
def test_measurements_are_stored_in_the_folder_of_the_guest(guests, capsys, command, file):
    assert main([command, GRAPH]) == 0
    assert f"Wrote models/guests/{GRAPH}/{file}" in capsys.readouterr().out
    assert (paths.MODELS_DIR / "guests" / GRAPH / file).is_file()
    assert not (paths.MODELS_DIR / GRAPH).exists()


@pytest.mark.parametrize("arguments", [("robustness",), ("steadiness",), ("predict", "x.png", "--model")])
@pytest.mark.parametrize("name", [TABLE, LABELS])
def test_a_guest_without_a_model_cannot_predict_new_faces(guests, capsys, arguments, name):
    message = refusal_of(capsys, *arguments, name)
    assert f"{name} consists of predictions only, so it cannot predict new faces" in message


@pytest.mark.parametrize("command", ["robustness", "steadiness", "framing", "limits"])
def test_measuring_a_guest_on_val_warns_that_its_training_is_unknown(guests, capsys, command):
    options = ["--split", "val"] if command in ("robustness", "steadiness") else []
    main([command, GRAPH, *options])
    assert f"Warning: how {GRAPH} was trained is unknown" in capsys.readouterr().err


def test_bench_times_the_guests_that_have_a_model_and_stores_their_times(guests, capsys):
    store.write_card(replace(store.read_card(GRAPH), ms_per_face=999.0), store.model_folder(GRAPH))
    found = printed(capsys, "bench", "--cards", "--repeats", "1")
    assert list(found["ms_per_face"]) == [GRAPH, NETWORK]
    assert store.read_card(GRAPH).ms_per_face == pytest.approx(found["ms_per_face"][GRAPH], abs=1e-3)
    assert store.read_card(TABLE).ms_per_face is None


def test_models_lists_guests_with_dashes_or_nulls_for_what_is_unknown(guests, capsys):
    rows = {row["name"]: row for row in printed(capsys, "models")}
    assert list(rows) == [GRAPH, LABELS, TABLE, NETWORK]
    assert {row["role"] for row in rows.values()} == {"guest"}
    assert rows[TABLE]["ms_per_face"] is rows[TABLE]["size_bytes"] is rows[LABELS]["ece"] is None
    assert rows[GRAPH]["ms_per_face"] > 0 and rows[GRAPH]["size_bytes"] > 0
    assert main(["models"]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if f" {LABELS} " in line]
    assert [cell.strip() for cell in line.split("│")[-4:-1]] == ["-", "-", "-"]


def test_our_own_models_come_before_guests(guests, capsys):
    import shutil

    shutil.copytree(paths.ROOT / "models" / "cnn-seed", paths.MODELS_DIR / "zzz-ours")
    assert [row["name"] for row in printed(capsys, "models")] == ["zzz-ours", GRAPH, LABELS, TABLE, NETWORK]


@pytest.mark.parametrize("name", [GRAPH, NETWORK, TABLE])
def test_guests_are_neither_calibrated_nor_exported(guests, capsys, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = store.read_card(name)
    assert "is a guest" in refusal_of(capsys, "calibrate", name)
    assert "was made by others" in refusal_of(capsys, "export", name)
    assert store.read_card(name) == before and not list(tmp_path.glob("*.onnx"))


def test_no_model_is_trained_from_a_guest_or_under_its_name(guests, capsys):
    assert "unknown recipe" in refusal_of(capsys, "train", GRAPH)
    assert "is the name of a guest" in refusal_of(capsys, "train", "cnn-seed", "--as", GRAPH)
    arguments = "train", "cnn-seed", "--as", "mine", "--set", f"start={NETWORK}"
    assert f"{NETWORK} is a guest" in refusal_of(capsys, *arguments)


@pytest.mark.parametrize("name", [GRAPH, NETWORK, TABLE, LABELS])
def test_the_card_of_a_guest_in_hugging_faces_form_claims_nothing_about_its_training(guests, name):
    import pandas as pd

    from core.exchange.hf_card import readme
    from core.training.card_notes import notes

    card = store.read_card(name)
    text = readme(card, notes(card, pd.DataFrame(), is_fer2013=True), is_fer2013=True)
    assert "MIT" not in text and "license" not in text and "Trained on" not in text and "None" not in text
    assert "Added on" in text and "how it was trained is unknown" in text
    assert f"| {len(load_manifest().query('split == @split', local_dict={'split': 'test'}))} |" in text
