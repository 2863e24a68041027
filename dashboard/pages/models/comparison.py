"""The table that compares the chosen models: one row per figure."""

import math
from collections.abc import Callable, Sequence

import pandas as pd

from core.evaluation import slices
from core.models.card import Card
from dashboard import resources
from dashboard.components import wording
from dashboard.components.explanations import ECE
from dashboard.pages.models.columns import Row
from dashboard.pages.models.record import Record

CAPTION = "Results on the test images; in parentheses are 95 % intervals"

HIGHER, LOWER = 1, -1
"""Which end of a figure's scale is better."""

SAME_EMOTIONS = "Each of the seven emotions counts the same, however many images it has."

MEANINGS = {
    "Balanced accuracy": f"The mean recall of the emotions. {SAME_EMOTIONS}",
    "Macro-F1": f"The mean of the emotions' F1 scores. {SAME_EMOTIONS}",
    "ECE": ECE,
    "NLL": "Negative log-likelihood: judges all seven probabilities of a prediction; smaller is better.",
    "Brier score": "The mean squared error of the seven probabilities; smaller is better.",
    "Temperature": "Logits are divided by it, so that confidence matches accuracy. 1 changes nothing; a larger value "
    "lowers the confidence.",
    "Uncertain below": "The pages Photo & video and Live call a label uncertain if its confidence is below this.",
    "Steadiness": "How often the predicted label stays the same when the crop is moved, scaled or turned a little.",
    "Corrupted images": "Mean accuracy under ten kinds of corruption, such as noise and blur, at five strengths each.",
    "Time per face": "Median time of a prediction for one face, on one thread.",
    "Size of the weights": "With those of the network whose embedding a model uses, if any.",
}


def rows(records: Sequence[Record]) -> list[Row]:
    """Return all rows of the table."""
    cards = [record.card for record in records]
    return [
        *(_accuracy_row(cards, name) for name in slices.CARD_SLICES),
        _score_row("Balanced accuracy", cards, lambda card: card.score("test").balanced_accuracy, wording.percent),
        _score_row("Macro-F1", cards, lambda card: card.score("test").macro_f1, wording.number),
        _score_row("ECE", cards, lambda card: card.score("test").ece, wording.number, LOWER),
        _score_row("NLL", cards, lambda card: card.score("test").nll, wording.number, LOWER),
        _score_row("Brier score", cards, lambda card: card.score("test").brier, wording.number, LOWER),
        *_measured_rows(records),
        *_calibration_rows(cards),
        *_cost_rows(cards),
    ]


def best(values: Sequence[float | None], texts: Sequence[str], better: int) -> frozenset[int]:
    """Return the indices of the best value and of those with the same text; none if all texts are the same.

    `better` is `HIGHER` or `LOWER`. Values that are not known do not count.
    """
    known = {i: value for i, value in enumerate(values) if value is not None}
    if len({texts[i] for i in known}) < 2:
        return frozenset()
    top = max(known, key=lambda i: better * known[i])
    return frozenset(i for i in known if texts[i] == texts[top])


def _accuracy_row(cards: Sequence[Card], name: str) -> Row:
    scores = [card.score(name) for card in cards]
    entry = slices.SLICES[name]
    cells = tuple(wording.percent(score.accuracy) for score in scores)
    detail, counts = _counts([score.n for score in scores])
    return Row(
        "Accuracy",
        cells,
        ", ".join(filter(None, (entry.title, detail))),
        f"{entry.description[0].upper()}{entry.description[1:]}.",
        best([score.accuracy for score in scores], cells, HIGHER),
        _joined([interval_text(score.accuracy_ci) for score in scores], counts),
    )


def _counts(counts: Sequence[int | None]) -> tuple[str, tuple[str, ...]]:
    """Return the number of images for the row's label if all have the same, otherwise one text per cell."""
    known = {count for count in counts if count is not None}
    if len(known) == 1:
        return f"n = {known.pop():,}", ("",) * len(counts)
    return "", tuple("" if count is None else f"n = {count:,}" for count in counts)


def interval_text(interval: Sequence[float] | None) -> str:
    """Format an interval of shares as percentages: (0.71, 0.73) -> '(71.0 to 73.0)'; empty if it is unknown."""
    if interval is None or math.isnan(interval[0]):
        return ""
    return f"({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def _score_row(
    label: str,
    cards: Sequence[Card],
    value: Callable[[Card], float | None],
    text: Callable[[float | None], str],
    better: int = HIGHER,
) -> Row:
    values = [value(card) for card in cards]
    cells = tuple(map(text, values))
    return Row(label, cells, meaning=MEANINGS.get(label, ""), best=best(values, cells, better))


