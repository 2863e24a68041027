"""models/<name>/: weights, card.json, history.csv, predictions.parquet; once measured, robustness.csv and
steadiness.json. Read, write, verify.

Reading a card needs neither pandas nor torch, so that `python -m core models` answers in a second.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin, get_type_hints

from core import paths
from core.config_json import config_from_json, meanings
from core.emotions import EMOTIONS
from core.exceptions import InputError, unknown_name
from core.files import damage_in_words, replace_file

if TYPE_CHECKING:
    import pandas as pd

    from core.classifiers.base import Classifier
    from core.steadiness import Steadiness

CARD, HISTORY, PREDICTIONS = "card.json", "history.csv", "predictions.parquet"

ROBUSTNESS, STEADINESS = "robustness.csv", "steadiness.json"
"""Measured after the training, by commands of their own; a new training removes them with the old weights."""

TRAIN_AGAIN = "restore the file or train the model again"


@dataclass(frozen=True)
class Card:
    """What is known of a trained model; the form of card.json."""

    name: str
    family: str
    """A key of `CLASSIFIERS`."""
    recipe_name: str
    """A key of `RECIPES`."""
    classes: list[str]
    """The emotions in the order of the probabilities."""
    input: str
    """Shape, type and meaning of what the model takes."""
    recipe: dict[str, Any]
    """Every hyperparameter, seed included."""
    seed: int
    split_sizes: dict[str, int]
    """Images in train, val and test."""
    data_fingerprint: str
    """Of the import that the model was trained on."""
    parameters: str
    """What was learnt, in words: the number of weights, or of trees."""
    scores: dict[str, dict[str, Any]]
    """Slice -> the summary of `core.metrics.summary`."""
    weights_sha256: str
    size_bytes: int
    """Of the weights file."""
    ms_per_face: float
    """Median time of a prediction for one face, one thread, on `machine`."""
    seconds: float
    """Of the fit, on `machine`."""
    machine: str
    versions: dict[str, str]
    """Libraries that had a part in the training."""
    trained: str
    """ISO date."""
    calibration: dict[str, Any] = field(default_factory=dict)
    """The fields of `core.calibration.Calibration`; empty where no temperature was fitted."""

    @property
    def has_learnt_val(self) -> bool:
        """Whether val was fitted too: then nothing can be chosen or measured on it."""
        return bool(self.recipe.get("fit_on") == "train+val")


def model_names() -> list[str]:
    """The models in models/, sorted; an empty list is a normal answer."""
    # A dot begins the name of a folder that is still being written.
    return sorted(card.parent.name for card in paths.MODELS_DIR.glob(f"[!.]*/{CARD}"))


def model_folder(name: str) -> Path:
    """Where a model lies; raises InputError for a name that is not there."""
    if name not in model_names():
        raise unknown_name("model", name, model_names() or ["(there is none: train one)"])
    return paths.MODELS_DIR / name


def read_card(name: str) -> Card:
    """Raises InputError for an unknown model or a card that cannot be read."""
    path = model_folder(name) / CARD
    try:
        card = Card(**json.loads(path.read_text(encoding="utf-8")))
        _check_types(card)
        return card
    except (ValueError, TypeError) as error:
        raise InputError(f"{name}/{CARD} is damaged ({error}); restore the file or train the model again.") from error


def read_history(name: str) -> pd.DataFrame:
    """step, train_loss, train_accuracy, val_loss, val_accuracy, learning_rate, kept: a row an epoch or iteration."""
    import pandas as pd

    with damage_in_words(f"{name}/{HISTORY}", TRAIN_AGAIN):
        return pd.read_csv(_present(name, HISTORY))


def read_predictions(name: str) -> pd.DataFrame:
    """The predictions table: all test images, and those of val unless the model has learnt them."""
    import pandas as pd

    from core.tables import EMOTION_DTYPE

    with damage_in_words(f"{name}/{PREDICTIONS}", TRAIN_AGAIN):
        table = pd.read_parquet(_present(name, PREDICTIONS))
        return table.assign(predicted_label=table["predicted_label"].astype(EMOTION_DTYPE))


def read_robustness(name: str) -> pd.DataFrame | None:
    """`core.robustness.COLUMNS`, a row a corruption and strength; None where it has not been measured."""
    import pandas as pd

    from core.robustness import COLUMNS

    path = model_folder(name) / ROBUSTNESS
    if not path.exists():
        return None
    with damage_in_words(f"{name}/{ROBUSTNESS}", f"measure again: python -m core robustness {name}"):
        return pd.read_csv(path, keep_default_na=False, na_values={"amount": [""]})[COLUMNS]


def read_steadiness(name: str) -> Steadiness | None:
    """How steady the model's labels are; None where it has not been measured."""
    from core.steadiness import Steadiness

    path = model_folder(name) / STEADINESS
    if not path.exists():
        return None
    with damage_in_words(f"{name}/{STEADINESS}", f"measure again: python -m core steadiness {name}"):
        return Steadiness(**json.loads(path.read_text(encoding="utf-8")))


