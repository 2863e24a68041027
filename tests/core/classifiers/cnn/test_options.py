"""Config options that the notebook project does not use, such as residual connections, mixup and teachers."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import AvgPool2d, MaxPool2d

from core import paths
from core.classifiers.base import Run, TrainedModel
from core.classifiers.cnn import epochs, teachers
from core.classifiers.cnn import views as cnn_views
from core.classifiers.cnn.augment import augment, mixup_batch
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import Augmentation, CnnConfig
from core.classifiers.cnn.network import Residual, build_network, to_input
from core.classifiers.loading import load_trained
from core.emotions import EMOTIONS
from core.evaluation.predictions import predictions_table
from core.exceptions import InputError
from core.models.card import Card
from core.models.store import read_card, read_history, read_predictions, write_model
from tests.core.classifiers.test_families import silent_run, striped_faces

RESIDUAL = CnnConfig(
    blocks=((8, 8, 8), (16,)),
    stem="squares",
    residual=True,
    pooling="average",
    hidden=0,
    epochs=(2,),
    learning_rates=(0.05,),
    optimiser="sgd",
    batch_size=8,
    weight_averaging=0.9,
    mixup=0.2,
    augmentation=Augmentation(flip=0.5, shift=0.1, crop=40),
    mirror=True,
)
"""A small residual network, trained within a second."""


def seeded_generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def fitted(config: CnnConfig, folder):
    folder.mkdir(exist_ok=True)
    classifier = Cnn(config)
    history = classifier.fit(striped_faces(8), striped_faces(4, seed=1), silent_run(folder))
    return classifier, history


def test_two_convolutions_of_equal_width_become_a_residual_block_and_average_pooling_accepts_any_side():
    network = build_network(RESIDUAL).eval()
    assert sum(isinstance(layer, Residual) for layer in network.features) == 1
    for side in (32, 40, 48):
        assert network(torch.rand(2, 1, side, side)).shape == (2, 7)
    assert network.embed(torch.rand(2, 1, 48, 48)).shape == (2, 16)


def test_images_are_halved_by_max_or_average_pooling():
    pixels = torch.zeros(1, 1, 4, 4)
    pixels[..., ::2, ::2] = 1.0  # one pixel of each 2x2 square
    for halving, expected in (("max", 1.0), ("average", 0.25)):
        network = build_network(CnnConfig(blocks=((4,), (4,)), pooling="average", hidden=0, halving=halving))
        (halved,) = [layer(pixels) for layer in network.features if isinstance(layer, (AvgPool2d, MaxPool2d))]
        assert torch.equal(halved, torch.full((1, 1, 2, 2), expected))


def test_a_residual_block_with_zero_weights_keeps_positive_maps():
    block = Residual(4).eval()
    torch.nn.init.zeros_(block.change[-1].weight)
    maps = torch.rand(1, 4, 6, 6)
    assert torch.equal(block(maps), maps)


def test_a_fitted_residual_network_predicts_the_same_after_saving_and_loading(tmp_path):
    classifier, history = fitted(RESIDUAL, tmp_path / "run")
    assert len(history) == 2 and history["kept"].sum() == 1
    classifier.save(tmp_path)
    faces = striped_faces(1).faces
    loaded = Cnn.load(tmp_path, RESIDUAL)
    assert np.array_equal(loaded.predict_proba(faces), classifier.predict_proba(faces))
    mirrored = loaded.predict_proba(faces[:, :, ::-1])
    assert np.allclose(loaded.predict_proba(faces), mirrored, atol=1e-6)  # mirror=True averages over both images


def test_a_prediction_ignores_pixels_outside_the_window():
    classifier = Cnn(replace(RESIDUAL, window=40))
    faces = striped_faces(1).faces
    painted = faces.copy()
    painted[:, :4] = painted[:, -4:] = painted[:, :, :4] = painted[:, :, -4:] = 255
    assert np.array_equal(classifier.predict_proba(faces), classifier.predict_proba(painted))


def test_a_crop_without_shift_is_the_central_square():
    faces = torch.rand(3, 1, 48, 48)
    cropped = augment(faces, Augmentation(crop=40), seeded_generator())
    assert torch.allclose(cropped, faces[..., 4:44, 4:44], atol=1e-5)


def test_mixup_mixes_images_and_targets_equally_and_alpha_0_changes_nothing():
    values = torch.linspace(0, 1, 8)
    batch = values.view(8, 1, 1, 1).expand(8, 1, 2, 2)
    mixed_batch, mixed_targets = mixup_batch(batch, values.view(8, 1), 0.5, seeded_generator(3))
    assert torch.allclose(mixed_batch[:, 0, 0, 0], mixed_targets[:, 0])
    assert not torch.allclose(mixed_batch, batch)
    assert mixup_batch(batch, values, 0.0, seeded_generator())[0] is batch


def test_balanced_class_weights_have_the_same_sum_in_each_class_and_a_mean_of_1():
    labels = torch.tensor([0] * 6 + [1] * 2 + [2, 3, 4, 5, 6])
    weights = cnn_views.balanced_class_weights(labels)
    sums = weights * torch.bincount(labels)
    assert torch.allclose(sums, sums[0])
    assert weights[labels].sum() == pytest.approx(len(labels))


def test_the_sampler_draws_all_classes_equally_often_and_the_default_order_has_each_image_once():
    labels = torch.tensor([0] * 6000 + [1] * 300 + [2, 3, 4, 5, 6] * 100)
    default = cnn_views.image_order(labels, "none", seeded_generator())
    assert torch.equal(default.sort().values, torch.arange(len(labels)))
    drawn = torch.bincount(labels[cnn_views.image_order(labels, "sampler", seeded_generator())])
    assert drawn.max() < 1.3 * drawn.min()


@pytest.mark.parametrize("kind", ["balanced", "sampler"])
def test_a_fit_with_class_weights_has_finite_losses(tmp_path, kind):
    _, history = fitted(replace(RESIDUAL, class_weights=kind), tmp_path)
    assert np.isfinite(history["train_loss"]).all()


def test_a_fit_on_train_and_val_has_no_val_metrics_and_keeps_the_last_epoch(tmp_path):
    _, history = fitted(replace(RESIDUAL, fit_on="train+val"), tmp_path)
    assert history["val_accuracy"].isna().all() and history["val_loss"].isna().all()
    assert history["kept"].tolist() == [0, 1]


@pytest.fixture
def teacher(tmp_path, monkeypatch) -> str:
    """Write a fitted residual network as the model `teacher`, and return its name."""
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "models")
    classifier, history = fitted(RESIDUAL, tmp_path / "teacher-run")
    import pandas as pd

    faces = striped_faces(1).faces
    predictions = predictions_table(pd.Series([f"test/angry/{i}" for i in range(7)]), classifier.predict_proba(faces))
    card = Card(
        name="teacher", family="cnn", recipe_name="cnn", classes=list(EMOTIONS), input="", recipe=asdict(RESIDUAL),
        seed=0, split_sizes={}, data_fingerprint="", parameters="", scores={}, weights_sha256="", size_bytes=0,
        ms_per_face=0, seconds=0, machine="", versions={}, trained="",
    )  # fmt: skip
    return write_model(card, classifier, history, predictions).name


def test_every_second_view_mirrors_the_one_before_and_targets_mix_probabilities_with_labels(tmp_path, teacher):
    config = replace(RESIDUAL, teachers=(teacher,), teacher_share=0.75, teacher_temperature=0.5, views=4)
    data = striped_faces(2)
    faces, labels = torch.from_numpy(data.faces), torch.from_numpy(data.labels)
    views = cnn_views.Views(config, faces, labels, silent_run(tmp_path), torch.float32)
    rows = torch.tensor([0, 5, 13])
    inputs, targets = views.batch(0, rows)
    mirrored, mirrored_targets = views.batch(1, rows)
    other, _ = views.batch(2, rows)
    again, targets_again = views.batch(0, rows)
    assert inputs.shape == (3, 1, 40, 40)
    assert torch.equal(inputs, again) and torch.equal(targets, targets_again)
    assert not torch.equal(inputs, other)
    assert torch.equal(inputs.flip(-1), mirrored) and torch.equal(targets, mirrored_targets)
    network = load_trained(teacher).classifier.network
    with torch.inference_mode():
        probabilities = sum((network(view) / 0.5).softmax(dim=1) for view in (inputs, mirrored)) / 2
    assert torch.allclose(targets, 0.75 * probabilities + 0.25 * cnn_views.one_hot(labels[rows]), atol=1e-5)


def test_steady_targets_are_the_mean_over_views_without_erasing_but_each_epoch_has_a_new_view(tmp_path, teacher):
    config = replace(RESIDUAL, teachers=(teacher,), teacher_share=1.0, views=4)
    data = striped_faces(2)
    faces, labels = torch.from_numpy(data.faces), torch.from_numpy(data.labels)
    rows = torch.arange(len(faces))
    unsteady = cnn_views.Views(config, faces, labels, silent_run(tmp_path), torch.float32)
    first, _, third, _ = (unsteady.batch(epoch, rows)[1] for epoch in range(4))
    assert not torch.allclose(first, third)
    (tmp_path / "steady").mkdir()
    run = silent_run(tmp_path / "steady")
    steady_config = replace(config, steady_targets=True, augmentation=replace(config.augmentation, erasing=1.0))
    steady = cnn_views.Views(steady_config, faces, labels, run, torch.float32)
    inputs, targets = zip(*(steady.batch(epoch, rows) for epoch in range(6)), strict=True)
    assert all(torch.allclose(target, (first + third) / 2) for target in targets)
    assert not any(torch.equal(inputs[0], other) for other in inputs[1:])
    assert len(list(run.folder.glob("taught-*"))) == 2


def test_teachers_predict_only_once_if_there_is_one_view(tmp_path, teacher):
    run = tmp_path / "student"
    run.mkdir()
    fitted(replace(RESIDUAL, teachers=(teacher,), teacher_share=1.0, views=1), run)
    assert sorted(path.name for path in run.glob("taught-*")) == ["taught-000.safetensors"]


def test_saved_probabilities_of_another_config_are_ignored(tmp_path, teacher):
    config = replace(RESIDUAL, teachers=(teacher,), teacher_share=1.0, views=2)
    faces, labels = map(torch.from_numpy, (striped_faces(2).faces, striped_faces(2).labels))
    rows = torch.arange(len(faces))
    run = silent_run(tmp_path)

    def targets(config: CnnConfig) -> torch.Tensor:
        return cnn_views.Views(config, faces, labels, run, torch.float32).batch(0, rows)[1]

    first, sharper = targets(config), targets(replace(config, teacher_temperature=0.5))
    assert not torch.allclose(first, sharper)
    assert torch.equal(targets(config), first)


def test_a_resumed_fit_with_teachers_has_the_weights_of_an_uninterrupted_fit(tmp_path, teacher, monkeypatch):
    """The resumed fit does not load its teachers. This must not change its random numbers."""
    monkeypatch.setattr(epochs, "faster_precision", lambda model, example: torch.float32)
    config = replace(RESIDUAL, teachers=(teacher,), teacher_share=0.5, views=2, dropout=0.5)

    def run(folder: Path, killed_after: int | None = None) -> Cnn:
        folder.mkdir(exist_ok=True)

        def progress(done: int, total: int, metrics: dict[str, float]) -> None:
            if done == killed_after:
                raise KeyboardInterrupt

        student = Cnn(config)
        student.fit(striped_faces(8), striped_faces(2, seed=1), Run(folder, progress, load_model=load_trained))
        return student

    uninterrupted = run(tmp_path / "uninterrupted").network.state_dict()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "killed", killed_after=1)
    for file in (tmp_path / "killed").glob("epoch-*"):
        file.unlink()  # as if the fit was killed in its first epoch, after the teachers had predicted
    resumed = run(tmp_path / "killed").network.state_dict()
    assert all(torch.equal(resumed[name], tensor) for name, tensor in uninterrupted.items())


def test_an_incomplete_file_of_probabilities_is_written_again(tmp_path, teacher, monkeypatch):
    monkeypatch.setattr(epochs, "faster_precision", lambda model, example: torch.float32)
    file = tmp_path / "taught-000.safetensors"
    fitted(replace(RESIDUAL, teachers=(teacher,), teacher_share=1.0, views=1), tmp_path)
    complete = file.read_bytes()
    file.write_bytes(complete[:20])
    for checkpoint in tmp_path.glob("epoch-*"):
        checkpoint.unlink()
    fitted(replace(RESIDUAL, teachers=(teacher,), teacher_share=1.0, views=1), tmp_path)
    assert file.read_bytes() == complete


def test_a_teacher_that_takes_whole_faces_is_refused_for_a_student_trained_on_crops(tmp_path, teacher):
    whole = CnnConfig(blocks=((4,), (8,)), hidden=8)
    card = replace(read_card(teacher), recipe=asdict(whole))
    write_model(card, Cnn(whole), read_history(teacher), read_predictions(teacher))
    with pytest.raises(InputError, match="teacher takes whole faces"):
        fitted(replace(RESIDUAL, teachers=(teacher,), views=2), tmp_path / "student")


def test_teachers_without_views_are_refused(tmp_path, teacher):
    with pytest.raises(InputError, match="--set views=16"):
        fitted(replace(RESIDUAL, teachers=(teacher,), teacher_share=1.0, views=0), tmp_path / "run")


def test_a_teacher_that_is_not_a_network_is_refused():
    config = CnnConfig(teachers=("catboost-seed",))
    with pytest.raises(InputError, match="only models of the family cnn"):
        teachers.Teachers(config, lambda name: TrainedModel(object(), ""), torch.device("cpu"), torch.float32)


def test_an_unknown_teacher_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path)
    with pytest.raises(InputError, match="unknown model 'nobody'"):
        teachers.Teachers(CnnConfig(teachers=("nobody",)), load_trained, torch.device("cpu"), torch.float32)


def test_folded_batch_normalisation_does_not_change_predictions(tmp_path):
    classifier, _ = fitted(replace(RESIDUAL, mirror=False, hidden=8), tmp_path / "run")
    faces = torch.from_numpy(striped_faces(1).faces)
    with torch.inference_mode():
        plain = classifier.network(to_input(faces)).softmax(dim=1)
        assert torch.allclose(classifier.predictor(faces), plain, atol=1e-5)
    kinds = {type(layer) for layer in classifier.predictor.modules()}
    assert torch.nn.BatchNorm2d not in kinds and torch.nn.BatchNorm1d not in kinds
    assert classifier.embed(faces.numpy()[:0]).shape == (0, 16)


def test_a_fit_with_learning_rate_0_keeps_the_weights_of_its_start_model(tmp_path, teacher):
    config = replace(RESIDUAL, start=teacher, seed=9, epochs=(1,), learning_rates=(0.0,), weight_averaging=0.0)
    classifier, _ = fitted(config, tmp_path / "run")
    start = load_trained(teacher).classifier.network
    with torch.inference_mode():
        for weights, start_weights in zip(classifier.network.parameters(), start.parameters(), strict=True):
            assert torch.equal(weights, start_weights)
    assert classifier.predict_proba(striped_faces(1).faces).shape == (7, 7)


def test_start_weights_of_another_architecture_are_refused(tmp_path, teacher):
    with pytest.raises(InputError, match="weights of teacher do not fit this network"):
        fitted(replace(RESIDUAL, start=teacher, blocks=((4,), (8,))), tmp_path / "run")


def test_estimated_statistics_are_those_of_the_faces_and_predictions_use_them():
    """The first normalisation gets the mean and variance of the first convolution's output for central squares."""
    config = replace(RESIDUAL, stem="pixels", window=40, mirror=False)
    classifier, faces = Cnn(config), striped_faces(8).faces
    before = classifier.predict_proba(faces)
    classifier.estimate_statistics(faces)
    convolution, normalisation = classifier.network.features[:2]
    with torch.inference_mode():
        maps = convolution(to_input(torch.from_numpy(faces))[..., 4:44, 4:44])
    assert torch.allclose(normalisation.running_mean, maps.mean(dim=(0, 2, 3)), atol=1e-5)
    assert torch.allclose(normalisation.running_var, maps.var(dim=(0, 2, 3)), rtol=1e-3)
    assert not np.allclose(classifier.predict_proba(faces), before)  # predictions use the new statistics
    assert not classifier.network.training


