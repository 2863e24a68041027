"""The tiles of the Errors page as HTML: labels, confidences, badges, and what screen readers hear."""

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.data.issues.conflicts import labels_of_copies
from core.data.shipped import load_manifest
from core.models import store
from core.review import marks
from dashboard import resources
from dashboard.pages.errors import tiles
from tests.fixtures.models import write_model

MODELS = ("cnn", "catboost")


@pytest.fixture
def rows(models) -> pd.DataFrame:
    """Return the test images as a table of both models, with the manifest's order."""
    return resources.comparisons.rows(*MODELS, "test")


def tile_of(html: str, image_id: str) -> str:
    """Return the tile of an image."""
    return next(part for part in html.split("<button")[1:] if f'data-choice="{image_id}"' in part)


def words_of(tile: str) -> list[str]:
    """Return the visible texts of a tile."""
    return [text.strip() for text in re.findall(r">([^<>]+)<", tile) if text.strip()]


def test_a_tile_has_the_true_label_and_both_predictions_with_their_confidences(rows: pd.DataFrame) -> None:
    html = tiles.grid_html(rows, MODELS, None)
    for row in rows.to_dict("records"):
        words = words_of(tile_of(html, row["image_id"]))
        # the name of the file stands for the missing picture
        expected = [row["image_id"].rpartition("/")[2], row["true_label"]]
        for side in "ab":
            tick = " ✓" if row[f"predicted_label_{side}"] == row["true_label"] else ""
            expected += [side.upper(), f"{row[f'predicted_label_{side}']}{tick}"]
            expected.append(f"{100 * row[f'confidence_{side}']:.0f} %")
        assert words[: len(expected)] == expected


def test_a_model_without_probabilities_has_no_confidence(rows: pd.DataFrame) -> None:
    card = store.read_card("catboost")
    store.write_card(replace(card, recipe={"values": "labels"}), paths.MODELS_DIR / "catboost")
    tile = tiles.grid_html(rows.head(1), MODELS, None)
    assert tile.count(" %</span>") == 1
    spoken = re.search(r'<button[^>]*aria-label="([^"]*)"', tile)
    assert spoken and spoken[1].count("%") == 1


def test_tab_reaches_the_first_tile_and_the_arrow_keys_the_others(rows: pd.DataFrame) -> None:
    html = tiles.grid_html(rows, MODELS, None)
    assert re.findall(r'tabindex="(-?\d)"', html) == ["0", *["-1"] * (len(rows) - 1)]
    assert "data-arrows" in html


def test_the_label_tells_screen_readers_the_whole_tile(rows: pd.DataFrame) -> None:
    row = rows.iloc[0].copy()
    row["true_label"], row["predicted_label_a"], row["predicted_label_b"] = "fear", "sad", "fear"
    row["correct_a"], row["correct_b"], row["confidence_a"], row["confidence_b"] = False, True, 0.9, 0.8
    html = unescape(tiles.grid_html(pd.DataFrame([row]), MODELS, None))
    assert 'aria-label="Labelled fear. A predicts sad with 90 %. B predicts fear with 80 %, which is right."' in html


def test_the_copies_with_another_label_are_those_of_the_whole_manifest(rows: pd.DataFrame) -> None:
    manifest = load_manifest()
    groups = manifest.groupby("duplicate_group")["true_label"].agg(lambda labels: set(labels.astype(str)))
    expected = {
        row["image_id"]: sorted(groups[row["duplicate_group"]] - {row["true_label"]})
        for row in rows.to_dict("records")
        if groups[row["duplicate_group"]] != {row["true_label"]}
    }
    assert labels_of_copies(rows, manifest) == expected == {"test/neutral/PrivateTest_1": ["surprise"]}
    html = tiles.grid_html(rows, MODELS, None)
    badged = [
        part.split('data-choice="')[1].split('"')[0]
        for part in html.split("<button")[1:]
        if tiles.COPY in words_of(part)
    ]
    assert badged == list(expected)
    assert "An exact copy is labelled surprise." in unescape(html)


def test_a_badge_says_where_both_agree_against_the_label(shipped) -> None:
    write_model("cnn", skill=0, seed=1)
    write_model("catboost", skill=0, seed=2)
    rows = resources.comparisons.rows(*MODELS, "test")
    html = tiles.grid_html(rows, MODELS, None)
    expected = [
        row["image_id"]
        for row in rows.to_dict("records")
        if row["predicted_label_a"] == row["predicted_label_b"] and row["predicted_label_a"] != row["true_label"]
    ]
    assert expected
    for image_id in rows["image_id"]:
        assert (tiles.AGREED in words_of(tile_of(html, image_id))) == (image_id in expected)


def test_a_marked_image_has_a_badge_until_its_mark_is_removed(rows: pd.DataFrame) -> None:
    first, second = rows["image_id"].head(2)
    assert tiles.MARKED not in words_of(tiles.grid_html(rows, MODELS, None))
    kind = next(iter(marks.KINDS))
    resources.review.add(first, kind)
    html = tiles.grid_html(rows, MODELS, None)
    assert tiles.MARKED in words_of(tile_of(html, first))
    assert tiles.MARKED not in words_of(tile_of(html, second))
    resources.review.remove(first, kind)
    assert tiles.MARKED not in words_of(tiles.grid_html(rows, MODELS, None))


def test_each_face_stands_in_its_own_tile(rows: pd.DataFrame) -> None:
    faces = np.arange(len(rows), dtype=np.uint8)[:, None, None] * np.ones((1, 48, 48), np.uint8)
    urls = re.findall(r'<img src="([^"]*)" alt=""', tiles.grid_html(rows, MODELS, faces))
    assert len(set(urls)) == len(rows)
    assert "<img" not in tiles.grid_html(rows, MODELS, None)
