"""Cards and predictions -> the small tables that pages show."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pandas as pd

from core import artifacts, metrics
from core.artifacts import Card
from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.exceptions import InputError
from core.recipes import RECIPES
from dashboard import wording

LEADING_SLICES = ("test", "leak_free", "private")
"""The slices of the overview; Public is on the Models page."""


def score(card: Card, slice_name: str) -> Mapping[str, Any]:
    """The card's figures on one slice; empty where the card has none."""
    return card.scores.get(slice_name) or {}


def about(card: Card) -> str:
    """A sentence on what kind of model it is, its recipe's own; empty where the recipe is not known any more."""
    if card.recipe_name not in RECIPES:
        return ""
    sentence = RECIPES[card.recipe_name].about
    return sentence if card.name == card.recipe_name else f"Of a changed recipe; before the change: {sentence}"


def abouts(cards: Mapping[str, Card]) -> pd.DataFrame:
    """A row a model, in the order of `overview`."""
    return pd.DataFrame([{"Model": card.name, "What it is": about(card)} for card in best_first(cards)])


def config(card: Card) -> Any:
    """The config that the model was trained with; None where the card's recipe cannot be read, which is said where the
    model is used."""
    with suppress(InputError):
        return artifacts.config_of(card)


def overview(cards: Mapping[str, Card]) -> pd.DataFrame:
    """A row a model, in words, best on the test images first."""
    return pd.DataFrame([_overview_row(card) for card in best_first(cards)])


def best_first(cards: Mapping[str, Card]) -> list[Card]:
    """By accuracy on all test images; a card without it comes last."""
    return sorted(cards.values(), key=lambda card: -(score(card, "test").get("accuracy") or 0))


def _overview_row(card: Card) -> dict[str, str]:
    accuracies = {metrics.SLICES[name].title: accuracy(card, name) for name in LEADING_SLICES}
    test = score(card, "test")
    return {
        "Model": card.name,
        "Family": card.family,
        **accuracies,
        "Macro-F1": wording.number(test.get("macro_f1")),
        "ECE": wording.number(test.get("ece")),
        "Size": wording.size(card.size_bytes),
        "ms a face": wording.number(card.ms_per_face, 2),
    }


def accuracy(card: Card, slice_name: str) -> str:
    """Accuracy with its interval, in words."""
    figures = score(card, slice_name)
    return wording.percent_with_interval(figures.get("accuracy"), figures.get("accuracy_ci"))


def accuracies(cards: Mapping[str, Card]) -> pd.DataFrame:
    """A row a model and leading slice: model, slice, n, accuracy, low, high. Slices without figures are left out."""
    rows = [
        (card.name, metrics.SLICES[name].title, figures["n"], figures["accuracy"], *figures["accuracy_ci"])
        for card in best_first(cards)
        for name in LEADING_SLICES
        if (figures := score(card, name)).get("accuracy") is not None
    ]
    return pd.DataFrame(rows, columns=["model", "slice", "n", "accuracy", "low", "high"])


def slice_scores(card: Card) -> pd.DataFrame:
    """A row a slice of one card, in words."""
    rows = [
        {
            "Slice": entry.title,
            "Images": f"{score(card, name).get('n', 0):,}",
            "Accuracy": accuracy(card, name),
            "Balanced": wording.percent(score(card, name).get("balanced_accuracy")),
            "Macro-F1": wording.number(score(card, name).get("macro_f1")),
            "ECE": wording.number(score(card, name).get("ece")),
        }
        for name, entry in metrics.SLICES.items()
    ]
    return pd.DataFrame(rows)