def _measured_rows(records: Sequence[Record]) -> list[Row]:
    """Return the rows on steadiness and robustness."""
    steady = [record.steadiness for record in records]
    tables = [record.robustness for record in records]
    return [
        _measured_row(
            "Steadiness",
            "steadiness",
            records,
            [None if result is None else result.share for result in steady],
            [None if result is None else result.n for result in steady],
            tuple("" if result is None else interval_text((result.low, result.high)) for result in steady),
        ),
        _measured_row(
            "Corrupted images",
            "robustness",
            records,
            [record.mean_corrupted for record in records],
            [None if table is None else int(table["n"].iloc[0]) for table in tables],
        ),
    ]


def _measured_row(
    label: str,
    part: str,
    records: Sequence[Record],
    values: Sequence[float | None],
    images: Sequence[int | None],
    intervals: Sequence[str] = (),
) -> Row:
    """Return a row whose cells say so if the file of the `part` is damaged, and how many images were measured."""
    cells = tuple(
        _unknown(record, part) if value is None else wording.percent(value)
        for record, value in zip(records, values, strict=True)
    )
    detail, counts = _counts(images)
    meaning = f"{MEANINGS[label]} Measured with {detail} images." if detail else MEANINGS[label]
    notes = _joined(intervals or ("",) * len(cells), counts)
    return Row(label, cells, meaning=meaning.replace("n = ", ""), best=best(values, cells, HIGHER), notes=notes)


def _joined(*texts: Sequence[str]) -> tuple[str, ...]:
    """Join the texts of each cell; empty ones are left out."""
    return tuple(" ".join(filter(None, parts)) for parts in zip(*texts, strict=True))


def _unknown(record: Record, part: str) -> str:
    return "damaged file" if part in record.damages else wording.DASH


def _calibration_rows(cards: Sequence[Card]) -> list[Row]:
    fitted = [card.calibration for card in cards]
    temperatures = tuple(wording.DASH if c is None else f"{c.temperature:.2f}" for c in fitted)
    thresholds = tuple(wording.DASH if c is None else wording.percent(c.uncertain_below, 0) for c in fitted)
    return [
        Row("Temperature", temperatures, meaning=MEANINGS["Temperature"]),
        Row("Uncertain below", thresholds, meaning=MEANINGS["Uncertain below"]),
    ]


def _cost_rows(cards: Sequence[Card]) -> list[Row]:
    times = tuple(map(wording.time_per_face, cards))
    processors = tuple("" if card.ms_per_face is None else card.timing_processor or card.machine for card in cards)
    timed = set(filter(None, processors))
    same_processor = len(timed) == 1
    bytes_to_run = [resources.models.bytes_to_run(card) for card in cards]
    sizes = tuple(map(wording.size, bytes_to_run))
    meaning = MEANINGS["Time per face"] + (f" Measured on: {', '.join(timed)}." if same_processor else "")
    return [
        Row(
            "Time per face",
            times,
            meaning=meaning,
            # times on different processors say nothing about the models
            best=best([card.ms_per_face for card in cards], times, LOWER) if same_processor else frozenset(),
            notes=() if same_processor else processors,
        ),
        Row(
            "Size of the weights", sizes, meaning=MEANINGS["Size of the weights"], best=best(bytes_to_run, sizes, LOWER)
        ),
        Row("Parameters", tuple(card.parameters or wording.DASH for card in cards)),
    ]


def csv_table(records: Sequence[Record]) -> pd.DataFrame:
    """Return all figures as numbers, one row per model and slice. Shares are 0..1."""
    return pd.DataFrame(
        [
            {"model": record.name, "slice": name, **_slice_columns(record.card, name), **_model_columns(record)}
            for record in records
            for name in slices.CARD_SLICES
        ]
    )


def _slice_columns(card: Card, name: str) -> dict[str, object]:
    scores = card.score(name)
    low, high = scores.accuracy_ci or (None, None)
    metrics = ("balanced_accuracy", "macro_f1", "ece", "nll", "brier")
    return {
        "n": scores.n, "accuracy": scores.accuracy, "low": low, "high": high,
        **{metric: getattr(scores, metric) for metric in metrics},
    }  # fmt: skip


def _model_columns(record: Record) -> dict[str, object]:
    card, steady = record.card, record.steadiness
    return {
        "temperature": card.calibration.temperature if card.calibration else None,
        "uncertain_below": card.calibration.uncertain_below if card.calibration else None,
        "steadiness": steady.share if steady else None,
        "corrupted_accuracy": record.mean_corrupted,
        "ms_per_face": card.ms_per_face,
        "size_bytes": card.size_bytes,
        "parameters": card.parameters,
    }
