"""The sheet of timelines: areas, bands, gaps, how many faces, and films without faces."""

import numpy as np
import pandas as pd
import pytest

from core.colors import COLORS, paler, rgb
from core.emotions import EMOTIONS
from core.video.files.results import timeline
from core.video.files.results.timeline import COLUMNS, Timelines, areas, most_read
from core.video.lettering import MARGIN
from core.vision.images import Image
from tests.fixtures.film_tables import cut, film_table, random_film, steady

LEFT = MARGIN + timeline.NAME_WIDTH
HAPPY, SAD = rgb(COLORS["happy"]), rgb(COLORS["sad"])


def sheet_of(table: pd.DataFrame, end_s: float, start_s: float = 0.0, title: str = "film.mp4") -> Image:
    timelines = Timelines(start_s, end_s)
    timelines.add(table)
    return timelines.sheet(title)


def columns_with(sheet: Image, color: tuple[int, int, int], least: int = timeline.BAND_HEIGHT) -> list[int]:
    """Return the columns of the timelines in which at least so many pixels have this colour, counted from 0."""
    counts = (sheet[120:, LEFT : LEFT + COLUMNS] == color).all(axis=2).sum(axis=0)
    return np.flatnonzero(counts >= least).tolist()


def test_areas_are_stacked_from_the_bottom_in_the_order_of_the_emotions() -> None:
    probabilities = np.array([[0.25, 0, 0, 0.5, 0, 0.25, 0], [0, 0, 0, 0, 0, 0, 1.0]])
    drawn = areas(probabilities, 8)
    assert drawn.shape == (8, 2, 3)
    names = {rgb(color): emotion for emotion, color in COLORS.items()}
    from_bottom = [[names[tuple(pixel)] for pixel in drawn[::-1, column].tolist()] for column in (0, 1)]
    assert from_bottom == [["angry"] * 2 + ["happy"] * 4 + ["sad"] * 2, ["surprise"] * 8]


def test_edges_between_pixels_are_smooth() -> None:
    probabilities = np.array([[0.5, 0, 0, 0, 0, 0, 0.5]])
    middle = areas(probabilities, 1)[0, 0]
    assert middle.tolist() == pytest.approx(np.mean([rgb(COLORS["angry"]), rgb(COLORS["surprise"])], axis=0), abs=1)


def test_a_face_is_drawn_where_it_was_seen_and_nowhere_else() -> None:
    sheet = sheet_of(film_table(*steady(2, 4.9), *steady(7, 9.9, label="sad")), end_s=12)
    assert columns_with(sheet, HAPPY) == list(range(200, 500))
    assert columns_with(sheet, SAD) == list(range(700, 1000))


def test_the_time_axis_may_begin_late() -> None:
    sheet = sheet_of(film_table(*steady(62, 64.9)), start_s=60, end_s=72)
    assert columns_with(sheet, HAPPY) == list(range(200, 500))


def test_the_band_is_pale_and_hatched_where_labels_are_uncertain() -> None:
    table = film_table(*steady(0, 5.9), *steady(6, 11.9, certain=False))
    sheet = sheet_of(table, end_s=12)
    pale = columns_with(sheet, paler(HAPPY, timeline.PALE), least=10)
    assert pale == list(range(600, 1200))
    lines = columns_with(sheet, paler(HAPPY, 0.2), least=2)
    assert len(lines) > 550 and min(lines) >= 600


def test_long_parts_of_the_band_have_the_name_of_the_label(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = drawn_texts(monkeypatch, film_table(*steady(0, 5.9), *steady(6, 6.2, label="sad"), *steady(6.3, 12)), 12)
    assert texts.count("happy") == 3 and texts.count("sad") == 1  # one of each is in the legend


def drawn_texts(
    monkeypatch: pytest.MonkeyPatch, table: pd.DataFrame, end_s: float, title: str = "film.mp4"
) -> list[str]:
    texts: list[str] = []
    draw_text = timeline.ImageDraw.ImageDraw.text

    def note(draw: object, xy: object, text: str, *arguments: object, **options: object) -> None:
        texts.append(text)
        draw_text(draw, xy, text, *arguments, **options)

    monkeypatch.setattr(timeline.ImageDraw.ImageDraw, "text", note)
    sheet_of(table, end_s, title=title)
    return texts


def test_each_face_has_one_timeline_per_model(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = drawn_texts(monkeypatch, random_film(), 5, "Übersee.mp4")
    assert [text for text in texts if text.startswith("Face")] == ["Face 1", "Face 2", "Face 3"]
    assert texts.count("cnn") == texts.count("trees") == 3
    assert "Ubersee.mp4" in texts and "time in s" in texts


def test_at_most_twelve_faces_are_drawn_and_the_others_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row for face in range(1, 31) for row in steady(0, 3 + 0.1 * (face % 15), face=face)]
    table = film_table(*sorted(rows))
    texts = drawn_texts(monkeypatch, table, 5)
    faces = [int(text.removeprefix("Face ")) for text in texts if text.startswith("Face")]
    assert faces == [9, 10, 11, 12, 13, 14, 24, 25, 26, 27, 28, 29]
    assert "and 18 more faces; shown are those with the most readings" in texts


def test_faces_with_the_most_readings_are_chosen_and_the_earlier_of_equal_ones() -> None:
    assert most_read({1: 5, 2: 9, 3: 5, 4: 7}, 3) == [1, 2, 4]
    assert most_read({}, 3) == []


def test_many_models_leave_room_for_fewer_faces() -> None:
    tables = [film_table(*steady(0, 1), *steady(0, 1, face=2), model=f"model {n}") for n in range(30)]
    one_face = sum(timeline.LANE_HEIGHT for _ in range(30))
    assert one_face < sheet_of(pd.concat(tables), 2).shape[0] < 1.2 * one_face


@pytest.mark.parametrize("position", [1, 100, 333])
def test_the_sheet_does_not_depend_on_how_the_table_is_cut(position: int) -> None:
    table = random_film()
    parts = Timelines(0, 5)
    for part in cut(table, position, position + 7):
        parts.add(part)
    assert (parts.sheet("film.mp4") == sheet_of(table, 5)).all()


@pytest.mark.parametrize("end_s", [0.0, 0.04, 60.0, 7200.0, 90_000.0])
def test_films_of_any_length_have_a_sheet(end_s: float) -> None:
    sheet = sheet_of(film_table((0.0, 1, "happy", True)), end_s, title="x" * 3000)
    assert sheet.dtype == np.uint8 and sheet.shape[1] == 1400
    assert columns_with(sheet, HAPPY) == [0]


def test_a_film_without_faces_has_a_sheet_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn_texts(monkeypatch, random_film().iloc[:0], 5) == ["film.mp4", "No face was found."]


def test_every_emotion_is_in_the_legend(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = drawn_texts(monkeypatch, film_table(*steady(0, 0.1)), 5)
    assert set(EMOTIONS) <= set(texts)
