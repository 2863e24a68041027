"""The search for near copies: against correlations of NumPy, and against copies that were made on purpose."""

import numpy as np
import pytest

from core.data.near_copies import alignment, load_pairs, near_ids, search
from core.data.near_copies.alignment import PIXELS, SHIFTS
from core.data.near_copies.pairs import NEAR, SAME_PICTURE, is_at_least
from tests.core.data.near_copies.small_set import TRAINING, small_set
from tests.fixtures.synthetic import draw_face


def correlation(image: np.ndarray, other: np.ndarray, dy: int, dx: int) -> float:
    """Return the correlation of the pixels that two images share after a shift, by NumPy."""
    rows, columns = ([(y, y + d) for y in range(48) if 0 <= y + d < 48] for d in (dy, dx))
    one = np.array([[image[y, x] for x, _ in columns] for y, _ in rows], float)
    two = np.array([[other[y, x] for _, x in columns] for _, y in rows], float)
    return float(np.corrcoef(one.ravel(), two.ravel())[0, 1])


def all_correlations(image: np.ndarray, others: np.ndarray) -> np.ndarray:
    flat = others.reshape(len(others), PIXELS).astype(float)
    return alignment.correlations(image.astype(float), flat, alignment.shared_sums(flat))


def test_the_correlations_are_those_of_numpy():
    image, others = draw_face(1), np.stack([draw_face(seed) for seed in (2, 3)])
    found = all_correlations(image, others)
    assert found.shape == (81, 2)
    for shift in (0, 1, 7, 40, 63, 80):
        for n in range(2):
            assert found[shift, n] == pytest.approx(correlation(image, others[n], *map(int, SHIFTS[shift])), abs=1e-12)


def test_the_shortest_shifts_come_first_and_each_once():
    lengths = np.abs(SHIFTS.astype(int)).sum(axis=1)
    assert SHIFTS[0].tolist() == [0, 0] and (np.diff(lengths) >= 0).all()
    assert len({tuple(shift) for shift in SHIFTS.tolist()}) == 81 and np.abs(SHIFTS).max() == 4


def test_an_exact_copy_has_exactly_1_and_an_image_without_variance_0():
    image = draw_face(1)
    blank = np.full((48, 48), 7, np.uint8)
    assert all_correlations(image, image[None])[0, 0] == 1.0
    assert not all_correlations(image, blank[None]).any() and not all_correlations(blank, image[None]).any()


def found_pairs(done: int = 0) -> np.ndarray:
    faces, manifest = small_set()
    return np.concatenate([chunk.pairs for chunk in search.search(faces, manifest, done)])


def test_copies_that_were_made_on_purpose_are_found_with_their_alignment():
    pairs = {int(pair["image"]) - TRAINING: pair for pair in found_pairs()}
    assert sorted(pairs) == [0, 1, 2, 3]  # neither the blank one nor the one that was shifted too far
    assert {test: int(pair["copy"]) for test, pair in pairs.items()} == {0: 0, 1: 1, 2: 2, 3: 3}
    # The search says where the pixels of the test image are in the copy: back, from where the picture was moved.
    assert {test: (int(pair["dy"]), int(pair["dx"]), bool(pair["mirrored"])) for test, pair in pairs.items()} == {
        0: (0, 0, False),
        1: (-3, 2, False),
        2: (4, -4, True),
        3: (0, 0, False),
    }
    assert pairs[0]["correlation"] == 1 and pairs[0]["unaligned"] == 1
    assert pairs[1]["correlation"] == 1 and pairs[1]["unaligned"] < NEAR
    assert 0.99 < pairs[3]["correlation"] < 1


def test_the_search_finds_what_a_comparison_of_all_pairs_by_numpy_finds(monkeypatch):
    monkeypatch.setattr(search, "NEAR", 0.3)
    monkeypatch.setattr(search, "ALIKE", -1.0)
    faces, manifest = small_set()
    tests = [row for row in range(TRAINING, len(faces)) if not manifest["blank"][row]][:3]
    expected = set()
    for row in tests:
        for other in range(TRAINING - 1):
            views = (faces[row], faces[row][:, ::-1])
            if max(correlation(view, faces[other], *map(int, shift)) for view in views for shift in SHIFTS) >= 0.3:
                expected.add((row, other))
    found = {(int(pair["image"]), int(pair["copy"])) for pair in found_pairs() if pair["image"] in tests}
    assert found == expected and len(expected) > 3


def test_chunks_and_the_place_where_a_search_goes_on_do_not_change_what_is_found(monkeypatch):
    whole = found_pairs()
    monkeypatch.setattr(search, "CHUNK", 2)
    monkeypatch.setattr(search, "BATCH", 3)
    np.testing.assert_array_equal(found_pairs(), whole)
    faces, manifest = small_set()
    chunks = list(search.search(faces, manifest))
    assert [(chunk.done, chunk.total) for chunk in chunks] == [(2, 6), (4, 6), (6, 6)]
    np.testing.assert_array_equal(np.concatenate([chunks[0].pairs, found_pairs(done=2)]), whole)


@pytest.mark.parametrize("usage", ["Training", "PublicTest"])
def test_without_test_or_training_images_nothing_is_searched(usage):
    faces, manifest = small_set()
    rows = (manifest["usage"] == usage).to_numpy()
    assert list(search.search(faces[rows], manifest[rows])) == []


def test_some_of_fer2013s_near_copies_are_found_again_in_its_images(fer2013):
    manifest = fer2013.manifest()
    tests = manifest[(manifest["split"] == "test") & ~manifest["blank"]]
    last = tests["image_id"].iloc[-128:]
    (chunk,) = search.search(fer2013.faces(), manifest, len(tests) - len(last))
    pairs = load_pairs()
    expected = pairs[pairs["image_id"].isin(last)]
    ids = manifest["image_id"].to_numpy()
    found = {
        (ids[pair["image"]], ids[pair["copy"]], pair["correlation"], int(pair["dx"]), int(pair["dy"]))
        for pair in chunk.pairs
    }
    columns = ["image_id", "copy_id", "correlation", "dx", "dy"]
    assert found == set(expected[columns].itertuples(index=False, name=None)) and len(found) > 10


def test_limits_are_rounded_like_the_correlations():
    import pandas as pd

    pairs = pd.DataFrame({"image_id": ["a", "b", "c"], "correlation": np.array([0.98, 0.95, 0.9499], np.float32)})
    assert is_at_least(pairs["correlation"], SAME_PICTURE).tolist() == [True, False, False]
    assert near_ids(pairs) == {"a", "b"} and near_ids(pairs, SAME_PICTURE) == {"a"}
