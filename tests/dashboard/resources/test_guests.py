"""Guests in the cached tables: kept ones, and those of a visit, which only their session has."""

import errno
import threading
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.exceptions import InputError
from core.exchange.guests.guest import GuestFile
from core.models import store
from dashboard import resources
from tests.fixtures.guests import LABELS, NETWORK, guest, write_guest
from tests.fixtures.models import write_model

pytestmark = pytest.mark.usefixtures("one_session_with_empty_caches")


@pytest.fixture
def two_models(shipped: Path) -> Path:
    write_model("good", skill=4, seed=1)
    write_model("bad", skill=1, seed=2)
    return shipped


def test_guests_come_after_our_models_however_good_they_are(two_models: Path) -> None:
    write_guest("perfect", skill=9)
    resources.guests.keep_for_visit(guest("visitor", skill=8))
    assert resources.models.model_names() == ["good", "bad", "perfect", "visitor"]
    assert set(resources.models.cards()) == {"good", "bad", "perfect", "visitor"}


def test_a_guest_appears_when_it_is_written_and_disappears_when_it_is_removed(two_models: Path) -> None:
    assert resources.models.model_names() == ["good", "bad"]
    write_guest("mine")
    assert resources.models.model_names() == ["good", "bad", "mine"]
    assert len(resources.predictions.pairs("good", "mine")) == 28
    resources.guests.remove("mine")
    assert resources.models.model_names() == ["good", "bad"]


def test_a_changed_guest_has_new_tables(two_models: Path) -> None:
    write_guest("mine", skill=9)
    before = resources.predictions.scored("mine")
    resources.guests.remove("mine")
    write_guest("mine", skill=0)
    after = resources.predictions.scored("mine")
    assert (before["predicted_label"] != after["predicted_label"]).any()


def test_guests_of_a_visit_have_the_same_tables_as_kept_ones(two_models: Path) -> None:
    resources.guests.keep_for_visit(guest("visitor"))
    write_guest("kept")
    for table in ("scored", "pairs"):
        function = getattr(resources.predictions, table)
        names = ("good",) if table == "pairs" else ()
        assert function(*names, "visitor").equals(function(*names, "kept"))
    assert not (paths.MODELS_DIR / "guests" / "visitor").exists()


def test_guests_have_no_history_and_no_note_on_val(two_models: Path) -> None:
    write_guest("kept", NETWORK)
    resources.guests.keep_for_visit(guest("visitor", LABELS))
    for name in ("kept", "visitor"):
        assert resources.models.history(name) is None
        assert resources.models.robustness(name) is None and resources.models.steadiness(name) is None
        assert resources.data.val_note(resources.models.card(name)) is None


def test_only_guests_that_are_models_predict(two_models: Path) -> None:
    write_guest("table")
    write_guest("kept-network", NETWORK)
    resources.guests.keep_for_visit(guest("network", NETWORK))
    assert resources.models.predicting_names() == ["good", "bad", "kept-network", "network"]
    assert "consists of predictions" in str(resources.recognition.fault("table"))


