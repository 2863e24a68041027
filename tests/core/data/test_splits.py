"""The splits train, val and test, with and without a shipped manifest."""

import pandas as pd

from core.data.splits import assign_splits, keep_shipped_splits


def training_images(n: int, label: str = "sad", first_number: int = 0) -> pd.DataFrame:
    """Return a table of n Training images without copies, numbered from `first_number`."""
    numbers = range(first_number, first_number + n)
    return pd.DataFrame(
        {
            "image_id": [f"train/{label}/Training_{number}" for number in numbers],
            "usage": "Training",
            "true_label": label,
            "duplicate_group": list(numbers),
        }
    )


def test_images_outside_training_get_the_split_test() -> None:
    images = training_images(3).assign(usage=["PublicTest", "PrivateTest", None])
    assert assign_splits(images).tolist() == ["test"] * 3


def test_a_tenth_of_the_training_images_of_each_label_becomes_val() -> None:
    images = pd.concat([training_images(200), training_images(40, "disgust", 200)], ignore_index=True)
    val = assign_splits(images) == "val"
    assert val.groupby(images["true_label"]).sum().to_dict() == {"disgust": 4, "sad": 20}


def test_val_does_not_depend_on_the_order_of_the_rows() -> None:
    images = training_images(200)
    shuffled = images.sample(frac=1, random_state=0)
    val = images["image_id"][assign_splits(images) == "val"]
    val_of_shuffled = shuffled["image_id"][assign_splits(shuffled) == "val"]
    assert set(val) == set(val_of_shuffled)
    assert val.tolist()[:3] != images["image_id"].tolist()[:3]  # val is not simply the first rows


def test_copies_share_a_split_and_val_is_still_a_tenth() -> None:
    images = training_images(400).assign(duplicate_group=[row // 4 for row in range(400)])
    splits = assign_splits(images)
    assert splits.groupby(images["duplicate_group"]).nunique().max() == 1
    assert (splits == "val").sum() == 40


def test_listed_images_keep_their_split_and_new_copies_get_the_split_of_their_original() -> None:
    shipped = training_images(2).assign(split=["val", "train"])
    images = training_images(4).assign(duplicate_group=[0, 1, 0, 1])
    assert keep_shipped_splits(images, shipped).tolist() == ["val", "train", "val", "train"]


def test_a_new_test_image_gets_the_split_test_even_if_it_copies_a_training_image() -> None:
    shipped = training_images(1).assign(split="val")
    images = training_images(2).assign(usage=["Training", "PublicTest"], duplicate_group=0)
    assert keep_shipped_splits(images, shipped).tolist() == ["val", "test"]


def test_a_table_without_images_gives_no_splits() -> None:
    assert assign_splits(training_images(0)).empty
    assert keep_shipped_splits(training_images(0), training_images(2).assign(split="train")).empty