def write_robustness(name: str, table: pd.DataFrame) -> None:
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    replace_file(model_folder(name) / ROBUSTNESS, text.encode())


def write_steadiness(name: str, steadiness: Steadiness) -> None:
    replace_file(model_folder(name) / STEADINESS, _json(steadiness))


def load_classifier(name: str) -> Classifier:
    """The model with its weights, after its folder has been verified against the card.

    Raises InputError for an unknown model, for weights whose hash or shape is not the card's, and for other classes.
    """
    card = read_card(name)
    if tuple(card.classes) != EMOTIONS:
        raise InputError(f"model {name} knows {', '.join(card.classes)}; FERscope needs {', '.join(EMOTIONS)}.")
    family = _family(card)
    weights = _present(name, family.weights_file)
    if sha256(weights) != card.weights_sha256:
        raise InputError(
            f"{name}/{family.weights_file} is not the file that {CARD} describes (its sha256 differs); "
            "restore both files from the same training run."
        )
    classifier = family.load(weights.parent, config_of(card))
    classifier.temperature = card.calibration.get("temperature", 1.0)
    classifier.uncertain_below = card.calibration.get("uncertain_below", 0.0)
    return classifier


def write_model(card: Card, classifier: Classifier, history: pd.DataFrame, predictions: pd.DataFrame) -> Card:
    """Write the folder beside, then swap it in; returns the card, completed with the weights' size and hash."""
    target = paths.MODELS_DIR / card.name
    beside, old = (target.with_name(f".{card.name}.{state}") for state in ("new", "old"))
    for leftover in (beside, old):
        shutil.rmtree(leftover, ignore_errors=True)
    beside.mkdir(parents=True)
    classifier.save(beside)
    weights = beside / classifier.weights_file
    card = replace(card, weights_sha256=sha256(weights), size_bytes=weights.stat().st_size)
    write_card(card, beside)
    history.to_csv(beside / HISTORY, index=False, float_format="%.6g", lineterminator="\n")
    (beside / PREDICTIONS).write_bytes(_parquet(predictions))
    # Two renames follow each other at once: removing many files in between would leave a kill time to lose both.
    if target.exists():
        target.rename(old)
    beside.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return read_card(card.name)


def update_model(card: Card, predictions: pd.DataFrame) -> None:
    """Replace the card and the predictions of a model whose weights stay."""
    folder = model_folder(card.name)
    replace_file(folder / PREDICTIONS, _parquet(predictions))
    write_card(card, folder)


def _parquet(predictions: pd.DataFrame) -> bytes:
    """The same values in two thirds of the bytes: a float's exponents lie together, as they resemble one another."""
    floats = predictions.select_dtypes("float32").columns.tolist()
    others = predictions.columns.drop(floats).tolist()
    written: bytes = predictions.to_parquet(
        index=False, compression="zstd", compression_level=19, use_byte_stream_split=floats, use_dictionary=others
    )
    return written


def write_card(card: Card, folder: Path) -> None:
    replace_file(folder / CARD, _json(card))


def _json(record: Card | Steadiness) -> bytes:
    return (json.dumps(asdict(record), indent=2) + "\n").encode()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def config_of(card: Card) -> Any:
    """The config that a model was trained with; fields that its card does not know yet have their defaults.

    Raises InputError for an unknown family and for a recipe that is not one of its family.
    """
    family = _family(card)
    try:
        return config_from_json(family.config_type, card.recipe)
    except (TypeError, ValueError) as error:
        raise InputError(f"the recipe in {card.name}/{CARD} cannot be read ({error}); restore the file.") from error


def meanings_of(card: Card) -> dict[str, str]:
    """Hyperparameter -> what it means, as `core.config_json.meanings`; nothing for an unknown family."""
    from core.classifiers import CLASSIFIERS

    return meanings(CLASSIFIERS[card.family].config_type) if card.family in CLASSIFIERS else {}


def _family(card: Card) -> type[Classifier]:
    from core.classifiers import CLASSIFIERS

    if card.family not in CLASSIFIERS:
        raise unknown_name("family", card.family, CLASSIFIERS)
    return CLASSIFIERS[card.family]


def _check_types(card: Card) -> None:
    """Raises TypeError where a field of card.json has another type than the card's."""
    for name, hint in get_type_hints(Card).items():
        kind = get_origin(hint) or hint
        if not isinstance(getattr(card, name), (int, float) if kind is float else kind):
            raise TypeError(f"{name} must be {kind.__name__}")


def _present(name: str, file: str) -> Path:
    path = model_folder(name) / file
    if not path.exists():
        raise InputError(f"model {name} has no {file}; restore the file or train the model again.")
    return path
