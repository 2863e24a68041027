"""Fixtures of all tests of the dashboard: made-up models, with or without imported images."""

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from tests.fixtures.models import write_model


@pytest.fixture(scope="session", autouse=True)
def packages_are_scanned_once() -> Iterator[None]:
    """Let each AppTest use the same list of components; without this, each reads the metadata of all packages again."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def models(shipped: Path) -> Path:
    """Write two models, without imported images."""
    write_model("cnn", skill=3, seed=1)
    write_model("catboost", skill=1, seed=2, family="catboost")
    return shipped


@pytest.fixture
def models_and_faces(imported: Path, models: Path) -> Path:
    """Write two models and import images."""
    return models


@pytest.fixture
def poor_models(shipped: Path) -> Path:
    """Write two models with many errors, without imported images."""
    for seed, name in enumerate(("cnn", "catboost")):
        write_model(name, skill=0, seed=seed)
    return shipped