def test_a_network_of_the_visit_predicts_and_leaves_no_file(
    two_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    resources.guests.keep_for_visit(guest("network", NETWORK))
    write_guest("kept", NETWORK)
    faces = np.random.default_rng(0).integers(0, 256, (3, 48, 48), np.uint8)
    expected = resources.recognition.classifier("kept").predict_proba(faces)
    assert np.allclose(resources.recognition.classifier("network").predict_proba(faces), expected)
    assert np.allclose(resources.recognition.shared_classifier("network").predict_proba(faces), expected)
    assert not list((tmp_path / "temporary").iterdir())


def test_a_model_that_is_stored_later_hides_a_guest_of_the_visit_with_its_name(two_models: Path) -> None:
    visitor = guest("new", skill=0)
    resources.guests.keep_for_visit(visitor)
    write_model("new", skill=9)
    assert not resources.models.card("new").is_guest
    assert (
        resources.predictions.scored("new")["predicted_label"].tolist()
        != visitor.predictions["predicted_label"].tolist()
    )


@pytest.mark.parametrize("name", ["good", "GOOD", "mine", "Mine", "guests", "detectors", "cnn-seed", "../x", ""])
def test_names_that_are_taken_are_refused_for_kept_guests_and_for_those_of_a_visit(two_models: Path, name: str) -> None:
    write_guest("mine")
    resources.guests.keep_for_visit(guest("visitor"))
    for add in (resources.guests.keep, resources.guests.keep_for_visit):
        with pytest.raises(InputError):
            add(guest(name or " "))
        with pytest.raises(InputError, match="VISITOR"):
            add(guest("VISITOR"))
    assert resources.models.model_names() == ["good", "bad", *resources.models.model_names()[2:]]
    assert {*resources.models.model_names()} == {"good", "bad", "mine", "visitor"}


def test_of_two_visitors_who_add_the_same_name_at_once_one_gets_a_sentence(
    two_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have checked their files under a free name before either is written."""
    barrier, errors = threading.Barrier(2), []
    made = [guest("mine", seed=1), guest("mine", seed=2)]

    def add(one: object) -> None:
        barrier.wait()
        try:
            resources.guests.keep(one)  # type: ignore[arg-type]
        except InputError as error:
            errors.append(str(error))

    threads = [threading.Thread(target=add, args=(one,)) for one in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1 and "mine" in errors[0]
    assert store.read_guest_cards() == ({"mine": store.read_card("mine")}, {})


def test_a_full_disk_is_a_sentence_and_nothing_is_added(two_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_parquet", fail)
    with pytest.raises(InputError, match=r"No space left on device.*Nothing was added"):
        resources.guests.keep(guest("mine"))
    assert resources.models.model_names() == ["good", "bad"]
    assert not list((paths.MODELS_DIR / "guests").iterdir())


def test_a_visit_has_a_limited_number_of_guests(two_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources.guests, "MOST_OF_VISIT", 2)
    for name in ("one", "two"):
        resources.guests.keep_for_visit(guest(name))
    with pytest.raises(InputError, match="Remove one"):
        resources.guests.keep_for_visit(guest("three"))
    resources.guests.remove("one")
    resources.guests.keep_for_visit(guest("three"))
    assert set(resources.guests.of_visit()) == {"two", "three"}


def test_a_visit_has_a_limited_number_of_bytes(two_models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = guest("one", NETWORK)
    monkeypatch.setattr(resources.guests, "MOST_BYTES_OF_VISIT", int(1.5 * network.card.size_bytes))
    resources.guests.keep_for_visit(network)
    with pytest.raises(InputError, match="Remove one"):
        resources.guests.keep_for_visit(guest("two", NETWORK))


def test_free_names_have_a_number_if_the_name_of_the_file_is_taken(two_models: Path) -> None:
    write_guest("mine")
    resources.guests.keep_for_visit(guest("mine-2"))
    assert resources.guests.free_name(GuestFile("mine.csv", b"")) == "mine-3"
    assert resources.guests.free_name(GuestFile("my net (1).onnx", b"")) == "my-net-1"


def test_kept_guests_stay_in_a_shared_deployment_but_those_of_a_visit_can_be_removed(
    two_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FERSCOPE_READ_ONLY", "1")
    write_guest("kept")
    resources.guests.keep_for_visit(guest("visitor"))
    with pytest.raises(InputError, match="shared deployment"):
        resources.guests.remove("kept")
    resources.guests.remove("visitor")
    assert resources.models.model_names() == ["good", "bad", "kept"]


def test_our_own_models_are_never_removed(two_models: Path) -> None:
    with pytest.raises(InputError):
        resources.guests.remove("good")
    assert "good" in resources.models.model_names()
