"""The life of the embedding on the disk: computed once, again after changes and damage, and without a disk."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core import paths
from core.data.store import Import, required_import
from core.evaluation.neighbours import store
from core.evaluation.neighbours.embedding import Network, load_network
from core.evaluation.neighbours.store import is_stored, load_index
from core.exceptions import InputError
from tests.fixtures.models import write_model
from tests.fixtures.networks import write_network


class Counter:
    """Count how many times the embedding is computed."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, done: int, total: int) -> None:
        self.runs += done == total


@pytest.fixture
def data(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """The synthetic FER2013, and a small default network. Progress is reported after every ten images."""
    monkeypatch.setattr("core.evaluation.neighbours.embedding.BATCH", 10)
    write_network()
    return required_import()


def embeddings(data: Import) -> list[Path]:
    return sorted(data.folder.glob("*embedding*"))


def test_the_embedding_is_computed_once_and_then_read_memory_mapped(data):
    count, network = Counter(), load_network()
    assert not is_stored(data, network)
    first = load_index(data, network, count)
    assert is_stored(data, network) and first.note is None
    second = load_index(data, network, count)
    assert count.runs == 1
    assert isinstance(second.index.vectors, np.memmap)
    np.testing.assert_array_equal(first.index.vectors, network.embed(data.faces()))
    assert [file.name for file in embeddings(data)] == [f"embedding-1-{network.weights_sha256[:16]}.npy"]


def test_other_weights_have_another_embedding_and_the_old_one_is_removed(data):
    old = load_network()
    load_index(data, old)
    write_network(seed=1)
    new = load_network()
    assert new.weights_sha256 != old.weights_sha256
    assert not is_stored(data, new)
    load_index(data, new)
    assert [file.name for file in embeddings(data)] == [f"embedding-1-{new.weights_sha256[:16]}.npy"]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def overwrite(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:500] + bytes(300) + content[800:])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def replace_by_other_images(file: Path) -> None:
    np.save(file, np.load(file)[:-1])


def replace_by_other_type(file: Path) -> None:
    np.save(file, np.load(file).astype(np.float32))


def replace_by_nan(file: Path) -> None:
    vectors = np.load(file)
    vectors[3] = np.nan
    np.save(file, vectors)


def replace_by_text(file: Path) -> None:
    file.write_text("no array")


@pytest.mark.parametrize(
    "damage",
    [cut, overwrite, empty, replace_by_other_images, replace_by_other_type, replace_by_nan, replace_by_text],
)
def test_a_damaged_embedding_is_computed_again(data, damage):
    network, count = load_network(), Counter()
    expected = np.array(load_index(data, network).index.vectors)
    damage(embeddings(data)[0])
    assert not is_stored(data, network)
    np.testing.assert_array_equal(load_index(data, network, count).index.vectors, expected)
    assert count.runs == 1 and is_stored(data, network)


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_without_a_writable_disk_the_embedding_stays_in_memory_and_a_sentence_says_so(data, monkeypatch, reason):
    def refuse(*_: object) -> None:
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(store, "replace_file", refuse)
    stored = load_index(data, load_network())
    assert len(stored.index) == len(data.faces())
    assert "was not stored" in stored.note and os.strerror(reason) in stored.note and len(stored.note) <= 300
    assert embeddings(data) == []


def test_leftovers_of_killed_processes_are_removed_when_they_are_old(data):
    old, new = (data.folder / f".embedding-1-0.npy.{n}-1.new" for n in (1, 2))
    for file in (old, new):
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * store.ABANDONED_AFTER_S,) * 2)
    load_index(data, load_network())
    assert not old.exists() and new.exists()


def test_a_half_of_the_computation_leaves_no_file(data):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_index(data, load_network(), stop)
    assert embeddings(data) == []


def test_two_processes_at_once_both_find_the_same_images(data):
    code = "import sys; from core.__main__ import main; sys.exit(main(sys.argv[1:]))"
    environment = {
        **os.environ, "FERSCOPE_DATA": str(paths.DATA_DIR), "FERSCOPE_MODELS": str(paths.MODELS_DIR),
    }  # fmt: skip
    arguments = [sys.executable, "-c", code, "similar", "test/happy/PublicTest_1", "--json"]
    processes = [
        subprocess.Popen(arguments, cwd=paths.ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    outputs = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert outputs[0][0] == outputs[1][0] != b""
    assert is_stored(data, load_network()) and len(embeddings(data)) == 1


def test_damaged_weights_and_a_missing_default_network_are_refused(data):
    folder = paths.MODELS_DIR / "cnn"
    (folder / "weights.safetensors").write_bytes(b"damaged")
    with pytest.raises(InputError, match="weights"):
        load_index(data, load_network())
    write_model("trees", skill=1, family="catboost")
    write_network("mine", role="own")
    (folder / "card.json").unlink()
    with pytest.raises(InputError, match=r"default network, cnn, which is missing; restore models/cnn"):
        load_network()


def test_the_index_of_another_network_is_not_used(data):
    load_index(data, load_network())
    assert not is_stored(data, Network("cnn", "f" * 64, object))
