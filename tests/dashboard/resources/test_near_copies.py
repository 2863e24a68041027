"""The search for near copies that all sessions share: started once, stopped, gone on with, and its result."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest
import streamlit as st

from core.data.near_copies import Found, search, store
from core.data.near_copies import search_pairs as search_now
from core.data.store import required_import
from core.exceptions import InputError
from dashboard import resources
from dashboard.resources import near_copies
from tests.fixtures.models import write_model

LEAKED = "test/fear/PublicTest_0"


@pytest.fixture(autouse=True)
def empty_caches():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def wait_until(is_true) -> None:
    end = time.monotonic() + 60
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.01)


class Gate:
    """Let the search wait after each part until it may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on, self.compared = threading.Semaphore(0), 0
        pairs_of = search._Training.pairs_of

        def gated(training: search._Training, tests: np.ndarray) -> search.Pairs:
            assert self.go_on.acquire(timeout=60)
            self.compared += len(tests)
            return pairs_of(training, tests)

        monkeypatch.setattr(search, "CHUNK", 10)
        monkeypatch.setattr(search._Training, "pairs_of", gated)


@pytest.fixture
def gate(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def test_the_search_reports_progress_and_its_result_is_there_for_all(gate: Gate) -> None:
    assert near_copies.pairs() is None and near_copies.ids() is None and near_copies.progress() is None
    near_copies.start()
    near_copies.start()
    assert near_copies.progress() == (0, 0)
    gate.go_on.release()
    wait_until(lambda: near_copies.progress() == (10, 28))
    gate.go_on.release(2)
    wait_until(lambda: near_copies.progress() is None)
    assert gate.compared == 28 and near_copies.error() is None and near_copies.note() is None
    assert LEAKED in near_copies.ids()
    assert near_copies.pairs() is near_copies.pairs()  # shared
    near_copies.start()
    assert near_copies.progress() is None  # there is nothing to search


def test_a_search_that_was_stopped_goes_on_with_the_next_start(gate: Gate) -> None:
    near_copies.start()
    gate.go_on.release()
    wait_until(lambda: near_copies.progress() == (10, 28))
    near_copies.stop()
    assert near_copies.progress() is None and near_copies.pairs() is None and near_copies.error() is None
    gate.go_on.release(3)
    near_copies.start()  # waits until the stopped one has finished its part
    wait_until(lambda: near_copies.progress() is None)
    assert gate.compared == 28 and LEAKED in near_copies.ids()


def test_a_result_that_cannot_be_kept_on_the_disk_is_used_until_the_app_ends(imported: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "replace_file", refuse)
    near_copies.start()
    wait_until(lambda: near_copies.progress() is None)
    assert LEAKED in near_copies.ids() and "No space left" in near_copies.note()


def test_an_error_is_shown_and_the_next_start_searches_anew(imported: Path, monkeypatch) -> None:
    def fail(*_: object) -> Found:
        raise InputError("the faces are damaged.")

    monkeypatch.setattr(near_copies, "search_pairs", fail)
    near_copies.start()
    wait_until(lambda: near_copies.progress() is None)
    assert str(near_copies.error()) == "the faces are damaged." and near_copies.pairs() is None
    monkeypatch.setattr(near_copies, "search_pairs", search_now)
    near_copies.start()
    wait_until(lambda: near_copies.pairs() is not None)
    assert near_copies.error() is None


def test_a_search_by_the_command_is_seen_at_the_next_run(imported: Path) -> None:
    assert near_copies.pairs() is None
    search_now(required_import())
    assert LEAKED in near_copies.ids()


def test_without_images_nothing_is_started(shipped: Path) -> None:
    near_copies.start()
    near_copies.stop()
    assert near_copies.progress() is None and near_copies.pairs() is None


def test_the_slice_is_unknown_until_near_copies_are_known(imported: Path) -> None:
    models = "cnn", "catboost"
    for name in models:
        write_model(name, skill=1)
    assert resources.comparisons.unknown_slice("dark,no_near_copies") == "no_near_copies"
    assert resources.comparisons.compare(*models, "no_near_copies") is None
    assert resources.comparisons.rows(*models, "no_near_copies").empty
    assert resources.comparisons.compare(*models, "test").images == 28
    near_copies.start()
    wait_until(lambda: near_copies.pairs() is not None)
    assert resources.comparisons.unknown_slice("no_near_copies") is None
    assert resources.comparisons.compare(*models, "no_near_copies").images == 28 - len(near_copies.ids())
    assert LEAKED not in set(resources.comparisons.rows(*models, "no_near_copies")["image_id"])
