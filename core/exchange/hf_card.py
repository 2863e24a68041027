"""Write a model card in Hugging Face's form: a README.md with metadata in YAML, then the notes in Markdown.

The metadata follow https://github.com/huggingface/hub-docs/blob/main/modelcard.md. Names and texts of a card are
foreign, so each text is quoted in the YAML and escaped in the Markdown.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.evaluation.slices import CARD_SLICES, SLICES, Slice
from core.models.card import Card
from core.models.scores import Scores
from core.training.descriptions import describe_model

FORM = (
    "The weights are in FERscope's own form. Transformers, timm and other libraries cannot load them: put the model's "
    "folder into FERscope's folder models/. FERscope can export a convolutional network to ONNX "
    "(python -m core export), which other programs can run."
)

GUEST_FORM = (
    "Put the model's folder into FERscope's folder models/guests/. Its weights file, if it has one, is the file that "
    "was added to FERscope, or was made from it with the same weights."
)

LICENCE = (
    "MIT. The model was trained on images that belong to others. Whether the terms of training data extend to weights "
    "is an open legal question."
)

GUEST_LICENCE = "Unknown. The model was made by others: ask them before you publish it."

NO_LICENCE = "None yet. Choose one before you publish the model, and add it to the metadata as license."

METRICS = (
    ("accuracy", "accuracy", "Accuracy"),
    ("recall", "balanced_accuracy", "Balanced accuracy (mean recall)"),
    ("f1", "macro_f1", "Macro-F1"),
    ("expected_calibration_error", "ece", "Expected calibration error (15 bins)"),
    ("negative_log_likelihood", "nll", "Negative log-likelihood"),
    ("brier_score", "brier", "Brier score"),
)
"""Metrics of a slice: type in the metadata, attribute of `Scores`, and name."""


def readme(
    card: Card, notes: Mapping[str, Sequence[str]], is_fer2013: bool, measurements: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the text of README.md.

    `notes` are those of `card_notes.notes`. `measurements` are further results as texts, (name, value), such as the
    accuracy on corrupted images.
    """
    sections = [
        f"---\n{yaml(metadata(card, is_fer2013))}---",
        f"# {plain(card.name)}",
        plain(describe_model(card)),
        *(f"## {title}\n\n{plain(' '.join(sentences))}" for title, sentences in notes.items()),
        f"## Evaluation\n\n{evaluation_text(card)}\n\n{evaluation_table(card)}",
        f"### Per emotion, all test images\n\n{per_class_table(card)}" if card.score("test").per_class else "",
        f"### Further results\n\n{_facts([*_card_results(card), *measurements])}",
        f"## How to use it\n\n{plain(GUEST_FORM if card.is_guest else FORM)}",
        f"## Licence\n\n{plain(licence_text(card))}",
        f"## Provenance\n\n{_facts(_provenance(card))}",
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def metadata(card: Card, is_fer2013: bool) -> dict[str, Any]:
    """Return the metadata.

    A model that a user has trained has no licence: its owner chooses one. Those of a guest are unknown, like the data
    that it was trained on.
    """
    results = [
        _result(card, name, SLICES[name], is_fer2013) for name in CARD_SLICES if card.score(name).accuracy is not None
    ]
    return {
        **({} if card.role in ("own", "guest") else {"license": "mit"}),
        "pipeline_tag": "image-classification",
        "tags": ["facial-expression-recognition", "emotion-recognition", "ferscope", card.family],
        **({"datasets": ["fer2013"]} if is_fer2013 and not card.is_guest else {}),
        "metrics": ["accuracy", "recall", "f1", "brier_score"],
        **({"model-index": [{"name": card.name, "results": results}]} if results else {}),
    }


def _result(card: Card, name: str, entry: Slice, is_fer2013: bool) -> dict[str, Any]:
    """Return the entry of one slice in the `model-index`."""
    scores = card.score(name)
    data = "FER2013" if is_fer2013 else f"Data set {card.data_fingerprint}"
    return {
        "task": {"type": "image-classification", "name": "Facial-expression recognition"},
        "dataset": {
            "type": "fer2013" if is_fer2013 else card.data_fingerprint or "unknown",
            "name": f"{data}, {entry.long_title}",
            "config": name,
            "split": "test",
        },
        "metrics": [
            {"type": metric, "value": round(value, 6), "name": title}
            for metric, attribute, title in METRICS
            if (value := getattr(scores, attribute)) is not None
        ],
    }


def licence_text(card: Card) -> str:
    """Return what is known about the licence of a model."""
    if card.is_guest:
        return GUEST_LICENCE
    return NO_LICENCE if card.role == "own" else LICENCE


def evaluation_text(card: Card) -> str:
    """Return how the results were computed, as Markdown."""
    temperature = f" with the temperature {card.temperature:.3g}" if card.calibration else ", without a temperature"
    return (
        f"Computed on the test images{temperature}. In parentheses: 95 % intervals (Wilson's method). "
        "Leak-free leaves out test images that have an exact copy in Training; near copies stay in."
    )


def evaluation_table(card: Card) -> str:
    """Return a Markdown table with one row per slice."""
    rows = [
        (
            SLICES[name].long_title,
            f"{scores.n:,}",
            _with_interval(scores.accuracy, scores.accuracy_ci),
            *_other_scores(scores),
        )
        for name in CARD_SLICES
        if (scores := card.score(name)).n
    ]
    headings = ("slice", "images", "accuracy", "balanced accuracy", "macro-F1", "ECE", "NLL", "Brier score")
    return _table(headings, rows) if rows else "There are no stored results."


def _other_scores(scores: Scores) -> tuple[str, ...]:
    numbers = (scores.macro_f1, scores.ece, scores.nll, scores.brier)
    return _percent(scores.balanced_accuracy), *("" if value is None else f"{value:.3f}" for value in numbers)


def per_class_table(card: Card) -> str:
    """Return a Markdown table with one row per emotion, on all test images."""
    rows = [
        (emotion, f"{s.support:,}", _with_interval(s.recall, s.recall_ci), _percent(s.precision), _percent(s.f1))
        for emotion, s in card.score("test").per_class.items()
    ]
    return _table(("emotion", "images", "recall", "precision", "F1"), rows)


def _card_results(card: Card) -> list[tuple[str, str]]:
    processor = card.timing_processor or card.machine
    return [
        *([("Size of the weights file", f"{card.size_bytes / 1e6:.1f} MB")] if card.can_predict else []),
        ("Parameters", card.parameters),
        *([("Time per face", f"{ms:.2f} ms on one thread of: {processor}")] if (ms := card.ms_per_face) else []),
        *([("Uncertain below", _percent(card.calibration.uncertain_below))] if card.calibration else []),
    ]


def _provenance(card: Card) -> list[tuple[str, str]]:
    if card.is_guest:
        return _provenance_of_guest(card)
    return [
        ("Trained on", card.trained),
        ("Machine", card.machine),
        ("Libraries", ", ".join(f"{library} {version}" for library, version in card.versions.items())),
        ("Recipe", card.recipe_name),
        ("Random seed", str(card.seed)),
        ("Classes, in the order of the probabilities", ", ".join(card.classes)),
        ("Input", card.input),
        ("Fingerprint of the data set", card.data_fingerprint),
        ("SHA-256 of the weights", card.weights_sha256),
    ]


def _provenance_of_guest(card: Card) -> list[tuple[str, str]]:
    return [
        ("Made by", "others; how it was trained is unknown"),
        ("Added on", card.trained),
        ("Added as", card.recipe_name),
        ("Classes, in the order of the probabilities", ", ".join(card.classes)),
        ("Fingerprint of the data set that it was evaluated on", card.data_fingerprint),
        *([("SHA-256 of the weights", card.weights_sha256)] if card.can_predict else []),
    ]


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- {plain(name)}: {plain(value)}" for name, value in facts)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *(map(plain, row) for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}".replace("%", " %")


def _with_interval(share: float | None, interval: tuple[float, float] | None) -> str:
    if share is None or interval is None:
        return _percent(share)
    return f"{_percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def plain(text: str) -> str:
    """Return Markdown that shows a text as it is, on one line: no HTML, links, formulas or new table cells."""
    line = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(text.split()))
    escaped = re.sub(r"[\\`*_\[\]<>$~|&!]|:(?=//)|(?<=www)\.", r"\\\g<0>", line, flags=re.IGNORECASE)
    escaped = re.sub(r"^[#+=-]", r"\\\g<0>", escaped)
    return re.sub(r"^(\d+)([.)])(?= |$)", r"\1\\\2", escaped)


