"""The tiles of the default models: figures with their slices, missing figures, and foreign names."""

import re
from dataclasses import replace

from core.models.card import Card
from core.models.scores import Scores
from dashboard.components import wording
from dashboard.pages.overview import texts, tiles


def test_each_accuracy_has_its_slice_its_interval_and_its_number_of_images(cards: dict[str, Card]) -> None:
    scores = {"test": Scores(7178, 0.726, (0.716, 0.737)), "leak_free": Scores(6610, 0.71, (0.699, 0.721))}
    html = tiles.tiles_html([replace(cards["good"], scores=scores, size_bytes=2_240_886, ms_per_face=1.694)])
    assert "<dt>Accuracy, all test images</dt><dd>72.6 %</dd>" in html
    assert "71.6 to 73.7, <span>n = 7,178</span>" in html
    assert "<dt>Without exact copies</dt><dd>71.0 %</dd>" in html
    assert "69.9 to 72.1, <span>n = 6,610</span>" in html
    assert "<dd>2.2 MB</dd>" in html and "<dd>1.69 ms</dd>" in html


def test_the_size_contains_the_network_that_a_model_needs(cards: dict[str, Card]) -> None:
    bad, good = cards["bad"], cards["good"]
    [size] = re.findall(r"<dt>Size</dt><dd>(.*?)</dd>", tiles.tiles_html([replace(good, recipe={"network": "bad"})]))
    assert size == wording.size(good.size_bytes + bad.size_bytes) != wording.size(good.size_bytes)


def test_missing_figures_are_dashes_without_intervals(cards: dict[str, Card]) -> None:
    html = tiles.tiles_html([replace(cards["good"], scores={})])
    assert html.count("<dd>–</dd>") == 2 and "n = " not in html


def test_only_cnn_says_how_often_the_test_images_were_used(cards: dict[str, Card]) -> None:
    assert texts.HOW_TEST_WAS_USED_TITLE not in tiles.tiles_html([cards["good"]])
    assert texts.HOW_TEST_WAS_USED_HTML in tiles.tiles_html([replace(cards["good"], name="cnn")])


def test_names_of_models_and_families_are_shown_as_text(cards: dict[str, Card]) -> None:
    html = tiles.tiles_html([replace(cards["good"], name="a<b>", family="<i>")])
    assert "a&lt;b&gt;" in html and "&lt;i&gt;" in html and "<i>" not in html
