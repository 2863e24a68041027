import pandas as pd

from core.data.splits import assign_splits, keep_shipped_splits


def table(n: int, label: str = "sad", start: int = 0) -> pd.DataFrame:
    rows = range(start, start + n)
    return pd.DataFrame(
        {
            "image_id": [f"train/{label}/Training_{row}" for row in rows],
            "usage": "Training",
            "true_label": label,
            "duplicate_group": list(rows),
        }
    )


def test_images_outside_training_are_test() -> None:
    images = table(3).assign(usage=["PublicTest", "PrivateTest", None])
    assert assign_splits(images).tolist() == ["test"] * 3


def test_a_tenth_of_each_label_is_val() -> None:
    images = pd.concat([table(200), table(40, "disgust", 200)], ignore_index=True)
    val = assign_splits(images) == "val"
    assert val.groupby(images["true_label"]).sum().to_dict() == {"disgust": 4, "sad": 20}


def test_val_depends_on_image_ids_only() -> None:
    images = table(200)
    shuffled = images.sample(frac=1, random_state=0)
    val = images["image_id"][assign_splits(images) == "val"]
    val_of_shuffled = shuffled["image_id"][assign_splits(shuffled) == "val"]
    assert set(val) == set(val_of_shuffled)
    assert val.tolist()[:3] != images["image_id"].tolist()[:3]


def test_copies_share_a_split() -> None:
    images = table(400).assign(duplicate_group=[row // 4 for row in range(400)])
    splits = assign_splits(images)
    assert splits.groupby(images["duplicate_group"]).nunique().max() == 1
    assert (splits == "val").sum() == 40


def test_known_images_keep_their_split_and_their_copies_get_it() -> None:
    shipped = table(2).assign(split=["val", "train"])
    images = table(4).assign(duplicate_group=[0, 1, 0, 1])
    assert keep_shipped_splits(images, shipped).tolist() == ["val", "train", "val", "train"]


def test_a_test_copy_of_a_training_image_stays_in_test() -> None:
    shipped = table(1).assign(split="val")
    images = table(2).assign(usage=["Training", "PublicTest"], duplicate_group=0)
    assert keep_shipped_splits(images, shipped).tolist() == ["val", "test"]


def test_no_images_have_no_splits() -> None:
    assert assign_splits(table(0)).empty
    assert keep_shipped_splits(table(0), table(2).assign(split="train")).empty
