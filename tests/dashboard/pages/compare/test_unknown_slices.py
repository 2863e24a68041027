"""Slices that need near copies or doubts, on pages of a data set of which these are not known."""

from pathlib import Path

import pytest

from core.data.near_copies import search_pairs
from core.data.store import required_import
from tests.dashboard.pages.visiting import open_page, page_text

HOW = "which are not known yet; search for them with `python -m core audit`, or on the Dataset page, or choose another"


@pytest.mark.parametrize("name", ["compare", "errors"])
@pytest.mark.parametrize("chosen", ["no_near_copies", "leak_free,no_near_copies"])
def test_a_slice_without_near_copies_says_how_to_get_them(models: Path, name: str, chosen: str) -> None:
    app = open_page(name, slice=chosen)
    assert not app.exception and any(HOW in info.value for info in app.info)


@pytest.mark.parametrize("name", ["compare", "errors"])
def test_a_slice_without_doubts_says_what_it_needs(models: Path, name: str) -> None:
    app = open_page(name, slice="not_doubtful")  # none of these models is a default one
    assert not app.exception and any("needs the default network's predictions" in info.value for info in app.info)


def test_after_a_search_the_slice_has_its_images_at_the_next_run(models_and_faces: Path) -> None:
    app = open_page("compare", slice="no_near_copies")
    assert any(HOW in info.value for info in app.info)
    pairs = search_pairs(required_import()).pairs
    expected = 28 - pairs["image_id"].nunique()
    app.run()
    assert not app.exception and f"<strong>n = {expected}</strong>" in page_text(app) and expected < 28
