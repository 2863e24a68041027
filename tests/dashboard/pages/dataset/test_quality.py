"""The tab on quality: copies, what they are worth, near copies that are not known yet, doubtful labels."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from core.data.shipped import shipped_manifest
from core.evaluation.copies import EXACT, NEAR_ONLY, NEITHER
from dashboard import keys, resources
from dashboard.pages.dataset.gallery.facts import Facts
from dashboard.pages.dataset.quality import copies, doubtful, worth
from tests.dashboard.pages.dataset.conftest import doubt_table
from tests.dashboard.pages.visiting import open_page, page_text, pressable_html


def test_the_rows_of_fer2013_are_its_known_counts() -> None:
    manifest = shipped_manifest()
    empty = pd.Series([], dtype=int).to_numpy()
    found = {row.kind: row for row in copies.rows(Facts(manifest, None, None, empty, empty)) if row.note}
    assert (found["exact"].images, found["exact"].note) == (3369, "1,516 groups")
    assert (found["across"].images, found["across"].note) == (568, "PublicTest 280, PrivateTest 288")
    assert found["conflicts"].note == "57 groups"
    assert (found["blank"].images, found["blank"].note) == (12, "Training 11, PublicTest 1")
    surplus = next(row for row in copies.rows(Facts(manifest, None, None, empty, empty)) if "Surplus" in row.what)
    assert surplus.images == 1853


def test_the_table_has_shares_and_buttons_only_for_images_that_are_there() -> None:
    rows = [
        copies.Row("Some", 3, 10_000, "all", "", "exact"),
        copies.Row("None", 0, 10, "test", "", "blank"),
        copies.Row("All", 5, 10, "test", "", ""),
    ]
    html = copies.table_html(rows)
    assert "0.03 % of all" in html and "0.0 % of test" in html and "50.0 % of test" in html
    assert html.count("<button") == 1 and 'aria-label="Show: Some"' in html


def test_near_copies_are_rows_of_their_own_if_they_are_known(imported: Path, with_near_copies: None) -> None:
    html = pressable_html(open_page("dataset", tab="quality"))
    assert "Test images with a near copy and no exact one" in html
    assert (
        "92.9 % of test" not in html and "24</td><td></td><td>85.7 % of test" in html
    )  # 28 test images, 2 leaks, 2 near


def test_the_search_for_near_copies_is_offered_with_images_and_explained_without(
    imported: Path, without_near_copies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[bool] = []
    monkeypatch.setattr(resources.near_copies, "start", lambda: started.append(True))
    app = open_page("dataset", tab="quality")
    app.button(keys.NEAR_SEARCH).click().run()
    assert started == [True]
    monkeypatch.setattr(resources.near_copies, "progress", lambda: (256, 1024))
    app.run()
    assert not app.exception
    assert keys.NEAR_STOP in [button.key for button in app.button]
    assert keys.NEAR_SEARCH not in [button.key for button in app.button]


def test_without_images_near_copies_cannot_be_searched(shipped: Path, without_near_copies: None) -> None:
    app = open_page("dataset", tab="quality")
    assert "finding them needs its images" in app.info[0].value
    assert keys.NEAR_SEARCH not in [button.key for button in app.button]


def test_a_failed_search_is_told_in_one_sentence(
    imported: Path, without_near_copies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources.near_copies, "error", lambda: RuntimeError("secret"))
    warning = open_page("dataset", tab="quality").warning[0].value
    assert "unexpected error" in warning and "secret" not in warning


def test_what_copies_are_worth_is_shown_per_model(models_and_faces: Path, with_near_copies: None) -> None:
    table = worth.by_model()
    assert table["model"].unique().tolist() == ["cnn", "catboost"]
    assert table["images"].tolist() == [2, 2, 24] * 2
    assert [trace.name for trace in worth.chart(table).data] == [
        f"{EXACT} (n = 2)", f"{NEAR_ONLY} (n = 2)", f"{NEITHER} (n = 24)"
    ]  # fmt: skip
    assert worth.texts(table).columns.tolist() == [
        "model", "an exact copy, n = 2", "a near copy only, n = 2", "neither, n = 24"
    ]  # fmt: skip


def test_the_finding_names_the_accuracies_of_the_first_model() -> None:
    rows = [(EXACT, 568, 0.92), (NEAR_ONLY, 492, 0.803), (NEITHER, 6118, 0.702)]
    table = pd.DataFrame(rows, columns=["copies", "images", "accuracy"]).assign(low=0.0, high=1.0, model="cnn")
    assert worth.finding(table).startswith(
        "cnn is right on 92.0 % with an exact copy, 80.3 % with a near copy only, and on 70.2 % of the 6,118 test "
    )


def test_without_models_nothing_is_said_of_worth(imported: Path, with_near_copies: None) -> None:
    assert worth.by_model().empty


def test_doubts_are_counted_by_class_and_pair(imported: Path) -> None:
    table = doubt_table("test")
    assert table is not None
    classes = doubtful.by_class(table)
    assert classes.loc["angry", ["images", "doubtful"]].tolist() == [4, 4]  # scores .01 to .04
    assert classes["doubtful"].sum() == 4 and classes.loc["angry", "suggested"] == "disgust"
    assert "**4 of 28 labels in test** are doubtful (14.3 %): most often angry (100.0 %)" in doubtful.summary(
        table, "test"
    )
    texts = doubtful.class_texts(classes).set_index("labelled")
    assert texts.loc["angry"].tolist() == ["4", "4", "100.0 %", "disgust"]


def test_the_second_model_is_counted_among_the_doubtful_alone() -> None:
    rows = [
        (0.01, "sad", "happy", "sad", True),
        (0.02, "sad", "happy", "happy", False),
        (0.9, "fear", "fear", "fear", True),
    ]
    second = pd.DataFrame(rows, columns=["score", "suggested_label", "true_label", "second_label", "agrees"])
    assert doubtful.agreement_text(second) == (
        "A second model suggests the same label for 1 of 2 (50 %), and agrees with the given label for 1 (50 %)."
    )
    assert doubtful.agreement_text(second[second["score"] > 0.5]) == ""


def test_a_button_opens_the_most_doubtful_images(imported: Path, set_doubts: Callable[[bool], None]) -> None:
    set_doubts(True)
    app = open_page("dataset", tab="quality")
    app.button(keys.DOUBT_TABLE).click().run()
    assert app.query_params == {"fault": "doubtful", "sorted": "doubtful", "split": "test"}
    assert "4 images" in page_text(app)


def test_it_is_said_how_to_get_scores_that_are_missing(imported: Path, set_doubts: Callable[[bool], None]) -> None:
    set_doubts(False)
    app = open_page("dataset", tab="quality")
    assert [info.value for info in app.info][-2:] == list(doubtful.HOW_TO_GET.values())
