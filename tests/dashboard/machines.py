"""Fake machines: which of the face detectors with a network can be used, without the networks themselves."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from core import paths
from core.vision.detectors import DETECTORS, yunet_file
from tests.fixtures.fakes import FakeDetector

BOX = (176, 66, 272, 162)
"""The face of the example photo."""

NETWORK = b"a network"
"""Content of the fake model file that counts as verified, see `accept_fake_network`."""

REASON = "this processor lacks the instruction set AVX2"


def remove_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make libfacedetection unusable, for the reason `REASON`."""
    monkeypatch.setitem(
        DETECTORS, "libfacedetection", replace(DETECTORS["libfacedetection"], why_missing=lambda: REASON)
    )


def add_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make libfacedetection usable; it finds one face, at `BOX`."""
    _fake_detector("libfacedetection", monkeypatch)
    monkeypatch.setitem(DETECTORS, "libfacedetection", replace(DETECTORS["libfacedetection"], why_missing=lambda: None))


def accept_fake_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take a file with the content `NETWORK` for the verified one; yunet finds one face, at `BOX`."""
    monkeypatch.setattr(yunet_file, "SIZE", len(NETWORK))
    monkeypatch.setattr(yunet_file, "SHA256", hashlib.sha256(NETWORK).hexdigest())
    _fake_detector("yunet", monkeypatch)


def write_yunet_file(content: bytes = NETWORK, name: str = yunet_file.FILE_NAME) -> Path:
    """Write a model file of yunet into the folder of the models, which must be a temporary one."""
    path = paths.MODELS_DIR / "detectors" / name
    assert paths.ROOT not in path.parents
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def _fake_detector(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = replace(DETECTORS[name], make=lambda: FakeDetector(BOX), make_for_frames=lambda: FakeDetector(BOX))
    monkeypatch.setitem(DETECTORS, name, entry)