def calibration(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Name -> scored table: a row a name with the figures that judge confidence, in words; smaller is better."""
    rows = [
        {
            "Temperature": name,
            "ECE": wording.number(metrics.expected_calibration_error(table)),
            "NLL": wording.number(metrics.negative_log_likelihood(table)),
            "Brier": wording.number(metrics.brier_score(table)),
        }
        for name, table in tables.items()
    ]
    return pd.DataFrame(rows)


def recipe(card: Card) -> pd.DataFrame:
    """Every hyperparameter, nested ones as `augmentation.flip`, with its meaning."""
    meanings = artifacts.meanings_of(card)
    rows = [(name, value, meanings.get(name, "").replace("`", "")) for name, value in _flat(card.recipe)]
    return pd.DataFrame(rows, columns=["Hyperparameter", "Value", "Meaning"])


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in values.items():
        rows += _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else [(prefix + name, _in_words(value))]
    return rows


def _in_words(value: object) -> str:
    if isinstance(value, list | tuple):
        items = [f"({_in_words(item)})" if isinstance(item, list | tuple) else _in_words(item) for item in value]
        return ", ".join(items) or "none"
    if isinstance(value, bool):  # before numbers: True is 1, and 1 is no "yes"
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value is None or value == "" else str(value)


def provenance(card: Card) -> pd.DataFrame:
    """Where the weights come from: what is needed to check or to repeat the training."""
    versions = ", ".join(f"{library} {version}" for library, version in card.versions.items())
    rows = [
        ("Trained", f"{card.trained}, in {wording.duration(card.seconds)}"),
        ("Machine", card.machine),
        ("Libraries", versions),
        ("Data set's fingerprint", card.data_fingerprint),
        ("Seed", str(card.seed)),
        ("Input", card.input),
        ("Weights' sha256", card.weights_sha256),
    ]
    return pd.DataFrame(rows, columns=["What", "Value"])


def side(pairs: pd.DataFrame, model: str) -> pd.DataFrame:
    """The scored table of model "a" or "b" on the images that both have predicted."""
    names = {f"{column}_{model}": column for column in ("confidence", *PROBABILITY_COLUMNS)}
    return pairs.rename(columns=names | {f"predicted_{model}": "predicted_label"})


def row_shares(confusion: pd.DataFrame) -> pd.DataFrame:
    """Counts -> shares of each true label, 0..1; NaN in the rows of labels that do not occur."""
    return confusion.div(confusion.sum(axis=1).where(lambda n: n > 0), axis=0)


def per_class(scored: pd.DataFrame) -> pd.DataFrame:
    """`metrics.per_class`, with the Wilson interval of precision and the number of predictions beside it."""
    table, counts = metrics.per_class(scored), metrics.confusion(scored)
    predicted = counts.sum()
    intervals = [metrics.wilson_interval(int(counts.loc[e, e]), int(predicted[e])) for e in EMOTIONS]
    low, high = zip(*intervals, strict=True)
    return table.assign(precision_low=low, precision_high=high, predicted=predicted.to_numpy())


def per_class_pair(scored_a: pd.DataFrame, scored_b: pd.DataFrame) -> pd.DataFrame:
    """A row an emotion and model: emotion, model ("A", "B"), then the columns of `per_class`."""
    tables = [per_class(scored).reset_index().assign(model=name) for scored, name in ((scored_a, "A"), (scored_b, "B"))]
    long = pd.concat(tables, ignore_index=True)
    return long[["emotion", "model", *[column for column in long.columns if column not in ("emotion", "model")]]]


def per_class_in_words(classes: pd.DataFrame, recall_deltas: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """`per_class_pair` -> a row an emotion: support, and each figure of A and of B with its interval."""
    rows = []
    for emotion in EMOTIONS:
        a, b = (classes[(classes["emotion"] == emotion) & (classes["model"] == m)].iloc[0] for m in ("A", "B"))
        rows.append(
            {
                "Emotion": emotion,
                "Images": f"{a['support']:,}",
                **{f"Recall {m}": _interval(row, "recall") for m, row in (("A", a), ("B", b))},
                "Recall A − B": wording.points_with_interval(recall_deltas[emotion]),
                **{f"Precision {m}": _interval(row, "precision") for m, row in (("A", a), ("B", b))},
                **{f"F1 {m}": wording.number(row["f1"]) for m, row in (("A", a), ("B", b))},
            }
        )
    return pd.DataFrame(rows)


def _interval(row: pd.Series, figure: str) -> str:
    return wording.percent_with_interval(row[figure], [row[f"{figure}_low"], row[f"{figure}_high"]])


def agreement_in_words(agreement: pd.DataFrame) -> pd.DataFrame:
    """The 2x2 table of right and wrong with its rows and columns named; the first column is the row's name."""
    counts = agreement.map("{:,}".format).to_numpy()
    names = pd.Series(["A is right", "A is wrong"], name="Images")
    return pd.DataFrame(counts, columns=["B is right", "B is wrong"]).assign(Images=names)[
        ["Images", "B is right", "B is wrong"]
    ]
