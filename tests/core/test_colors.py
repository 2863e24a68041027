"""Colours as numbers."""

from core.colors import paler, rgb


def test_colours_are_mixed_with_white() -> None:
    assert rgb("#D55E00") == (213, 94, 0)
    assert paler((213, 94, 0), 0) == (213, 94, 0)
    assert paler((205, 95, 5), 0.5) == (230, 175, 130)
    assert paler((213, 94, 0), 1) == (255, 255, 255)
