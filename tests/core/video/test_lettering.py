"""Text that Pillow's font can draw, in the width that there is."""

import pytest

from core.video.lettering import font, plain_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("film.mp4", "film.mp4"),
        ("Übersee\nÉté.mp4", "Ubersee Ete.mp4"),
        ("映画.mp4", "??.mp4"),
        ("a\x07b\udcffc\u202ed", "a?b?c?d"),
        ("", ""),
    ],
)
def test_characters_that_the_font_lacks_are_replaced(text: str, shown: str) -> None:
    assert plain_text(text, 500, 16) == shown


@pytest.mark.parametrize("width", [0, 5, 20, 80, 300])
def test_long_text_fits_and_keeps_its_beginning_and_end(width: float) -> None:
    text = plain_text("begin" + "x" * 5000 + "end", width, 14)
    assert font(14).getlength(text) <= width
    if width >= 80:
        assert text.startswith("begin") and "…" in text
