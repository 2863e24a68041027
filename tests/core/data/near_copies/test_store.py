"""Where near copies come from: the shipped table for FER2013 and its parts, a search for other data sets."""

import errno
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.data import near_copies
from core.data.near_copies import search, store
from core.data.near_copies.counts import near_counts
from core.data.near_copies.pairs import COLUMNS
from core.data.shipped import shipped_manifest
from core.data.store import Import, required_import, store_import
from core.exceptions import InputError

COPY = "test/fear/PublicTest_0"
"""A test image of the synthetic FER2013 with an exact copy in Training."""


@pytest.fixture
def data(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """The synthetic FER2013, whose near copies nobody has searched. Progress is reported after ten images."""
    monkeypatch.setattr(search, "CHUNK", 10)
    return required_import()


def files(data: Import) -> list[str]:
    return sorted(path.name for path in data.folder.iterdir() if "near" in path.name)


def test_fer2013s_table_ships_and_has_the_counts_of_the_documents(home: Path):
    pairs = near_copies.load_pairs()
    assert list(pairs.columns) == list(COLUMNS) and pairs.dtypes.astype(str).tolist() == list(COLUMNS.values())
    assert len(pairs) == 1973 and not pairs.duplicated(["image_id", "copy_id"]).any()
    counts = near_counts(shipped_manifest(), pairs)
    # Without alignment, these are the correlations of the whole images.
    assert {limit: found["unaligned"] for limit, found in counts.items()} == {"0.98": 625, "0.95": 764}
    assert counts["0.98"] == {"test_images": 820, "without_exact_copy": 253, "other_label": 44, "unaligned": 625}
    assert counts["0.95"] == {"test_images": 1151, "without_exact_copy": 584, "other_label": 97, "unaligned": 764}


def test_each_leaked_image_of_fer2013_that_is_not_blank_has_a_copy_with_the_correlation_1(home: Path):
    manifest, pairs = shipped_manifest(), near_copies.load_pairs()
    leaked = manifest[manifest["leaked"] & ~manifest["blank"]]
    assert set(leaked["image_id"]) <= set(pairs.loc[pairs["correlation"] == 1, "image_id"]) and len(leaked) == 567
    first = pairs.drop_duplicates("image_id").set_index("image_id")["correlation"]
    assert first.equals(pairs.groupby("image_id")["correlation"].max().reindex(first.index))


def import_rows(rows: pd.DataFrame) -> None:
    store_import("0" * 16, np.zeros((len(rows), 48, 48), np.uint8), rows.reset_index(drop=True))


def test_a_part_of_fer2013_has_the_shipped_pairs_of_its_images(home: Path):
    whole, manifest = near_copies.load_pairs(), shipped_manifest()
    part = manifest[manifest["image_id"].isin([*whole["image_id"][:50], *whole["copy_id"][:40]])]
    import_rows(part)
    pairs = near_copies.load_pairs()
    there = whole["image_id"].isin(part["image_id"]) & whole["copy_id"].isin(part["image_id"])
    assert 40 <= len(pairs) < 1973
    pd.testing.assert_frame_equal(pairs, whole[there].reset_index(drop=True))


@pytest.mark.parametrize("column", ["image_id", "usage"])
def test_a_data_set_with_an_image_that_fer2013_lacks_is_another_one(home: Path, column: str):
    part = shipped_manifest().iloc[:300].copy()
    part.loc[0, column] = "test/angry/mine" if column == "image_id" else "Training"
    import_rows(part)
    assert near_copies.load_pairs() is None


def test_another_data_set_is_searched_once_and_its_table_is_kept(data: Import):
    assert near_copies.load_pairs() is None
    calls: list[tuple[int, int]] = []
    found = near_copies.search_pairs(data, lambda done, total: calls.append((done, total)))
    assert calls == [(10, 28), (20, 28), (28, 28)] and found.note is None
    assert COPY in near_copies.near_ids(found.pairs, 1)
    assert files(data) == ["near-copies-1.parquet"]
    pd.testing.assert_frame_equal(near_copies.load_pairs(), found.pairs)
    near_copies.forget(data)
    assert near_copies.load_pairs() is None and files(data) == []


def stop_at_once(data: Import) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        near_copies.search_pairs(data, stop)
    assert files(data) == ["near-copies-1.unfinished.npz"] and near_copies.load_pairs() is None


def test_a_search_that_was_stopped_goes_on_and_finds_the_same(data: Import):
    whole = near_copies.search_pairs(data).pairs
    near_copies.forget(data)
    stop_at_once(data)
    calls: list[tuple[int, int]] = []
    found = near_copies.search_pairs(data, lambda done, total: calls.append((done, total)))
    assert calls == [(20, 28), (28, 28)]
    pd.testing.assert_frame_equal(found.pairs, whole)
    assert files(data) == ["near-copies-1.parquet"]


def test_a_killed_search_keeps_its_finished_parts(data: Import):
    def kill(done: int, total: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        near_copies.search_pairs(data, kill)
    calls: list[int] = []
    near_copies.search_pairs(data, lambda done, total: calls.append(done))
    assert calls == [28]


@pytest.mark.parametrize("content", [b"", b"half", None])
def test_a_damaged_unfinished_file_is_left_out(data: Import, content: bytes | None):
    stop_at_once(data)
    file = data.folder / "near-copies-1.unfinished.npz"
    file.write_bytes(file.read_bytes()[:-200] if content is None else content)
    calls: list[int] = []
    near_copies.search_pairs(data, lambda done, total: calls.append(done))
    assert calls == [10, 20, 28]


def test_an_unfinished_file_of_fewer_images_is_left_out(data: Import):
    pairs = np.zeros(1, search.PAIR)
    pairs["copy"] = 98
    np.savez(data.folder / "near-copies-1.unfinished.npz", done=10, pairs=pairs)
    calls: list[int] = []
    near_copies.search_pairs(data, lambda done, total: calls.append(done))
    assert calls == [10, 20, 28]


def without_column(file: Path) -> None:
    pd.read_parquet(file).drop(columns="dx").to_parquet(file)


def with_other_images(file: Path) -> None:
    pd.read_parquet(file).assign(image_id="test/sad/nobody").to_parquet(file)


def with_other_correlations(file: Path) -> None:
    pd.read_parquet(file).assign(correlation=np.float32(1.5)).to_parquet(file)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [without_column, with_other_images, with_other_correlations, cut, empty])
def test_a_damaged_table_is_searched_again(data: Import, damage):
    whole = near_copies.search_pairs(data).pairs
    damage(data.folder / "near-copies-1.parquet")
    assert near_copies.load_pairs() is None
    near_copies.search_pairs(data)
    pd.testing.assert_frame_equal(near_copies.load_pairs(), whole)


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EROFS])
def test_without_a_writable_disk_the_result_is_there_and_a_sentence_says_so(data: Import, monkeypatch, reason):
    def refuse(path: Path, _content: bytes) -> None:
        raise OSError(reason, os.strerror(reason), str(path))

    monkeypatch.setattr(store, "replace_file", refuse)
    found = near_copies.search_pairs(data)
    assert COPY in near_copies.near_ids(found.pairs)
    assert "were not stored" in found.note and os.strerror(reason) in found.note and len(found.note) <= 300
    assert near_copies.load_pairs() is None


def test_a_damaged_shipped_table_is_a_sentence(shipped: Path):
    manifest = shipped_manifest()
    table = pd.DataFrame({"image_id": [COPY], "copy_id": [manifest["image_id"].iloc[30]]})
    file = paths.DATA_DIR / "near_copies.parquet"
    table.to_parquet(file)
    with pytest.raises(InputError, match=r"near_copies\.parquet is damaged \(the column correlation is missing\)"):
        near_copies.load_pairs()
    file.write_bytes(b"half")
    with pytest.raises(InputError, match=r"near_copies\.parquet is damaged or cannot be read; restore it"):
        near_copies.load_pairs()
    assert file in near_copies.pair_files()


def test_a_shipped_table_of_another_manifest_is_not_used(shipped: Path):
    assert near_copies.load_pairs() is None
