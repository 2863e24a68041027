"""All families follow the interface `core.classifiers.base.Classifier`; resumed fits; schedules of learning rates."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.classifiers.base import LabelledFaces, Run
from core.classifiers.calibrated import Calibrated, apply_temperature
from core.classifiers.cnn.checkpoints import latest_checkpoint
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.families import CLASSIFIERS
from core.classifiers.loading import load_trained
from core.classifiers.onnx import OnnxConfig
from core.classifiers.trees.embedding import EmbeddingTreesConfig
from core.classifiers.trees.features.table import HandmadeConfig
from core.classifiers.trees.guest_pixels import GuestTreesConfig
from core.classifiers.trees.handmade import HandmadeTreesConfig
from core.classifiers.trees.pixels import CatBoostConfig
from core.exceptions import InputError
from core.files import sha256
from tests.fixtures import graphs

SMALL = {
    "cnn": CnnConfig(blocks=((4,), (8,)), hidden=8, epochs=(2,), learning_rates=(0.01,), batch_size=8),
    "catboost": CatBoostConfig(iterations=4, depth=2, border_count=8),
    "catboost-handmade": HandmadeTreesConfig(
        features=HandmadeConfig(gradient_words=8, gradient_components=8, patch_words=8, parts=2),
        iterations=4,
        depth=2,
        border_count=8,
    ),
    "catboost-embedding": EmbeddingTreesConfig(network="cnn-seed", iterations=4, depth=2, border_count=8),
}
"""For each family that is trained here, a config with which a classifier is trained within a second."""

GUESTS = {"catboost-guest": GuestTreesConfig(), "onnx": OnnxConfig()}
"""The config of a small model of each family that only others train; see `made_by_others`."""

CONFIGS = SMALL | GUESTS

RUN_FOLDER = "folder-of-a-run"

HISTORY_COLUMNS = ["step", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "learning_rate", "kept"]


def striped_faces(per_class: int, seed: int = 0) -> LabelledFaces:
    """Return noise with a bright horizontal stripe whose position depends on the class."""
    labels = np.arange(7).repeat(per_class)
    faces = np.random.default_rng(seed).integers(0, 100, (len(labels), 48, 48), dtype=np.uint8)
    for face, label in zip(faces, labels, strict=True):
        face[label * 6 : label * 6 + 6] += 150
    return LabelledFaces(faces, labels.astype(np.int64))


def silent_run(folder: Path) -> Run:
    return Run(folder, lambda done, total, metrics: None, load_model=load_trained)


def made_by_others(family: str, folder: Path):
    """Return a small classifier of a family that is not trained here."""
    classifier_class = CLASSIFIERS[family].load_class()
    if family == "onnx":
        content = graphs.linear(("n", 1, 48, 48), graphs.weights(2304), softmax=False)
        return classifier_class.from_bytes(content, replace(GUESTS[family], values="logits"))
    trees = CLASSIFIERS["catboost"].load_class()(SMALL["catboost"])
    trees.fit(striped_faces(4), striped_faces(2, seed=1), silent_run(folder))
    trees.save(folder)
    return classifier_class.from_bytes((folder / "weights.cbm").read_bytes(), GUESTS[family])


@pytest.fixture(scope="module", params=CLASSIFIERS)
def family(request):
    return request.param


@pytest.fixture(scope="module")
def classifier(family, request, tmp_path_factory):
    """A small classifier of each family."""
    if not CLASSIFIERS[family].is_trained_here:
        return made_by_others(family, tmp_path_factory.mktemp(RUN_FOLDER))
    return request.getfixturevalue("fitted")[0]


@pytest.fixture(scope="module")
def fitted(family, tmp_path_factory):
    if not CLASSIFIERS[family].is_trained_here:
        pytest.skip("others train this family")
    classifier = CLASSIFIERS[family].load_class()(SMALL[family])
    folder = tmp_path_factory.mktemp(RUN_FOLDER)
    history = classifier.fit(striped_faces(16), striped_faces(4, seed=1), silent_run(folder))
    return classifier, history


def test_the_small_configs_of_this_file_cover_every_family():
    assert set(SMALL) == {name for name, family in CLASSIFIERS.items() if family.is_trained_here}
    assert set(CONFIGS) == set(CLASSIFIERS)


@pytest.mark.parametrize("family_of_others", GUESTS)
def test_models_of_others_are_not_trained_here(family_of_others, tmp_path):
    classifier = CLASSIFIERS[family_of_others].load_class()(GUESTS[family_of_others])
    with pytest.raises(InputError, match=r"not (trained|fitted) here"):
        classifier.fit(striped_faces(1), striped_faces(1), silent_run(tmp_path))


def test_probabilities_are_float32_rows_of_seven_that_sum_to_1(classifier):
    probabilities = classifier.predict_proba(striped_faces(3).faces)
    assert probabilities.shape == (21, 7) and probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert probabilities.min() >= 0


def test_a_temperature_divides_the_logits_and_temperature_1_changes_nothing(classifier):
    faces = striped_faces(1).faces
    plain = classifier.predict_proba(faces)
    scaled = Calibrated(classifier, 2.0).predict_proba(faces)
    assert np.allclose(scaled, apply_temperature(plain, 2.0), atol=1e-5)
    roots = np.sqrt(plain)  # halving the logits takes the square root of the probabilities
    assert np.allclose(scaled, roots / roots.sum(axis=1, keepdims=True), atol=1e-3)
    assert scaled.dtype == np.float32
    assert np.array_equal(Calibrated(classifier).predict_proba(faces), plain)


def test_saved_weights_do_not_contain_the_folder_of_the_run(classifier, tmp_path):
    classifier.save(tmp_path)
    assert RUN_FOLDER.encode() not in (tmp_path / classifier.weights_file).read_bytes()


def test_the_probabilities_of_zero_faces_are_an_empty_table(classifier):
    probabilities = classifier.predict_proba(np.empty((0, 48, 48), np.uint8))
    assert probabilities.shape == (0, 7) and probabilities.dtype == np.float32


def test_a_face_gets_the_same_probabilities_alone_and_in_a_batch(classifier):
    faces = striped_faces(6).faces  # more than fit into one batch
    alone = np.concatenate([classifier.predict_proba(face[None]) for face in faces])
    assert np.allclose(alone, classifier.predict_proba(faces), atol=1e-5)


def test_the_history_marks_the_best_step_which_is_better_than_chance(fitted):
    history = fitted[1]
    assert history.columns.tolist() == HISTORY_COLUMNS
    assert history["kept"].sum() == 1
    kept = history.loc[history["kept"] == 1, "val_accuracy"].item()
    assert kept == history["val_accuracy"].max() > 2 / 7  # chance is one in seven


def test_a_fitted_classifier_has_the_val_accuracy_of_the_kept_step(fitted):
    classifier, history = fitted
    val = striped_faces(4, seed=1)
    accuracy = (classifier.predict_proba(val.faces).argmax(axis=1) == val.labels).mean()
    assert accuracy == pytest.approx(history.loc[history["kept"] == 1, "val_accuracy"].item(), abs=1e-6)


def test_a_loaded_classifier_predicts_like_the_saved_one(family, classifier, tmp_path):
    classifier.save(tmp_path)
    loaded = CLASSIFIERS[family].load_class().load(tmp_path, classifier.config, load_trained)
    faces = striped_faces(2).faces
    assert np.array_equal(loaded.predict_proba(faces), classifier.predict_proba(faces))
    assert loaded.parameters() == classifier.parameters()


def test_several_threads_predict_the_same(classifier):
    faces = striped_faces(6).faces
    alone = classifier.predict_proba(faces)
    with ThreadPoolExecutor(4) as pool:
        for probabilities in pool.map(classifier.predict_proba, [faces] * 8):
            assert np.allclose(probabilities, alone, atol=1e-6)


def test_weights_that_do_not_fit_the_config_or_the_network_are_refused(family, tmp_path):
    other = {
        "cnn": lambda: CLASSIFIERS["cnn"].load_class()(CnnConfig(blocks=((4,), (9,)), hidden=8)),
        "catboost": lambda: catboost_on_three_features(),
        "catboost-handmade": lambda: handmade_trees_with_other_parts(tmp_path),
        "catboost-embedding": lambda: trees_on_another_network(tmp_path),
        "catboost-guest": lambda: catboost_on_three_features(),
        "onnx": lambda: graph_with_six_outputs(),
    }[family]()
    other.save(tmp_path)
    with pytest.raises(InputError, match="do not fit"):
        CLASSIFIERS[family].load_class().load(tmp_path, CONFIGS[family], load_trained)


def graph_with_six_outputs():
    content = graphs.linear(("n", 1, 48, 48), graphs.weights(2304, 6))
    return CLASSIFIERS["onnx"].load_class().from_bytes(content, GUESTS["onnx"])


def trees_on_another_network(folder: Path):
    other = replace(SMALL["catboost-embedding"], network="cnn-seed-augmented")
    classifier = CLASSIFIERS["catboost-embedding"].load_class()(other)
    classifier.fit(striped_faces(8), striped_faces(2, seed=1), silent_run(folder))
    return classifier


def handmade_trees_with_other_parts(folder: Path):
    other = replace(SMALL["catboost-handmade"], features=replace(SMALL["catboost-handmade"].features, parts=3))
    classifier = CLASSIFIERS["catboost-handmade"].load_class()(other)
    classifier.fit(striped_faces(8), striped_faces(2, seed=1), silent_run(folder))
    return classifier


def catboost_on_three_features():
    from catboost import CatBoostClassifier

    other = CLASSIFIERS["catboost"].load_class()(SMALL["catboost"])
    other._model = CatBoostClassifier(iterations=1, verbose=False, allow_writing_files=False)
    other._model.fit(np.arange(21, dtype=np.float32).reshape(7, 3), list(range(7)))
    return other


@pytest.mark.parametrize("augmented", [False, True])
def test_a_resumed_network_has_the_weights_of_an_uninterrupted_run(tmp_path, monkeypatch, augmented):
    """The run is killed after the third of four epochs, and then resumed."""
    import torch

    from core.classifiers.cnn import epochs
    from core.classifiers.cnn.config import Augmentation

    monkeypatch.setattr(epochs, "faster_precision", lambda model, example: torch.float32)
    config = CnnConfig(
        blocks=((4,), (8,)),
        hidden=8,
        epochs=(2, 2),
        learning_rates=(0.01, 0.02),
        batch_size=8,
        weight_averaging=0.9 if augmented else 0.0,
        augmentation=Augmentation(flip=0.5, rotation=10, erasing=0.5) if augmented else Augmentation(),
    )

    def run(folder: Path, on_progress) -> str:
        folder.mkdir(exist_ok=True)
        classifier = CLASSIFIERS["cnn"].load_class()(config)
        classifier.fit(striped_faces(8), striped_faces(2, seed=1), Run(folder, on_progress))
        classifier.save(folder)
        return sha256(folder / classifier.weights_file)

    def kill_after_third_epoch(done, total, metrics):
        if done == 3:
            raise KeyboardInterrupt

    uninterrupted = run(tmp_path / "uninterrupted", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed", kill_after_third_epoch)
    epochs_done = []
    resumed = run(tmp_path / "killed", lambda done, total, metrics: epochs_done.append(done))
    assert epochs_done == [4]
    assert resumed == uninterrupted


def test_a_fit_does_not_resume_from_a_checkpoint_of_another_config(tmp_path):
    config = SMALL["cnn"]
    CLASSIFIERS["cnn"].load_class()(config).fit(striped_faces(4), striped_faces(2), silent_run(tmp_path))
    epochs_done = []
    other = replace(config, seed=1)
    CLASSIFIERS["cnn"].load_class()(other).fit(
        striped_faces(4), striped_faces(2), Run(tmp_path, lambda done, total, metrics: epochs_done.append(done))
    )
    assert epochs_done == [1, 2]


@pytest.mark.parametrize("suffix", ["json", "safetensors"])
def test_the_previous_checkpoint_is_used_if_the_newest_is_incomplete(tmp_path, suffix):
    CLASSIFIERS["cnn"].load_class()(SMALL["cnn"]).fit(striped_faces(4), striped_faces(2), silent_run(tmp_path))
    assert latest_checkpoint(tmp_path)[1]["done"] == 2
    newest = tmp_path / f"epoch-0002.{suffix}"
    newest.write_bytes(newest.read_bytes()[:-9])
    assert latest_checkpoint(tmp_path)[1]["done"] == 1


def test_trees_predict_all_classes_even_if_train_lacks_one(tmp_path):
    faces, labels = striped_faces(8).faces, striped_faces(8).labels
    rows = labels != 6
    classifier = CLASSIFIERS["catboost"].load_class()(SMALL["catboost"])
    classifier.fit(LabelledFaces(faces[rows], labels[rows]), striped_faces(2), silent_run(tmp_path))
    assert classifier.predict_proba(faces).shape == (len(faces), 7)


def test_checkpoints_are_only_safetensors_and_json_files(tmp_path):
    CLASSIFIERS["cnn"].load_class()(SMALL["cnn"]).fit(striped_faces(4), striped_faces(2), silent_run(tmp_path))
    assert {path.suffix for path in tmp_path.iterdir()} == {".safetensors", ".json"}


def test_the_step_schedule_divides_the_rate_by_10_every_5_epochs_and_restarts_in_each_phase():
    from core.classifiers.cnn.fit import learning_rate

    rates = [learning_rate(CnnConfig(), epoch) for epoch in (0, 4.99, 5, 10, 14.5)]
    assert rates == pytest.approx([1e-3, 1e-3, 1e-4, 1.5e-3, 1.5e-3])


def test_the_cosine_schedule_rises_for_a_twentieth_of_the_epochs_and_ends_near_zero():
    from core.classifiers.cnn.fit import learning_rate

    config = CnnConfig(epochs=(40,), learning_rates=(0.1,), schedule="cosine")
    rates = [learning_rate(config, epoch) for epoch in (0, 1, 2, 39.99)]
    assert rates[0] < rates[1] < rates[2] == pytest.approx(0.1)
    assert rates[3] < 1e-5
