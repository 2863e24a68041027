"""The nearest faces, against scikit-learn's brute-force search."""

import cv2
import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import NearestNeighbors

from core.evaluation.neighbours.embedding import Network, unit_rows
from core.evaluation.neighbours.index import SMALLEST_DISTANCE, Index
from core.exceptions import InputError
from core.runtime.threads import one_thread

COUNT, WIDTH = 300, 12


class FakeNetwork:
    """A network whose embedding of a face is its first pixels."""

    def embed(self, faces: np.ndarray) -> np.ndarray:
        return faces.reshape(len(faces), 48 * 48)[:, :WIDTH].astype(np.float32)


class Symmetric(FakeNetwork):
    """A network that embeds a face and its mirror image alike, by column sums of both."""

    def embed(self, faces: np.ndarray) -> np.ndarray:
        return faces.astype(np.float32).sum(axis=1)


def random_faces(count: int = COUNT) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, 48, 48), np.uint8)


def index_of(faces: np.ndarray, ids: list[str] | None = None, network: object | None = None) -> Index:
    used = Network("cnn", "0" * 64, lambda: network or FakeNetwork())
    return Index(pd.Index(ids or [f"test/sad/{n:04}" for n in range(len(faces))]), faces, used.embed(faces), used)


def test_the_nearest_images_and_their_distances_are_those_of_scikit_learn():
    faces = random_faces()
    index = index_of(faces[1:])
    expected = NearestNeighbors(n_neighbors=20, metric="cosine", algorithm="brute").fit(index.vectors.astype(float))
    distances, rows = expected.kneighbors(Network("cnn", "", FakeNetwork).embed(faces[:1]).astype(float))
    found = index.nearest(faces[0], 20)
    assert list(found.columns) == ["image_id", "distance"]
    assert found["image_id"].tolist() == index.image_ids[rows[0]].tolist()
    np.testing.assert_allclose(found["distance"], distances[0], atol=1e-6)


def test_vectors_of_16_bits_move_distances_by_less_than_the_documented_amount():
    faces = random_faces()
    exact = FakeNetwork().embed(faces) + FakeNetwork().embed(faces[:, :, ::-1])
    distances, _ = NearestNeighbors(n_neighbors=COUNT - 1, metric="cosine").fit(exact[1:]).kneighbors(exact[:1])
    found = index_of(faces[1:]).nearest(faces[0], COUNT)
    np.testing.assert_allclose(found["distance"], distances[0], atol=5e-4)


def test_an_image_does_not_find_itself_and_its_exact_copies_come_first_at_distance_0():
    faces = random_faces()
    faces[7] = faces[5] = faces[200]
    index = index_of(faces)
    found = index.nearest(faces[5], 4, without=index.image_ids[5])
    assert found["image_id"].tolist()[:2] == [index.image_ids[7], index.image_ids[200]]
    assert found["distance"].tolist()[:2] == [0, 0]
    assert (found["distance"][2:] > 0).all()


def test_a_different_image_with_the_same_embedding_is_no_exact_copy():
    faces = random_faces()
    faces[9] = faces[4]
    faces[9, 40, 40] ^= 1  # beyond the pixels that the fake network embeds
    found = index_of(faces).nearest(faces[4], 2)
    assert found["distance"].tolist() == [0, SMALLEST_DISTANCE]


def test_images_at_the_same_distance_are_sorted_by_id():
    faces = np.repeat(random_faces(1), 6, axis=0)
    index = index_of(faces, ids=["d", "b", "f", "a", "e", "c"])
    assert index.nearest(faces[0], 4)["image_id"].tolist() == ["a", "b", "c", "d"]


def test_a_mirrored_face_has_the_distance_of_the_face_itself():
    faces = random_faces()
    index = index_of(faces, network=Symmetric())
    found, mirrored = index.nearest(faces[0], 5), index.nearest(faces[0, :, ::-1], 5)
    assert mirrored["image_id"].tolist() == found["image_id"].tolist()
    assert mirrored["distance"][0] == SMALLEST_DISTANCE and found["distance"][0] == 0


def test_the_search_gives_the_same_numbers_on_any_number_of_threads():
    faces = random_faces()
    index = index_of(faces)
    found = index.nearest(faces[3], 50)
    with one_thread():
        pd.testing.assert_frame_equal(index.nearest(faces[3], 50), found)


@pytest.mark.parametrize(("k", "expected"), [(1, 1), (5, 5), (6, 5), (1000, 5)])
def test_fewer_images_than_asked_for_are_all_returned(k, expected):
    faces = random_faces(6)
    index = index_of(faces)
    assert len(index.nearest(faces[0], k, without=index.image_ids[0])) == expected


def test_an_index_without_images_finds_nothing():
    assert index_of(random_faces(0)).nearest(random_faces(1)[0], 3).empty


def test_an_image_of_the_data_set_is_found_without_the_network():
    def refuse() -> object:
        raise InputError("damaged weights")

    faces = random_faces(5)
    ready = index_of(faces)
    index = Index(ready.image_ids, faces, ready.vectors, Network("cnn", "", refuse))
    assert len(index.nearest(faces[2], 3, without=index.image_ids[2])) == 3
    with pytest.raises(InputError, match="damaged weights"):
        index.nearest(faces[2], 3)


def test_blank_faces_and_embeddings_of_zeros_have_finite_distances():
    faces = np.concatenate([random_faces(4), np.zeros((2, 48, 48), np.uint8)])
    found = index_of(faces).nearest(faces[4], 6)
    assert found["distance"].tolist()[:2] == [0, 0]
    assert np.isfinite(found["distance"]).all()


def test_an_embedding_that_is_not_finite_is_refused():
    with pytest.raises(InputError, match="not finite; restore its weights"):
        unit_rows(np.array([[1.0, np.nan]]))


def test_a_model_without_an_embedding_is_refused():
    with pytest.raises(InputError, match="not a network of the family cnn"):
        Network("trees", "", lambda: cv2).embed(random_faces(1))


def test_progress_counts_the_images_and_the_batches_keep_their_order(monkeypatch):
    monkeypatch.setattr("core.evaluation.neighbours.embedding.BATCH", 7)
    faces, reports = random_faces(30), []
    network = Network("cnn", "", FakeNetwork)
    vectors = network.embed(faces, lambda *counts: reports.append(counts))
    assert reports == [(7, 30), (14, 30), (21, 30), (28, 30), (30, 30)]
    np.testing.assert_array_equal(vectors, np.concatenate([network.embed(face[None]) for face in faces]))
