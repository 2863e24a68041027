"""Compose docs/models.md: all results of the models that ship, from their cards and stored measurements."""

from collections.abc import Callable, Iterable, Sequence

from core.benchmarks.robustness import mean_accuracies, read_robustness
from core.benchmarks.steadiness import read_steadiness
from core.commands.models import markdown_texts as texts
from core.data.shipped import shipped_manifest
from core.emotions import EMOTIONS
from core.evaluation.calibration_error import expected_calibration_error
from core.evaluation.calibration_fit import before_and_after
from core.evaluation.predictions import scored_predictions
from core.evaluation.slices import CARD_SLICES, SLICES, slice_rows
from core.models.card import Card, leading_first
from core.models.scores import ClassScores
from core.models.store import read_card, read_history
from core.training.descriptions import describe_model, describe_training
from core.training.recipes import RECIPES, training_order

ROUNDS = ("cnn-student-2", "cnn-student-3", "cnn-student-4", "cnn-student-5", "cnn")
"""The models that resulted from the five training rounds, in order."""


def models_markdown() -> str:
    """Return the text of docs/models.md, for all models in `RECIPES`."""
    cards = leading_first({name: read_card(name) for name in RECIPES})
    sections = [
        texts.INTRODUCTION.format(models=len(cards)),
        texts.ACCURACY,
        accuracy_table(cards),
        texts.OTHER_FIGURES,
        other_figures_table(cards),
        texts.PER_CLASS,
        *(per_class_section(cards, title, metric) for title, metric in PER_CLASS_METRICS.items()),
        texts.ROBUSTNESS,
        robustness_table(cards),
        texts.ROUNDS,
        rounds_table(),
        texts.TEST_IMAGES,
        texts.DESCRIPTIONS,
        *map(_model_section, in_training_order(cards)),
    ]
    return "\n\n".join(section.strip() for section in sections) + "\n"


def accuracy_table(cards: Sequence[Card]) -> str:
    """Return a Markdown table, one row per model: accuracy on each of `CARD_SLICES` with intervals, macro-F1, size."""
    headings = [
        "model",
        *(f"{SLICES[name].long_title} ({cards[0].score(name).n:,})" for name in CARD_SLICES),
        "macro-F1",
        "size",
    ]
    return table(headings, [accuracy_row(card) for card in cards])


def accuracy_row(card: Card) -> list[str]:
    """Return one row of `accuracy_table`. README's table contains some of its cells."""
    accuracies = [_with_interval(card.score(name).accuracy, card.score(name).accuracy_ci) for name in CARD_SLICES]
    return [f"`{card.name}`", *accuracies, _number(card.score("test").macro_f1), f"{card.size_bytes / 1e6:.1f} MB"]


def other_figures_table(cards: Iterable[Card]) -> str:
    """Return a Markdown table of calibration, NLL, Brier score, speed, steadiness and robustness; one row per model."""
    headings = [
        "model",
        "ECE without temperature",
        "ECE",
        "ECE on PrivateTest",
        "NLL",
        "Brier score",
        "ms per face",
        "same label when the crop moves",
        "mean accuracy, corrupted",
    ]
    return table(headings, map(_other_figures_row, cards))


def _other_figures_row(card: Card) -> list[str]:
    test = card.score("test")
    steadiness, robustness = read_steadiness(card.name), read_robustness(card.name)
    return [
        f"`{card.name}`",
        _number(_ece_without_temperature(card)),
        _number(test.ece),
        _number(card.score("private").ece),
        _number(test.nll),
        _number(test.brier),
        "" if card.ms_per_face is None else f"{card.ms_per_face:.1f}",
        _with_interval(steadiness.share, (steadiness.low, steadiness.high)) if steadiness else "",
        _percent(float(mean_accuracies(robustness).mean())) if robustness is not None else "",
    ]


