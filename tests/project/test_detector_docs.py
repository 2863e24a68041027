"""The figures of the detectors in the documentation are those of the code."""

import re

import pytest

from core import paths
from core.recognition.quality import MIN_BRIGHTNESS, MIN_SHARPNESS, MIN_SIDE
from core.vision.detectors import DETECTORS, detector_names, make_detector


def rows(name: str, columns: int) -> list[list[str]]:
    """Return the cells of all table rows with this number of columns in a document."""
    lines = (paths.ROOT / "docs" / name).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if len(row) == columns]


def test_the_margin_of_each_detector_is_documented():
    margins = {
        name: float(margin.removesuffix(" %")) / 100
        for names, margin in rows("framing.md", 2)
        for name in re.findall(r"`([a-z-]+)`", names)
    }
    assert set(margins) >= set(DETECTORS)
    assert {name: make_detector(name).margin for name in detector_names()} == pytest.approx(
        {name: margins[name] for name in detector_names()}
    )


def test_the_smallest_face_of_each_detector_is_documented():
    table = {row[0].strip("`"): row[2] for row in rows("detection.md", 4)}
    for name, entry in DETECTORS.items():
        assert table[name].split(" %")[0] == f"{100 * entry.smallest_face:g}"


def test_the_limits_of_trust_are_documented():
    table = {reason: limit for reason, _, limit in rows("trust.md", 3)}
    expected = {"too small": MIN_SIDE, "too dark": MIN_BRIGHTNESS, "blurred": MIN_SHARPNESS}
    assert {reason: table[reason] for reason in expected} == {
        reason: f"below {limit:g}" for reason, limit in expected.items()
    }
