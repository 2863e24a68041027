"""The report as a file: without scripts and addresses, the same each time, with foreign text as text."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.data.shipped import load_manifest
from core.exceptions import InputError
from core.exchange.report import faces, material
from core.exchange.report.document import POLICY, report
from core.exchange.report.pairs import read_pairs
from core.exchange.report.stored import stored_report
from core.models import store
from core.review import store as review_store
from core.review.marks import Mark
from tests.core.exchange.report.reading import read
from tests.fixtures.guests import LABELS, write_guest
from tests.fixtures.models import write_model

TIME = "2026-01-01T00:00:00Z"

HOSTILE = "<script>alert('x')</script>\n\"></td><img src=http://evil.example/x.png> & \x00\u202e"


@pytest.fixture
def models(imported: Path) -> None:
    """Two models with many errors and a guest that gives labels only, with imported images."""
    write_model("good", skill=2.0, seed=1)
    write_model("poor", skill=0.5, seed=2)
    write_guest("labels", LABELS)


def wrong_images(count: int) -> list[str]:
    """Return the ids of the first images that both models get wrong."""
    pairs, _ = read_pairs((store.read_card("good"), store.read_card("poor")), "test")
    return pairs.loc[~pairs["correct_a"] & ~pairs["correct_b"], "image_id"].head(count).tolist()


def test_the_same_material_gives_the_same_bytes(models) -> None:
    assert stored_report("good", "poor", "test", TIME) == stored_report("good", "poor", "test", TIME)


def test_only_the_time_differs(models) -> None:
    later = stored_report("good", "poor", "test", "2027-12-31T01:02:03Z")
    assert later.replace(b"2027-12-31 01:02:03 UTC", b"2026-01-01 00:00:00 UTC") == stored_report(
        "good", "poor", "test", TIME
    )


def test_the_file_has_no_script_and_names_no_address_but_its_own_sections(models) -> None:
    content = stored_report("good", "poor", "test", TIME)
    page = read(content)
    assert POLICY.startswith("default-src 'none'") and ("meta", "content", POLICY) in page.attributes
    assert not re.search(rb"<script|<link|<iframe|@import|url\((?!#)", content)
    for element, attribute, value in page.attributes:
        assert not attribute.startswith("on")
        if attribute == "href":
            assert element == "a" and f'id="{value[1:]}"'.encode() in content
        if attribute == "src":
            assert value.startswith("data:image/png;base64,")


def test_headings_are_in_order_and_all_of_them_are_in_the_contents(models) -> None:
    page = read(stored_report("good", "poor", "test", TIME))
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    titles = [text for level, text in page.headings if level == 2]
    assert all(page.text.count(title) >= 2 for title in titles)


def test_every_chart_has_a_caption_with_its_finding(models) -> None:
    page = read(stored_report("good", "poor", "test", TIME))
    described = {value for element, name, value in page.attributes if (element, name) == ("svg", "aria-labelledby")}
    captions = {value for element, name, value in page.attributes if (element, name) == ("figcaption", "id")}
    assert described == captions and len(captions) == 3


def test_notes_and_names_of_others_are_text(models) -> None:
    [image_id] = wrong_images(1)
    review_store.add("fer2013", [Mark(image_id, "interesting", None, HOSTILE, TIME)])
    cards = tuple(replace(store.read_card(name), name=HOSTILE + name) for name in ("good", "poor"))
    pairs, missing = read_pairs((store.read_card("good"), store.read_card("poor")), "test")
    made = material.Material(
        cards=cards, slice_name="test", pairs=pairs, unpredicted=missing,
        faces_of=material.faces_in(None, load_manifest()),
        marks=[Mark(image_id, "interesting", None, HOSTILE, TIME)], data={"Data": HOSTILE}, time=TIME,
        of_visit=(HOSTILE,),
    )  # fmt: skip
    content = report(made)
    page = read(content)
    assert not any(element in ("script", "img") for element, _, _ in page.attributes)
    assert "<script>alert('x')</script>" in page.text
    assert b"\x00" not in content and "\u202e".encode() not in content


def test_marks_of_the_slice_are_listed_with_label_and_note(models) -> None:
    first, second = wrong_images(2)
    other = Mark("train/happy/nowhere", "ambiguous", None, "not in the slice", TIME)
    review_store.add("fer2013", [
        Mark(first, "wrong-label", "sad", "two\nlines", TIME), Mark(second, "ambiguous", None, "", TIME), other,
    ])  # fmt: skip
    page = read(stored_report("good", "poor", "test", TIME))
    rows = page.tables["Marks"][1:]
    assert [row[0] for row in rows] == sorted([first, second])
    assert ["Wrong label, should be sad", "twolines"] in [row[2:4] for row in rows]
    assert "not in the slice" not in page.text
    assert "marked: Ambiguous" in page.text  # on its card


def test_more_marks_than_fit_are_counted(models, monkeypatch) -> None:
    monkeypatch.setattr(faces, "MOST_MARKS", 2)
    review_store.add("fer2013", [Mark(image_id, "interesting", None, "", TIME) for image_id in wrong_images(3)])
    page = read(stored_report("good", "poor", "test", TIME))
    assert len(page.tables["Marks"]) == 1 + 2
    assert "These are the first 2 of 3." in page.text


def test_the_worst_errors_show_the_faces_of_the_import(models) -> None:
    page = read(stored_report("good", "poor", "test", TIME))
    images = [value for element, name, value in page.attributes if (element, name) == ("img", "src")]
    pairs, _ = read_pairs((store.read_card("good"), store.read_card("poor")), "test")
    groups = [~pairs["correct_a"] & pairs["correct_b"], pairs["correct_a"] & ~pairs["correct_b"]]
    groups.append(~pairs["correct_a"] & ~pairs["correct_b"])
    assert len(images) == sum(min(faces.SHOWN, int(group.sum())) for group in groups) > 0
    assert faces.NO_FACES not in page.text


def test_without_an_import_ids_stand_for_faces(shipped: Path) -> None:
    write_model("good", skill=2.0, seed=1)
    write_model("poor", skill=0.5, seed=2)
    page = read(stored_report("good", "poor", "test", TIME))
    assert faces.NO_FACES in page.text
    assert not any(element == "img" for element, _, _ in page.attributes)
    assert all(image_id in page.text for image_id in wrong_images(3))


@pytest.mark.parametrize(("a", "b"), [("labels", "poor"), ("poor", "labels"), ("labels", "labels")])
def test_a_model_that_gives_labels_only_has_no_confidence(models, a: str, b: str) -> None:
    page = read(stored_report(a, b, "test", TIME))
    assert "labels gives labels only, without probabilities." in page.text
    names = [cells[0] for cells in page.tables.get("Risk and coverage", [])]
    assert not any(name.endswith("labels") for name in names)
    assert ", 100 %" not in page.text
    column = 1 if a == "labels" else 2
    assert page.row("Figures", "NLL")[column] == "–"


def test_a_model_and_itself_are_shown_once(models) -> None:
    page = read(stored_report("good", "good", "test", TIME))
    assert "A and B are the same model" in page.headings[0][1]
    assert "Difference matrix" not in page.tables and "Confusion matrix of B" not in page.tables
    assert "Only A is wrong" not in page.text and "choose two different models" not in page.text


def test_few_images_have_no_verdict(models) -> None:
    page = read(stored_report("good", "poor", "emotion:fear", TIME))
    assert "Too few images to say which model is more accurate" in page.headings[0][1]


def test_an_empty_slice_is_a_sentence(models) -> None:
    with pytest.raises(InputError, match="slice marked has no image that both good and poor have predicted"):
        stored_report("good", "poor", "marked", TIME)


def test_the_command_and_the_weights_are_named(models) -> None:
    page = read(stored_report("good", "labels", "public,not_blank", TIME))
    made = "How this report was made"
    assert page.row(made, "Command")[1] == ("python -m core report good labels --slice public,not_blank -o report.html")
    assert page.row(made, "Weights of A, SHA-256")[1] == "0" * 64
    assert page.row(made, "Weights of B, SHA-256")[1] == "none: these are predictions without a model"
    assert page.row(made, "Made on")[1] == "2026-01-01 00:00:00 UTC"


def test_many_marks_with_long_notes_stay_far_below_eight_megabytes(models) -> None:
    pairs, _ = read_pairs((store.read_card("good"), store.read_card("poor")), "test")
    note = "x" * 500
    kinds = ("ambiguous", "interesting")
    marks = [Mark(image_id, kind, None, note, TIME) for image_id in pairs["image_id"] for kind in kinds]
    review_store.add("fer2013", marks)
    assert len(stored_report("good", "poor", "test", TIME)) < 8e6


def test_the_report_on_all_of_fer2013_is_small(fer2013, monkeypatch) -> None:
    monkeypatch.setattr(paths, "DATA_DIR", fer2013.folder.parents[1])
    assert len(stored_report("cnn", "catboost", "test", TIME)) < 1e6


def test_faces_are_looked_up_by_id() -> None:
    manifest = load_manifest().head(3)
    pixels = np.arange(3, dtype=np.uint8)[:, None, None] * np.ones((1, 48, 48), np.uint8)
    found = material.faces_in(pixels, manifest)(manifest["image_id"].iloc[[2, 0]])
    assert found is not None and found[:, 0, 0].tolist() == [2, 0]