def yaml(value: dict[str, Any], indent: str = "") -> str:
    """Return lines of YAML for a dict with simple keys; its values are dicts, lists, texts and numbers."""
    return "".join(f"{indent}{key}:{_yaml_value(item, indent)}" for key, item in value.items())


def _yaml_value(value: Any, indent: str) -> str:
    """Return what follows a key with this indent: a scalar on the same line, or lines of a dict or list."""
    if isinstance(value, dict):
        return "\n" + yaml(value, f"{indent}  ")
    if isinstance(value, list):
        return "\n" + "".join(f"{indent}- {_yaml_item(item, indent)}" for item in value)
    return f" {scalar(value)}\n"


def _yaml_item(item: Any, indent: str) -> str:
    """Return what follows the dash of a list with this indent: the first line of a dict stands behind the dash."""
    return yaml(item, f"{indent}  ").removeprefix(f"{indent}  ") if isinstance(item, dict) else f"{scalar(item)}\n"


def scalar(value: str | float) -> str:
    """Return a number as it is, and a text in double quotes. Characters that YAML does not allow become escapes."""
    if not isinstance(value, str):
        return json.dumps(value, allow_nan=False)
    quoted = value.encode("utf-8", "replace").decode("utf-8").replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08X}" for char in quoted) + '"'
