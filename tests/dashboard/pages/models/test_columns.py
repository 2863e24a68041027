"""Tables with one column per model."""

import re

from core import paths
from dashboard.pages.models.columns import MOST_CHOICES, Row, side_by_side

STYLES = paths.ROOT / "dashboard" / "assets" / "styles" / "models.css"


def test_each_row_and_column_has_a_header_and_the_table_a_caption() -> None:
    html = side_by_side([Row("ECE", ("0.1", "0.2"))], ["cnn", "catboost"], "Results", "figures")
    assert '<th scope="row">ECE</th><td>0.1</td><td>0.2</td>' in html
    assert '<th scope="col">cnn</th><th scope="col">catboost</th>' in html
    assert "<caption>Results</caption>" in html


def test_the_best_value_is_bold_and_named_for_screen_readers() -> None:
    html = side_by_side([Row("ECE", ("0.1", "0.2"), best=frozenset({0}))], ["a", "b"], "Results", "figures")
    assert '<td><strong>0.1<span class="hidden">, best</span></strong></td><td>0.2</td>' in html
    assert "<caption>Results; bold is the best of a row</caption>" in html


def test_a_label_unfolds_its_meaning_and_cells_have_notes() -> None:
    row = Row("Accuracy", ("70 %",), "n = 12", "The share.", notes=("(60 to 80)",))
    html = side_by_side([row], ["a"], "Results", "figures")
    assert "<summary>Accuracy <small>n = 12</small></summary><p>The share.</p>" in html
    assert "<td>70 % <small>(60 to 80)</small></td>" in html


def test_radio_buttons_choose_the_model_that_a_phone_shows() -> None:
    html = side_by_side([Row("ECE", ("0.1", "0.2"))], ["a", "b"], "Results", "figures")
    assert re.findall(r'<input type="radio" name="ferscope-figures" value="(\d)"( checked)?>', html) == [
        ("1", " checked"),
        ("2", ""),
    ]
    assert "<input" not in side_by_side([Row("ECE", ("0.1",))], ["a"], "Results", "figures")


def test_the_style_sheet_knows_every_column_that_radio_buttons_can_choose() -> None:
    rules = re.findall(r'\[value="(\d+)"\]:not\(:checked\)\) tr > :nth-child\((\d+)\)', STYLES.read_text("utf-8"))
    assert rules == [(str(i), str(i + 1)) for i in range(1, MOST_CHOICES + 1)]
    many = [str(i) for i in range(MOST_CHOICES + 1)]
    assert "<input" not in side_by_side([Row("x", tuple(many))], many, "Results", "figures")


def test_foreign_texts_are_escaped() -> None:
    html = side_by_side([Row("<b>", ("<i>",), "<u>", "<s>", notes=("<em>",))], ["<p>", "<q>"][:1], "<cite>", "figures")
    assert not set(re.findall(r"<(?:b|i|u|s|em|p|q|cite)>", html)) - {"<p>"}
    assert html.count("<p>") == 1  # that of the meaning
