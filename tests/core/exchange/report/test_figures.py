"""Each figure of the report is the one of `compare --json`, formatted."""

import pytest

from core.commands.models.comparison_figures import compare
from core.emotions import EMOTIONS
from core.evaluation.comparison import Difference
from core.evaluation.two_models import wording
from core.exchange.report.stored import stored_report
from tests.core.exchange.report.reading import Page, read

SLICES = ["test", "leak_free,dark", "emotion:fear", "disagree"]


@pytest.fixture(scope="module", params=SLICES)
def both(request: pytest.FixtureRequest) -> tuple[Page, dict]:
    """The report on two shipped models and the figures of the command."""
    content = stored_report("cnn", "catboost", request.param, "2026-01-01T00:00:00Z")
    return read(content), compare("cnn", "catboost", tuple(request.param.split(",")))


def interval(metric: dict) -> str:
    return wording.points_with_interval(
        Difference(*(float("nan") if metric[name] is None else metric[name] for name in ("delta", "low", "high")))
    )


def test_the_head_has_the_verdict_and_the_number_of_images(both) -> None:
    page, figures = both
    accuracy = figures["accuracy"]
    assert f"n = {figures['n']:,}" in page.text
    assert page.headings[0][0] == 1
    assert wording.percent(accuracy["a"]) in page.headings[0][1]
    assert wording.percent(accuracy["b"]) in page.headings[0][1]


def test_figures_of_the_slice(both) -> None:
    page, figures = both
    accuracy = page.row("Figures", "Accuracy")
    assert accuracy[1].startswith(wording.percent(figures["accuracy"]["a"]))
    assert accuracy[3] == interval(figures["accuracy"])
    f1, balanced = page.row("Figures", "Macro-F1"), page.row("Figures", "Balanced accuracy")
    assert f1[1:3] == [wording.number(figures["macro_f1"][side]) for side in "ab"]
    assert f1[3] == interval(figures["macro_f1"])
    assert balanced[1:3] == [wording.percent(figures["balanced_accuracy"][side]) for side in "ab"]
    for title, name in (("ECE", "ece"), ("NLL", "nll"), ("Brier score", "brier")):
        assert page.row("Figures", title)[1:3] == [wording.number(figures["calibration"][s][name]) for s in "ab"]
    top2 = [wording.percent(figures["ranking"][side]["top2_accuracy"]) for side in "ab"]
    assert page.row("Figures", "Top-2 accuracy")[1:3] == top2
    assert f"labels of both models is {wording.number(figures['kappa'])}" in page.text


def test_figures_of_each_emotion(both) -> None:
    page, figures = both
    for emotion in EMOTIONS:
        metrics, tests = figures["per_class"][emotion], figures["recall_tests"][emotion]
        recall = page.row("Recall by emotion", emotion)
        assert recall[1] == f"{tests['n']:,}"
        assert [text.split(" (")[0] for text in recall[2:4]] == [wording.percent(metrics["recall"][s]) for s in "ab"]
        assert recall[4] == interval(metrics["recall"])
        p_holm = tests["p_holm"]
        assert recall[5] == (wording.DASH if p_holm is None else wording.p_value(p_holm).removeprefix("p = "))
        others = [text.split(" (")[0] for text in page.row("Precision and F1 by emotion", emotion)[1:]]
        assert others[:2] == [wording.percent(metrics["precision"][side]) for side in "ab"]
        assert others[2:] == [wording.number(metrics["f1"][side]) for side in "ab"]


def test_counts_of_the_confusion_matrices_and_pairs(both) -> None:
    page, figures = both
    for side in "ab":
        rows = page.tables[f"Confusion matrix of {side.upper()}"][1:]
        shown = [[int(text.split(" ·")[0].replace(",", "")) for text in row[1:]] for row in rows]
        assert shown == figures["confusion"][side]
    pairs = page.tables["Most confused pairs"][1:]
    for row, pair in zip(pairs, figures["confused_pairs"], strict=False):
        assert row[0] == f"{pair['true_label']} → {pair['predicted_label']}"
        assert row[1:3] == [f"{pair['a']:,}", f"{pair['b']:,}"]
        assert row[3:] == [*(wording.percent(pair[f"share_{s}"]) for s in "ab"), wording.points(pair["delta"])]
    test = figures["mcnemar"]
    outcomes = page.tables["Who is right"]
    assert f"{test['only_a']:,}" in outcomes[1][2] and f"{test['only_b']:,}" in outcomes[2][1]
    assert f"only one model gets right: {wording.p_value(test['p_value'])}." in page.text


def test_areas_and_thresholds(both) -> None:
    page, figures = both
    for side, name in zip("ab", ("A: cnn", "B: catboost"), strict=True):
        ranking = figures["ranking"][side]
        at = ranking["at_threshold"]
        assert page.row("Risk and coverage", name)[1:] == [
            wording.number(ranking["aurc"]), wording.percent(at["coverage"]), wording.percent(at["risk"])
        ]  # fmt: skip
        for title, area in (("Area under ROC", "roc_auc"), ("Average precision", "average_precision")):
            expected = [wording.number(ranking[area][emotion]) for emotion in ("macro", *EMOTIONS)]
            assert page.row(title, name)[1:] == expected


def test_the_differences_are_those_of_the_shares_of_the_rows(both) -> None:
    page, figures = both
    a, b = (figures["confusion"][side] for side in "ab")
    for i, row in enumerate(page.tables["Difference matrix"][1:]):
        for j, text in enumerate(row[1:]):
            total = sum(a[i])
            assert text == ("" if not total else wording.points((a[i][j] - b[i][j]) / total))
