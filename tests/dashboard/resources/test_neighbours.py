"""The shared index of similar faces: computed once for all sessions, in a thread of its own."""

import threading

import numpy as np
import pytest
import streamlit as st

from core import paths
from core.data.store import required_import
from core.exceptions import InputError
from core.models.store import read_card, write_card
from dashboard.resources import neighbours
from tests.fixtures.networks import write_network

IMAGE = "test/happy/PublicTest_1"


@pytest.fixture(autouse=True)
def empty_caches():
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def face(imported):
    """The pixels of one image, beside a small default network."""
    write_network()
    data = required_import()
    return np.array(data.faces()[data.manifest()["image_id"].eq(IMAGE).argmax()])


def test_the_first_question_prepares_the_index_and_later_ones_find_it(face):
    assert not neighbours.is_ready()
    found = neighbours.nearest(face, 5, without=IMAGE)
    assert neighbours.is_ready() and neighbours.progress() is None
    assert len(found) == 5 and IMAGE not in found["image_id"].tolist()
    assert neighbours.nearest(face, 1)["image_id"].tolist() == [IMAGE]


def test_an_index_on_the_disk_is_ready_after_a_restart(face):
    assert len(neighbours.nearest(face)) == 8
    st.cache_resource.clear()
    assert neighbours.is_ready()


def test_two_sessions_that_start_at_once_compute_once_without_waiting(face, monkeypatch):
    go_on, started, computed, load_index = threading.Event(), threading.Event(), [], neighbours.load_index

    def slow(data, network, on_progress):
        computed.append(1)
        on_progress(30, 98)
        started.set()
        assert go_on.wait(60)
        return load_index(data, network, on_progress)

    monkeypatch.setattr(neighbours, "load_index", slow)
    sessions = [threading.Thread(target=neighbours.start) for _ in range(2)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join(60)
    assert started.wait(60)
    assert neighbours.progress() == (30, 98) and not neighbours.is_ready()
    go_on.set()
    assert len(neighbours.nearest(face, 3)) == 3  # waits for the computation that has been started
    assert computed == [1]
    assert neighbours.is_ready() and neighbours.progress() is None and neighbours.error() is None


def test_other_weights_make_another_index(face):
    first = neighbours.nearest(face, 20)
    write_network(seed=1)
    assert not neighbours.is_ready()
    assert not first.equals(neighbours.nearest(face, 20))


def test_without_images_there_is_nothing_to_find(shipped):
    write_network()
    assert neighbours.nearest(np.zeros((48, 48), np.uint8)) is None
    assert neighbours.is_ready()
    neighbours.start()
    assert neighbours.progress() is None


def test_without_a_default_network_a_sentence_says_so(face):
    folder = paths.MODELS_DIR / "cnn"
    write_card(read_card("cnn").__class__(**{**read_card("cnn").__dict__, "role": "own"}), folder)
    for ask in (neighbours.is_ready, neighbours.progress, neighbours.start, lambda: neighbours.nearest(face)):
        with pytest.raises(InputError, match="default network, cnn, which is missing"):
            ask()


def test_damaged_weights_fail_each_time_and_work_again_when_they_are_restored(face):
    weights = paths.MODELS_DIR / "cnn" / "weights.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(b"damaged")
    for _ in range(2):
        with pytest.raises(InputError, match=r"weights\.safetensors"):
            neighbours.start()
    weights.write_bytes(content)
    assert len(neighbours.nearest(face, 3)) == 3


def test_an_error_of_the_thread_is_raised_where_the_result_is_awaited_and_the_next_try_starts_anew(face, monkeypatch):
    load_index = neighbours.load_index

    def fail(*_):
        raise InputError("the embedding has failed.")

    monkeypatch.setattr(neighbours, "load_index", fail)
    with pytest.raises(InputError, match="has failed"):
        neighbours.nearest(face)
    assert "has failed" in str(neighbours.error()) and not neighbours.is_ready() and neighbours.progress() is None
    monkeypatch.setattr(neighbours, "load_index", load_index)
    assert len(neighbours.nearest(face, 3)) == 3