def test_start_share_interpolates_between_trained_weights_and_start_weights(tmp_path, teacher, monkeypatch):
    monkeypatch.setattr(epochs, "faster_precision", lambda model, example: torch.float32)
    config = replace(RESIDUAL, start=teacher, weight_averaging=0.0)
    start = load_trained(teacher).classifier.network.state_dict()
    trained = fitted(config, tmp_path / "trained")[0].network.state_dict()
    between = fitted(replace(config, start_share=0.25), tmp_path / "between")[0].network.state_dict()
    for name, tensor in between.items():
        if tensor.is_floating_point():
            # the weights of all three networks are rounded to 16 bits
            assert torch.allclose(tensor, 0.75 * trained[name] + 0.25 * start[name], rtol=0.02, atol=2e-3), name


def test_only_clean_statistics_are_estimated_and_on_all_training_faces(tmp_path, monkeypatch):
    face_counts = []
    monkeypatch.setattr(Cnn, "estimate_statistics", lambda self, faces: face_counts.append(len(faces)))
    clean = replace(RESIDUAL, batch_statistics="clean")
    fitted(clean, tmp_path / "train")
    fitted(replace(clean, fit_on="train+val"), tmp_path / "both")
    fitted(RESIDUAL, tmp_path / "moving")
    assert face_counts == [56, 56 + 28]
