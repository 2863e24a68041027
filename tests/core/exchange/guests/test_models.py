"""Models of others are read, tried in other ways, and added with a card."""

import hashlib
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from core import paths
from core.classifiers.base import Probabilities
from core.data.store import current_import
from core.emotions import CSV_EMOTIONS, EMOTIONS
from core.exceptions import InputError
from core.exchange.guests import adding, readers
from core.exchange.guests.guest import GuestFile, GuestModel, GuestOptions, ModelReader
from core.models.folders import guest_names
from core.models.store import read_card
from core.vision.crops import Faces

TRUE_SCALE = 1


class KnowsFaces:
    """A classifier that knows the label of each imported face, if its input has the right scale."""

    weights_file: ClassVar[str] = "weights.fake"
    data_parallel: ClassVar[bool] = False

    def __init__(self, classes: tuple[str, ...], scale: int, real_classes: tuple[str, ...]) -> None:
        self._emotions = [EMOTIONS.index(emotion) for emotion in classes]
        self._outputs = [real_classes.index(emotion) for emotion in EMOTIONS]
        self._scale = scale
        data = current_import()
        assert data is not None
        codes = data.manifest()["true_label"].cat.codes.to_numpy()
        self._labels = {face.tobytes(): int(code) for face, code in zip(np.asarray(data.faces()), codes, strict=True)}

    def predict_proba(self, faces: Faces) -> Probabilities:
        probabilities = np.full((len(faces), 7), 0.05, np.float32)
        for row, face in enumerate(faces):
            label = self._labels.get(face.tobytes(), 0) if self._scale == TRUE_SCALE else int(face[0, 0]) % 7
            probabilities[row, self._emotions[self._outputs[label]]] = 0.7
        return probabilities

    def parameters(self) -> str:
        return "7 weights"


def reader(real_classes: tuple[str, ...], obeys: bool = True) -> ModelReader:
    """Return a reader of models with outputs in the order `real_classes`.

    If it does not obey the given order of classes, the file tells its own.
    """

    def read(file: GuestFile, options: GuestOptions) -> GuestModel:
        if not file.content.startswith(b"model"):
            raise InputError("this is no model; take another file.")
        classes = (options.classes or EMOTIONS) if obeys else real_classes
        recipe: dict[str, Any] = {"classes": list(classes), "scale": options.scale or 255}
        classifier: Any = KnowsFaces(classes, options.scale or 255, real_classes)
        return GuestModel("onnx", recipe, classifier, b"weights of the model")

    return ModelReader("onnx", read, read, (255, 1))


def add(folder: Path, content: bytes = b"model", **options: Any) -> adding.Added:
    (folder / "net.fake").write_bytes(content)
    return adding.add(folder / "net.fake", "net", GuestOptions(**options))


@pytest.mark.parametrize("classes", [EMOTIONS, CSV_EMOTIONS, EMOTIONS[::-1]], ids=["folder", "csv", "reversed"])
def test_the_scale_and_the_order_of_classes_of_a_model_are_proposed(
    guest_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, classes: tuple[str, ...]
) -> None:
    monkeypatch.setitem(readers.READERS, ".fake", reader(classes))
    proposal = add(tmp_path).proposal
    assert proposal is not None
    assert (proposal.order, proposal.scale, proposal.accuracy) == (None, 1, 1)
    assert proposal.classes == (None if classes == EMOTIONS else classes)
    assert guest_names() == []
    added = add(tmp_path, scale=proposal.scale, classes=proposal.classes)
    assert added.proposal is None
    assert read_card("net").score("test").accuracy == 1


def test_only_the_scale_is_proposed_if_the_file_tells_the_order_of_classes(
    guest_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(readers.READERS, ".fake", reader(CSV_EMOTIONS, obeys=False))
    proposal = add(tmp_path).proposal
    assert proposal is not None
    assert (proposal.scale, proposal.classes) == (1, None)
    assert add(tmp_path, scale=1).proposal is None
    assert read_card("net").score("test").accuracy == 1


def test_the_card_of_a_model_says_what_is_known_and_leaves_its_training_open(
    guest_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(readers.READERS, ".fake", reader(EMOTIONS))
    add(tmp_path, scale=1)
    card = read_card("net")
    assert (card.family, card.recipe_name, card.role, card.parameters) == ("onnx", "onnx", "guest", "7 weights")
    assert card.weights_sha256 == hashlib.sha256(b"weights of the model").hexdigest()
    assert (paths.MODELS_DIR / "guests" / "net" / "weights.fake").read_bytes() == b"weights of the model"
    assert card.size_bytes == len(b"weights of the model")
    assert card.ms_per_face is not None
    assert card.timing_processor
    assert (card.seconds, card.split_sizes, card.versions, card.calibration) == (None, {}, {}, None)
    assert card.data_fingerprint == current_import().fingerprint  # type: ignore[union-attr]


def test_a_model_that_is_refused_leaves_nothing_behind(
    guest_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(readers.READERS, ".fake", reader(EMOTIONS))
    with pytest.raises(InputError, match="no model"):
        add(tmp_path, b"something else")
    with pytest.raises(InputError, match="order is an option for predictions"):
        add(tmp_path, order="csv-test")
    assert not (paths.MODELS_DIR / "guests").exists()


def test_a_model_needs_an_imported_data_set(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(readers.READERS, ".fake", reader(EMOTIONS))
    with pytest.raises(InputError, match="no data set is imported"):
        add(tmp_path)