def _ece_without_temperature(card: Card) -> float:
    scored = slice_rows(scored_predictions(card.name, shipped_manifest()), "test")
    return expected_calibration_error(before_and_after(scored, card.temperature)["before"])


PER_CLASS_METRICS: dict[str, Callable[[ClassScores], float | None]] = {
    "Recall": lambda scores: scores.recall,
    "Precision": lambda scores: scores.precision,
    "F1": lambda scores: scores.f1,
}


def per_class_section(cards: Sequence[Card], title: str, metric: Callable[[ClassScores], float | None]) -> str:
    """Return a heading and a table of one metric on all test images; one row per model, one column per emotion."""
    support = cards[0].score("test").per_class
    headings = ["model", *(f"{emotion} ({support[emotion].support:,})" for emotion in EMOTIONS)]
    rows = [
        [f"`{card.name}`", *(_percent(metric(card.score("test").per_class[emotion])) for emotion in EMOTIONS)]
        for card in cards
    ]
    return f"### {title}\n\n{table(headings, rows)}"


def robustness_table(cards: Sequence[Card]) -> str:
    """Return a Markdown table of accuracy without corruption, and of mean accuracy over each corruption's strengths.

    The first row is for images without corruption; each other row is for one corruption. There is one column per model
    whose robustness is stored.
    """
    means = {card.name: mean_accuracies(found) for card in cards if (found := read_robustness(card.name)) is not None}
    corruptions = next(iter(means.values())).index
    clean = [_percent(card.score("test").accuracy) for card in cards if card.name in means]
    rows = [["none (clean)", *clean]]
    rows += [[str(name), *(_percent(float(series[name])) for series in means.values())] for name in corruptions]
    return table(["corruption", *(f"`{name}`" for name in means)], rows)


def rounds_table() -> str:
    """Return a Markdown table of the five training rounds that led to `cnn`; one row per round."""
    headings = ["round", "model", "starts from", "epochs", "trained on", "teachers", "test accuracy"]
    return table(headings, [_round_row(number, read_card(name)) for number, name in enumerate(ROUNDS, start=1)])


def _round_row(number: int, card: Card) -> list[str]:
    recipe = card.recipe
    fit_on = recipe["fit_on"].replace("+", " and ")
    start = f"`{recipe['start']}`" if recipe["start"] else "random weights"
    teachers = ", ".join(recipe["teachers"])
    accuracy = _percent(card.score("test").accuracy, digits=2)
    return [str(number), f"`{card.name}`", start, str(sum(recipe["epochs"])), fit_on, teachers, accuracy]


def in_training_order(cards: Iterable[Card]) -> list[Card]:
    """Sort cards so that each model comes after the models that its training or calibration uses."""
    by_name = {card.name: card for card in cards}
    return [by_name[name] for name in training_order()]


def _model_section(card: Card) -> str:
    training = describe_training(card, read_history(card.name))
    temperature = _temperature_text(card)
    minutes = (card.seconds or 0) / 60
    origin = f"{card.parameters}. Trained on {card.trained} in {minutes:,.0f} minutes ({card.machine})."
    return f"### `{card.name}`\n\n{describe_model(card)}\n\n{training}{temperature}\n\n{origin[0].upper()}{origin[1:]}"


def _temperature_text(card: Card) -> str:
    if card.calibration is None:
        return ""
    text = f" Temperature {card.temperature:.2f}"
    if not card.calibration.fitted_with:
        return f"{text}."
    statistics = (
        ", with batch statistics of unaugmented faces" if card.recipe.get("batch_statistics") == "clean" else ""
    )
    return f"{text}, fitted on val with the predictions of `{card.calibration.fitted_with}`{statistics}."


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percent(share: float | None, digits: int = 1) -> str:
    return "" if share is None else f"{share:.{digits}%}".replace("%", " %")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _with_interval(share: float | None, interval: tuple[float, float] | None) -> str:
    if share is None or interval is None:
        return _percent(share)
    return f"{_percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"
