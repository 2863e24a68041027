"""The sections with results: who is right, figures, emotions, confusion, calibration, risk and coverage."""

import pandas as pd

from core.evaluation import slices
from core.evaluation.two_models import tables, verdict, wording
from core.exchange.figures import class_bars, confusion, curves, forest, heat_table, reliability
from core.exchange.plain_text import escape_html
from core.exchange.report.markup import Section, box, chart, paragraph, table
from core.exchange.report.material import Material

MOST_PAIRS = 15
"""Number of confused pairs that are listed."""

TEAL, OCHRE = "42, 140, 155", "200, 114, 45"
"""Red, green and blue of the cells of A and of B."""


def verdict_html(material: Material) -> str:
    """Return the head of the report: the verdict, the number of images, the slice and the evidence."""
    names, found = material.names, material.found
    title = slices.slice_title(material.slice_name)
    evidence = "" if material.is_same else f" · {escape_html(verdict.evidence(names, found))}"
    models = "".join(
        f'<li class="{side.lower()}"><strong>{side}</strong> {escape_html(name)}</li>'
        for side, name in zip("AB", names, strict=True)
    )
    return (
        f'<p class="kicker">FERscope: two models on the same test images</p>'
        f"<h1>{escape_html(verdict.verdict_on(names, found))}</h1>"
        f'<p class="count"><strong>n = {found.images:,}</strong> · {escape_html(title)}{evidence}</p>'
        f'<ul class="models">{models}</ul>' + paragraph(verdict.about_images(material.slice_name, found), "note")
    )


def who_is_right(material: Material) -> Section:
    """Count the images that both, one or none of the models predicts correctly."""
    counts = material.found.agreement.to_numpy()
    cells = {
        (row, column): f"<td><span>{title}</span> <strong>{counts[row, column]:,}</strong> "
        f"{wording.percent(counts[row, column] / counts.sum())}</td>"
        for (row, column), (title, _) in tables.OUTCOMES.items()
    }
    html = (
        '<table class="outcomes"><thead><tr><td></td><th scope="col">B is right</th><th scope="col">B is wrong</th>'
        f'</tr></thead><tbody><tr><th scope="row">A is right</th>{cells[0, 0]}{cells[0, 1]}</tr>'
        f'<tr><th scope="row">A is wrong</th>{cells[1, 0]}{cells[1, 1]}</tr></tbody></table>'
    )
    test = material.found.mcnemar
    sentence = (
        f"McNemar's exact test on the {test.only_a + test.only_b:,} images that only one model gets right: "
        f"{wording.p_value(test.p_value)}."
    )
    return Section("right", "Who is right", box(html, "Who is right") + paragraph(sentence, "note"))


def figures(material: Material) -> Section:
    """List the figures of the whole slice with their intervals."""
    rows = tables.figures_table(material.short_names, material.found, material.figures, material.has_probabilities)
    note = tables.KAPPA_NOTE.format(wording.number(material.figures.kappa))
    intervals = "Brackets show 95 % intervals. Those of differences are bootstrap intervals with exact copies together."
    return Section("figures", "Figures", table(rows, "Figures") + paragraph(f"{intervals} {note}", "note"))


def emotions(material: Material) -> Section:
    """Show the differences by emotion, recall as bars, and all figures of the emotions."""
    rows = tables.per_class_table(material.found, material.figures)
    recall = rows[["Emotion", "Images", "Recall A", "Recall B", "Recall A − B", "Holm p"]]
    others = rows[["Emotion", "Precision A", "Precision B", "F1 A", "F1 B"]]
    classes = material.figures.classes
    bars = class_bars.per_class_bars(classes, "recall", material.short_names)
    body = (
        paragraph(tables.CLASSES_LEAD, "note")
        + box(forest.html(material.found, "recall"), "Differences of recall by emotion")
        + table(recall, "Recall by emotion")
        + table(others, "Precision and F1 by emotion")
        + chart(bars, class_bars.finding(classes, "recall", material.short_names), "chart-recall")
    )
    return Section("emotions", "By emotion", body)


