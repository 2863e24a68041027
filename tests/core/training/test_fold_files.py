"""The folder of a run of folds: its name, and what it refuses to go on with."""

from dataclasses import replace

import pytest

from core.exceptions import InputError
from core.training.fold_files import ORIGIN, check_folds_resumable, folds_folder
from core.training.recipes import RECIPES

RECIPE = RECIPES["cnn-seed"]
CHANGED = RECIPE._replace(config=replace(RECIPE.config, epochs=(3,)))


def test_each_choice_has_a_folder_of_its_own(home):
    names = [
        folds_folder("cnn-seed", RECIPE).name,
        folds_folder("cnn-seed", RECIPE, 0.05).name,
        folds_folder("cnn-seed", RECIPE, 0.025, seed=7).name,
    ]
    assert names == ["folds-cnn-seed", "folds-cnn-seed-flip5", "folds-cnn-seed-flip2.5-seed7"]
    changed = folds_folder("cnn-seed", CHANGED).name
    assert changed.startswith("folds-cnn-seed-") and len(changed) == len("folds-cnn-seed-") + 8
    assert folds_folder("cnn-seed", RECIPE).parent == home / "runs"


def test_a_run_goes_on_with_the_same_choice(tmp_path):
    for _ in range(2):
        check_folds_resumable(tmp_path, "a" * 16, RECIPE, 0.05, 3)
        (tmp_path / "fold-0.npy").touch()


@pytest.mark.parametrize(
    "other",
    [
        ("b" * 16, RECIPE, 0.05, 3),
        ("a" * 16, CHANGED, 0.05, 3),
        ("a" * 16, RECIPES["catboost-seed"], 0.05, 3),
        ("a" * 16, RECIPE, 0.1, 3),
        ("a" * 16, RECIPE, 0.0, 0),
        ("a" * 16, RECIPE, 0.05, 4),
    ],
)
def test_a_run_of_another_choice_is_refused_in_a_sentence(tmp_path, other):
    check_folds_resumable(tmp_path, "a" * 16, RECIPE, 0.05, 3)
    before = (tmp_path / ORIGIN).read_bytes()
    with pytest.raises(InputError, match="started with another recipe, another data set, or other flipped") as error:
        check_folds_resumable(tmp_path, *other)
    assert len(str(error.value)) <= 300
    assert (tmp_path / ORIGIN).read_bytes() == before


def test_folds_without_a_record_and_with_a_damaged_one_are_refused(tmp_path):
    (tmp_path / "fold-0.npy").touch()
    with pytest.raises(InputError, match="have no record of their recipe"):
        check_folds_resumable(tmp_path, "a" * 16, RECIPE)
    (tmp_path / ORIGIN).write_bytes(b"{")
    with pytest.raises(InputError, match=r"origin.json is damaged.*to start again"):
        check_folds_resumable(tmp_path, "a" * 16, RECIPE)
