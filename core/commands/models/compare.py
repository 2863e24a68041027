"""Compare two models on the same test images, by their stored predictions; no images are needed.

Differences are those of A minus B. Their 95 % intervals are bootstrap intervals, in which exact copies stay together.
"""

from __future__ import annotations

import argparse
from typing import Any

from core.commands.tables import print_table
from core.files import json_line
from core.runtime.streams import printable

JSON_HELP = "print JSON: fractions 0..1; differences are A minus B, with 95 %% intervals from low to high"
SLICE_HELP = "test images to compare on, such as leak_free,dark: those that are in all of these slices (default: test)"

ComparedMetric = dict[str, float | None]
"""A metric of both models: a, b, delta (a minus b), and the ends of its interval, low and high."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", help="a folder in models/ or models/guests/, such as cnn-seed")
    parser.add_argument("b", metavar="B", help="the model to compare it with")
    parser.add_argument("--slice", default="test", metavar="NAMES", help=SLICE_HELP)
    parser.add_argument("--json", action="store_true", help=JSON_HELP)


def run(options: argparse.Namespace) -> int:
    from core.commands.models.comparison_figures import compare
    from core.evaluation.slices import parse_slice

    figures = compare(options.a, options.b, parse_slice(options.slice))
    if options.json:
        print(json_line(figures))
    else:
        _print_tables(figures)
        print(printable(_verdict(figures)))
    return 0


def _verdict(figures: dict[str, Any]) -> str:
    """Return a sentence: which model is more accurate, or why these images do not show it."""
    from core.evaluation.comparison import Difference
    from core.evaluation.two_models.verdict import verdict

    accuracy = figures["accuracy"]
    difference = Difference(accuracy["delta"], accuracy["low"], accuracy["high"])
    return f"{verdict((figures['a'], figures['b']), figures['n'], (accuracy['a'], accuracy['b']), difference)}."


def _print_tables(figures: dict[str, Any]) -> None:
    from core.evaluation.slices import slice_title

    a, b = figures["a"], figures["b"]
    print_table(
        ("", f"A: {a}", f"B: {b}", "A − B (95 % interval)"),
        [*_metric_rows(figures), *_confidence_rows(figures)],
        title=f"{slice_title(figures['slice'])}, n = {figures['n']:,}",
        numbers_from=1,
    )
    print_table(
        ("emotion", "metric", "A", "B", "A − B (95 % interval)", "p (Holm)"),
        _class_rows(figures),
        title="Per emotion",
        numbers_from=2,
    )
    test = figures["mcnemar"]
    print(
        f"Images that only A gets right: {test['only_a']:,}; only B: {test['only_b']:,}; {_p_value(test['p_value'])} "
        f"(McNemar's exact test). Kappa between the labels of A and B: {_number(figures['kappa'])}."
    )


def _metric_rows(figures: dict[str, Any]) -> list[tuple[str, ...]]:
    titles = {"accuracy": "accuracy", "macro_f1": "macro-F1", "balanced_accuracy": "balanced accuracy"}
    no_interval = {"low": None, "high": None} if figures["too_few"] else {}
    return [
        (title, _percent(figures[name]["a"]), _percent(figures[name]["b"]), _difference(figures[name] | no_interval))
        for name, title in titles.items()
    ]


def _confidence_rows(figures: dict[str, Any]) -> list[tuple[str, ...]]:
    calibration, ranking = figures["calibration"], figures["ranking"]
    numbers = {title: [calibration[model][title.lower()] for model in "ab"] for title in ("ECE", "NLL", "Brier")}
    numbers["area under risk-coverage"] = [ranking[model]["aurc"] for model in "ab"]
    top2 = ("top-2 accuracy", *(_percent(ranking[model]["top2_accuracy"]) for model in "ab"), "")
    return [top2, *((title, *map(_number, values), "") for title, values in numbers.items())]


def _class_rows(figures: dict[str, Any]) -> list[tuple[str, ...]]:
    titles = {"recall": "recall", "precision": "precision", "f1": "F1"}
    return [
        (
            emotion if metric == "recall" else "",
            title,
            _percent(metrics[metric]["a"]),
            _percent(metrics[metric]["b"]),
            _difference(metrics[metric]),
            _p_value(figures["recall_tests"][emotion]["p_holm"]) if metric == "recall" else "",
        )
        for emotion, metrics in figures["per_class"].items()
        for metric, title in titles.items()
    ]


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _difference(metric: ComparedMetric) -> str:
    """Return the difference in percentage points with its interval, if any, such as `+3.1 (+2.0 to +4.2)`."""
    delta, low, high = (metric[name] for name in ("delta", "low", "high"))
    if delta is None:
        return "-"
    if low is None or high is None:
        return f"{100 * delta:+.1f} (too few images)"
    return f"{100 * delta:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


def _p_value(p: float | None) -> str:
    if p is None:
        return "-"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
