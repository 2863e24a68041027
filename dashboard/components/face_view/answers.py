"""What models say about images: stored predictions, and new ones for images of other splits."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.exceptions import InputError
from dashboard import resources


@dataclass(frozen=True)
class Answer:
    """What one model says about one image."""

    model: str
    label: str | None = None
    """The predicted label; None if there is none, see `reason`."""
    probabilities: tuple[float, ...] | None = None
    """Seven probabilities in the order of EMOTIONS; None if the model gives labels only, or no label."""
    is_new: bool = False
    """Whether the prediction was made now, because none is stored for this image."""
    reason: str = ""
    """Why there is no label, as a sentence."""

    @property
    def confidence(self) -> float | None:
        """The largest probability; None if it is unknown."""
        return None if self.probabilities is None else max(self.probabilities)

    @property
    def text(self) -> str:
        """The label with its confidence, such as "fear 62 %", or a dash."""
        if self.label is None:
            return "–"
        return self.label if self.confidence is None else f"{self.label} {100 * self.confidence:.0f} %"


def answer(model: str, image_id: str, face: NDArray[np.uint8] | None) -> Answer:
    """Return what a model says about an image. `face` is (48, 48) uint8, or None without an import.

    If no prediction is stored for the image, the model predicts the face now.
    """
    try:
        stored = stored_answers(model, [image_id])
        return stored.get(image_id) or _new_answer(model, face)
    except InputError as error:
        return Answer(model, reason=str(error))


def stored_answers(model: str, image_ids: Iterable[str]) -> dict[str, Answer]:
    """Return image id -> answer, for those of the images for which the model's predictions are stored.

    Raises InputError for predictions that cannot be read.
    """
    table = resources.predictions.scored(model)
    rows = table[table["image_id"].isin(list(image_ids))]
    has_probabilities = resources.models.card(model).has_probabilities
    probabilities = rows[list(PROBABILITY_COLUMNS)].to_numpy(np.float64)
    return {
        image_id: Answer(model, str(label), tuple(map(float, row)) if has_probabilities else None)
        for image_id, label, row in zip(rows["image_id"], rows["predicted_label"], probabilities, strict=True)
    }


def _new_answer(model: str, face: NDArray[np.uint8] | None) -> Answer:
    if not resources.models.card(model).can_predict:
        return Answer(model, reason="It has no prediction for this image, and without a model it cannot make one.")
    if face is None:
        return Answer(model, reason="It has no prediction for this image, and cannot make one without its pixels.")
    probabilities = resources.recognition.classifier(model).predict_proba(face[None])[0]
    return Answer(model, EMOTIONS[int(probabilities.argmax())], tuple(map(float, probabilities)), is_new=True)


def answers_of_guests(image_id: str, without: Iterable[str]) -> list[Answer]:
    """Return what each guest says about an image, except those in `without`; only stored predictions count."""
    left_out = set(without)
    cards = resources.models.cards()
    guests = [name for name in resources.predictions.model_names() if cards[name].is_guest and name not in left_out]
    return [stored_answers(name, [image_id]).get(image_id, Answer(name)) for name in guests]