def confusions(material: Material) -> Section:
    """Show both confusion matrices, their difference, and the most confused pairs."""
    counts = material.found.counts
    difference = heat_table.differences(counts)
    parts = [] if material.is_same else [
        "<h3>Difference A − B</h3>",
        paragraph(f"{heat_table.DIFFERENCE_LEAD} {confusion.difference_finding(difference)}", "note"),
        _matrix(heat_table.difference_cells(counts), "Difference matrix"),
    ]  # fmt: skip
    for side, name, table_of in list(zip("AB", material.names, counts, strict=True))[: 1 if material.is_same else 2]:
        parts += [
            f"<h3>{side}: {escape_html(name)}</h3>",
            paragraph(f"Images, and their share of the row. {confusion.finding(table_of)}", "note"),
            _matrix(heat_table.count_cells(table_of, side.lower()), f"Confusion matrix of {side}"),
        ]
    return Section("confusion", "Confusion", "".join(parts) + _pairs(material))


def _matrix(cells: list[heat_table.Cell], title: str) -> str:
    return box(f'<table class="matrix">{heat_table.rows_html(cells, _cell)}</table>', title)


def _cell(cell: heat_table.Cell) -> str:
    color = TEAL if cell.side == "a" else OCHRE
    return f'<td title="{cell.title}" style="background:rgba({color},{cell.strength / 100:.2f})">{cell.text}</td>'


def _pairs(material: Material) -> str:
    pairs = material.found.pairs.head(MOST_PAIRS)
    title = "<h3>Most confused pairs</h3>"
    if pairs.empty:
        return f"{title}<p>There are no errors.</p>"
    rows = {
        "Labelled → predicted": [
            f"{t} → {p}" for t, p in zip(pairs["true_label"], pairs["predicted_label"], strict=True)
        ],
        **{f"{side.upper()}, images": [f"{count:,}" for count in pairs[side]] for side in "ab"},
        **{f"{side.upper()}, of the label": [wording.percent(s) for s in pairs[f"share_{side}"]] for side in "ab"},
        "A − B in points": [wording.points(delta) for delta in pairs["delta"]],
    }
    return f"{title}{table(pd.DataFrame(rows), 'Most confused pairs')}"


def calibration(material: Material) -> Section:
    """Show accuracy by confidence, for the models that give probabilities."""
    lines = material.by_name(material.figures.bins)
    body = _without_probabilities(material)
    if lines:
        body += chart(reliability.reliability_lines(lines), reliability.finding(lines), "chart-calibration")
        body += table(reliability.bin_texts(lines), "Accuracy by confidence")
    return Section("calibration", "Calibration", body)


def _without_probabilities(material: Material) -> str:
    sentence = tables.without_probabilities(material.cards)
    return paragraph(sentence) if sentence else ""


def risk(material: Material) -> Section:
    """Show the share of wrong answers if only confident ones count, for the models that give probabilities."""
    lines = material.by_name(material.figures.risk_coverage)
    body = _without_probabilities(material)
    if lines:
        thresholds = [material.figures.thresholds[i] for i, _ in material.named]
        areas = {name: material.figures.areas_under_risk[i] for i, name in material.named}
        finding = tables.finding(areas, "area under the risk-coverage curve")
        body += paragraph(tables.RISK_LEAD, "note")
        body += chart(curves.risk_coverage(lines, thresholds, ""), finding, "chart-risk")
        body += table(tables.risk_table(areas, dict(zip(lines, thresholds, strict=True))), "Risk and coverage")
        body += "<h3>Areas under the curves of each emotion against the rest</h3>" + _areas(material)
    return Section("risk", "Risk and coverage", body)


def _areas(material: Material) -> str:
    titles = {"roc_auc": "Area under ROC", "average_precision": "Average precision"}
    parts = [
        tables.areas_table({name: material.figures.areas[i][area] for i, name in material.named}).rename(
            columns={"Area": title}
        )
        for area, title in titles.items()
    ]
    return "".join(table(part, title) for part, title in zip(parts, titles.values(), strict=True))
