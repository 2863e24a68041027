"""The buttons of the Compare page: the 2x2 table, the cells of the difference matrix and the confused pairs."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from core.emotions import EMOTIONS
from core.evaluation import errors
from core.evaluation.comparison import Difference, confused_pairs
from core.exchange.figures import forest
from core.models.card import Card
from dashboard import resources
from dashboard.pages.compare import matrix, outcomes

MODELS = ("good", "bad")


@pytest.fixture
def pairs(cards: dict[str, Card]) -> pd.DataFrame:
    return resources.comparisons.rows(*MODELS, "test")


def choices(html: str) -> list[str]:
    return re.findall(r'data-choice="([^"]*)"', html)


def counts(**cells: int) -> pd.DataFrame:
    """Return 7x7 counts, which are 0 except for cells such as fear_sad=3."""
    table = pd.DataFrame(0, index=EMOTIONS, columns=EMOTIONS)
    for cell, count in cells.items():
        true, predicted = cell.split("_")
        table.loc[true, predicted] = count
    return table.rename_axis("true_label").rename_axis(columns="predicted_label")


def test_each_outcome_opens_as_many_images_as_its_button_says(pairs: pd.DataFrame, cards: dict[str, Card]) -> None:
    found = resources.comparisons.compare(*MODELS, "test")
    html = outcomes.html(found.agreement)
    shown = [int(count.replace(",", "")) for count in re.findall("<strong>([0-9,]+)</strong>", html)]
    opened = [len(errors.filter_errors(pairs, wrong_models=choice)) for choice in choices(html)]
    assert shown == opened
    assert sum(shown) == len(pairs) == 28


def test_an_outcome_without_images_cannot_be_opened() -> None:
    html = outcomes.html(pd.DataFrame([[3, 0], [1, 2]], index=[True, False], columns=[True, False]))
    assert html.count("<button") == 4 and html.count(" disabled") == 1
    assert 'aria-label="Only A right: 0 images, 0.0 %. Open them on the Errors page." disabled' in html


def test_the_matrix_has_a_button_per_cell_of_which_tab_reaches_one() -> None:
    html = matrix.difference_html((counts(fear_sad=3, fear_fear=1), counts(fear_sad=1, fear_fear=3)))
    assert choices(html) == [f"{true} {predicted}" for true in EMOTIONS for predicted in EMOTIONS]
    assert html.count('tabindex="0"') == 1
    assert 'title="fear predicted as sad: A 3, B 1 images"' in html
    assert ">+50.0</button>" in html and ">−50.0</button>" in html


def test_rows_without_images_have_cells_without_a_difference() -> None:
    assert matrix.difference_html((counts(), counts())).count("></button>") == 49


def test_pairs_have_both_counts_and_shares_and_are_buttons() -> None:
    a, b = counts(fear_sad=3, fear_fear=1, sad_fear=1), counts(fear_sad=1, fear_fear=3, sad_sad=1)
    html = matrix.pairs_html(confused_pairs(a, b))
    assert choices(html) == ["fear sad", "sad fear"]
    assert "<td>3 <small>75 %</small></td><td>1 <small>25 %</small></td><td>+50.0</td>" in html


def test_without_errors_there_are_no_pairs() -> None:
    assert "There are no errors" in matrix.pairs_html(confused_pairs(counts(fear_fear=2), counts(fear_fear=2)))


def test_the_finding_counts_only_emotions_whose_interval_excludes_zero() -> None:
    values = dict.fromkeys(EMOTIONS, Difference(0.0, -0.1, 0.1))
    values |= {"fear": Difference(0.2, 0.1, 0.3), "sad": Difference(-0.2, -0.3, -0.1)}
    assert forest.finding(values, "Recall") == (
        "Recall, 95 % intervals: A better for 1 of 7, B better for 1 of 7, undecided for 5 of 7"
    )


def test_an_undefined_difference_is_no_statement() -> None:
    nothing = Difference(float("nan"), float("nan"), float("nan"))
    assert "undecided for 7" in forest.finding(dict.fromkeys(EMOTIONS, nothing), "Recall")


def test_the_dot_stands_right_of_the_middle_if_a_is_better(cards: dict[str, Card]) -> None:
    found = resources.comparisons.compare(*MODELS, "test")
    recall = dict.fromkeys(EMOTIONS, Difference(0.0, -0.1, 0.1))
    recall |= {"fear": Difference(0.2, 0.1, 0.3), "sad": Difference(-0.1, -0.2, 0.05)}
    html = forest.html(found._replace(differences=replace(found.differences, recall=recall)), "recall")
    rows = {emotion: html.split(f'<th scope="row">{emotion}</th>')[1].split("</tr>")[0] for emotion in EMOTIONS}
    dots = {emotion: re.findall(r'class="dot" style="left:([0-9.]+)%"', row) for emotion, row in rows.items()}
    assert (dots["fear"], dots["sad"], dots["angry"]) == (["83.3"], ["33.3"], ["50.0"])  # from -30 to 30 points
    assert 'class="track a"' in rows["fear"] and 'class="track open"' in rows["sad"]


def test_a_difference_without_an_interval_has_no_dot(cards: dict[str, Card]) -> None:
    html = forest.html(resources.comparisons.compare(*MODELS, "test"), "recall")  # four images per emotion
    assert html.count('class="track"') == 7 and 'class="dot"' not in html
