"""Predictions of scikit-learn come back the same in every order of rows and classes, and in every form."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss

from core.data.store import current_import
from core.emotions import CSV_EMOTIONS, EMOTIONS, PROBABILITY_COLUMNS
from core.evaluation.predictions import scored_predictions
from core.exceptions import InputError
from core.exchange.guests import adding
from core.exchange.guests.guest import GuestFile, GuestOptions, Proposal, RowOrder
from core.exchange.guests.image_rows import ROW_ORDERS
from core.exchange.guests.options import class_order_text, parse_options
from core.exchange.guests.proposals import describe, flags
from core.models.folders import guest_names
from core.models.store import read_card, read_predictions
from tests.fixtures.learnable import COUNTS, in_order

PERMUTED = ("sad", "angry", "surprise", "neutral", "happy", "disgust", "fear")
"""An order of classes without a name, as an unsorted os.listdir gives it."""

TEST_IMAGES = len(EMOTIONS) * (COUNTS["PublicTest"] + COUNTS["PrivateTest"])


class Predicted(NamedTuple):
    """What a user's program computes for the rows of an order."""

    probabilities: pd.DataFrame
    """One column per emotion."""
    accuracy: float
    nll: float


def predicted(folder: Path, classifier: LogisticRegression, order: str) -> Predicted:
    pixels, labels = in_order(folder, order)
    probabilities = pd.DataFrame(classifier.predict_proba(pixels), columns=list(classifier.classes_))
    return Predicted(
        probabilities, accuracy_score(labels, classifier.predict(pixels)), log_loss(labels, probabilities.to_numpy())
    )


def csv_file(table: pd.DataFrame, **options: object) -> GuestFile:
    return GuestFile("mine.csv", table.to_csv(**{"index": False, **options}).encode())


def add(file: GuestFile, folder: Path, **options: str) -> adding.Added:
    path = folder / file.name
    path.write_bytes(file.content)
    return adding.add(path, "mine", parse_options(**options))


@pytest.mark.parametrize("order", ROW_ORDERS)
def test_predictions_in_each_order_of_rows_have_the_accuracy_that_scikit_learn_computes(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, order: RowOrder
) -> None:
    expected = predicted(guest_home, classifier, order)
    added = add(csv_file(expected.probabilities[list(EMOTIONS)], header=False), tmp_path, order=order)
    assert added.proposal is None
    scores = read_card("mine").score("test")
    assert scores.n == len(expected.probabilities)
    assert scores.accuracy == expected.accuracy
    assert scores.nll == pytest.approx(expected.nll, abs=1e-5)
    assert read_card("mine").recipe == {"values": "probabilities", "order": order, "classes": list(EMOTIONS)}


@pytest.mark.parametrize(("order", "default"), [("imagefolder", True), ("csv-public", True), ("csv-private", False)])
def test_the_default_order_is_that_of_the_folders_or_of_public_test(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, order: RowOrder, default: bool
) -> None:
    expected = predicted(guest_home, classifier, order)
    added = add(csv_file(expected.probabilities[list(EMOTIONS)]), tmp_path)
    if default:
        assert added.proposal is None
        assert added.card.score("test").accuracy == expected.accuracy
    else:
        assert added.proposal is not None
        assert (added.proposal.order, added.proposal.classes) == (order, None)


@pytest.mark.parametrize("order", ROW_ORDERS)
@pytest.mark.parametrize("classes", [EMOTIONS, CSV_EMOTIONS, PERMUTED], ids=["folder", "csv", "permuted"])
@pytest.mark.parametrize("form", ["probabilities", "labels"])
def test_wrong_orders_are_proposed_and_taking_them_gives_the_accuracy_that_scikit_learn_computes(
    guest_home: Path,
    classifier: LogisticRegression,
    tmp_path: Path,
    order: RowOrder,
    classes: tuple[str, ...],
    form: str,
) -> None:
    expected = predicted(guest_home, classifier, order)
    outputs = expected.probabilities[list(classes)].to_numpy()
    table = pd.DataFrame(outputs) if form == "probabilities" else pd.DataFrame(outputs.argmax(axis=1))
    file = csv_file(table, header=False)
    added = add(file, tmp_path)
    is_default = order in ("imagefolder", "csv-public")
    if is_default and classes == EMOTIONS:
        assert added.proposal is None
        return
    assert added.proposal == Proposal(
        order=None if is_default else order,
        classes=None if classes == EMOTIONS else classes,
        scale=None,
        accuracy=expected.accuracy,
        accuracy_now=added.card.score("test").accuracy,
    )
    assert guest_names() == []
    taken = flags(added.proposal).split()
    options = {taken[at].removeprefix("--"): taken[at + 1] for at in range(0, len(taken), 2)}
    again = add(file, tmp_path, **options)
    assert again.proposal is None
    assert read_card("mine").score("test").accuracy == expected.accuracy
    assert read_card("mine").has_probabilities == (form == "probabilities")


def test_a_proposal_is_a_sentence_with_both_accuracies(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path
) -> None:
    expected = predicted(guest_home, classifier, "csv-test")
    added = add(csv_file(expected.probabilities[list(CSV_EMOTIONS)], header=False), tmp_path)
    assert added.proposal is not None
    assert describe(added.proposal) == (
        "With the row order csv-test and FER2013's CSV order of classes, accuracy is "
        f"{100 * expected.accuracy:.1f} % instead of {100 * added.proposal.accuracy_now:.1f} %."
    )
    assert flags(added.proposal) == "--order csv-test --classes csv"


def test_a_guest_is_added_as_it_is_if_the_user_says_so(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path
) -> None:
    expected = predicted(guest_home, classifier, "imagefolder")
    file = csv_file(expected.probabilities[list(PERMUTED)], header=False)
    path = tmp_path / "mine.csv"
    path.write_bytes(file.content)
    added = adding.add(path, "mine", GuestOptions(), as_given=True)
    assert added.proposal is None
    assert added.card.score("test").accuracy < 0.3
    assert guest_names() == ["mine"]


FORMS = {
    "named columns in another order": lambda p: p[list(PERMUTED)].add_prefix("p_"),
    "words and suffixes": lambda p: p.rename(columns={"happy": "Happiness", "sad": "Sadness"}).add_suffix(" (prob)"),
    "numbered columns": lambda p: p[list(EMOTIONS)].set_axis([f"prob_{number}" for number in range(7)], axis=1),
    "columns counted from 1": lambda p: p[list(EMOTIONS)].set_axis(range(1, 8), axis=1),
    "percent": lambda p: 100 * p,
    "percent with one decimal": lambda p: (100 * p).round(1),
    "rounded": lambda p: p.round(3),
    "logits": lambda p: 3 + np.log(p),
    "log-probabilities": lambda p: np.log(p),
    "a column of row numbers": lambda p: p.reset_index(),
    "further columns": lambda p: p.assign(predicted_label="happy", true_label=3),
    "two sets of columns": lambda p: p.add_prefix("p_").join(np.log(p).add_prefix("logit_")),
    "words as labels": lambda p: p.idxmax(axis=1).rename("prediction").to_frame().assign(label="happy"),
    "other words as labels": lambda p: p.idxmax(axis=1).replace({"angry": "Anger", "fear": "FEARFUL"}).to_frame("pred"),
    "numbers as labels": lambda p: pd.DataFrame({"class": p[list(EMOTIONS)].to_numpy().argmax(axis=1).astype(float)}),
    "one-hot": lambda p: pd.DataFrame(np.eye(7, dtype=int)[p[list(EMOTIONS)].to_numpy().argmax(axis=1)]),
}
"""Form of the table -> function that makes it from probabilities with one column per emotion."""


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_table_gives_the_same_accuracy(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, form: str
) -> None:
    expected = predicted(guest_home, classifier, "imagefolder")
    added = add(csv_file(FORMS[form](expected.probabilities)), tmp_path)
    assert added.proposal is None
    scores = read_card("mine").score("test")
    assert scores.accuracy == pytest.approx(expected.accuracy, abs=0.005 if "decimal" in form or "round" in form else 0)
    if "labels" in form or form == "one-hot":
        assert (scores.ece, scores.nll, scores.brier) == (None, None, None)
        assert set(read_predictions("mine")["confidence"]) == {1}
        assert not read_card("mine").has_probabilities
    elif "decimal" not in form and "round" not in form:
        assert scores.nll == pytest.approx(expected.nll, abs=1e-5)


@pytest.mark.parametrize(
    "encode",
    [
        lambda t: t.to_csv(index=False, sep=";", decimal=",").encode(),
        lambda t: t.to_csv(index=False, sep="\t").encode("utf-16"),
        lambda t: t.to_csv(index=False).encode("utf-8-sig"),
        lambda t: t.to_csv(index=False, lineterminator="\r\n").encode() + b"\r\n\r\n",
        lambda t: t.to_csv(index=False, header=False, sep=" ").encode(),
        lambda t: t.to_csv(sep=" ", quoting=csv.QUOTE_NONNUMERIC).replace('"" ', "", 1).encode(),
        lambda t: t.map(lambda value: f"{value!r}".replace(".", ",")).to_csv(index=False).encode(),
        lambda t: pd.Series(t.to_numpy().argmax(axis=1)).to_csv().encode(),
        lambda t: t.idxmax(axis=1).to_frame().to_csv(index=False).encode(),
        lambda t: b"".join(b"%.18e\n" % label for label in t.to_numpy().argmax(axis=1)),
    ],
    ids=[
        *("semicolons and decimal commas", "tabs and UTF-16", "byte order mark", "Windows line ends", "numpy.savetxt"),
        *("R's write.table", "decimal commas in quotes", "a Series of numbers", "words below the header 0"),
        "labels by numpy.savetxt",
    ],
)
def test_every_encoding_of_the_table_is_read(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, encode: object
) -> None:
    expected = predicted(guest_home, classifier, "imagefolder")
    assert callable(encode)
    added = add(GuestFile("mine.csv", encode(expected.probabilities[list(EMOTIONS)])), tmp_path)
    assert added.proposal is None
    assert added.card.score("test").accuracy == expected.accuracy


def with_ids(folder: Path, classifier: LogisticRegression) -> pd.DataFrame:
    """Return probabilities by image_id, from the imported faces."""
    data = current_import()
    assert data is not None
    manifest = data.manifest()
    pixels = np.asarray(data.faces(), np.float64).reshape(len(manifest), -1) / 255
    table = pd.DataFrame(classifier.predict_proba(pixels), columns=list(classifier.classes_))
    table.insert(0, "image_id", manifest["image_id"])
    return table[(manifest["split"] == "test").to_numpy()].sample(frac=1, random_state=0)


ID_FORMS = {
    "ids": ("image_id", lambda ids: ids),
    "files": ("filename", lambda ids: ids + ".jpg"),
    "paths": ("Path", lambda ids: "/kaggle/input/fer2013/" + ids + ".png"),
    "Keras' file names": ("file", lambda ids: ids.str.removeprefix("test/") + ".jpg"),
    "Windows": ("image", lambda ids: "D:\\fer\\" + ids.str.replace("/", "\\") + ".JPG"),
    "names alone": ("id", lambda ids: ids.str.split("/").str[-1]),
    "no heading": ("", lambda ids: ids),
}


@pytest.mark.parametrize("form", ID_FORMS)
def test_ids_are_understood_with_and_without_folders_and_endings(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, form: str
) -> None:
    expected = predicted(guest_home, classifier, "imagefolder")
    name, change = ID_FORMS[form]
    table = with_ids(guest_home, classifier)
    table = table.assign(image_id=change(table["image_id"])).rename(columns={"image_id": name})
    added = add(csv_file(table), tmp_path)
    assert added.proposal is None
    assert (added.card.score("test").n, added.card.score("test").accuracy) == (TEST_IMAGES, expected.accuracy)
    assert added.card.recipe["order"] is None


def test_ids_with_a_wrong_order_of_classes_are_proposed(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path
) -> None:
    expected = predicted(guest_home, classifier, "imagefolder")
    table = with_ids(guest_home, classifier)[["image_id", *CSV_EMOTIONS]]
    added = add(csv_file(table.set_axis(["image_id", *range(7)], axis=1)), tmp_path)
    assert added.proposal is not None
    assert (added.proposal.classes, added.proposal.accuracy) == (CSV_EMOTIONS, expected.accuracy)
    assert class_order_text(added.proposal.classes) == "csv"


@pytest.mark.parametrize(("usage", "order"), [("PublicTest", "csv-public"), ("PrivateTest", "csv-private")])
def test_one_half_of_the_test_images_is_enough(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, usage: str, order: str
) -> None:
    table = with_ids(guest_home, classifier)
    added = add(csv_file(table[table["image_id"].str.contains(usage)]), tmp_path)
    expected = predicted(guest_home, classifier, order)
    assert (added.card.score("test").n, added.card.score("test").accuracy) == (TEST_IMAGES // 2, expected.accuracy)
    assert added.card.score("public" if usage == "PrivateTest" else "private").n == 0


def test_rows_of_train_images_are_left_out_with_a_note(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path
) -> None:
    table = with_ids(guest_home, classifier)
    more = table.head(2).assign(image_id=["train/angry/Training_0", "train/happy/Training_21.jpg"])
    added = add(csv_file(pd.concat([more, table])), tmp_path)
    assert added.note == "2 rows of train and val images were left out."
    assert added.card.score("test").n == TEST_IMAGES == len(read_predictions("mine"))


@pytest.mark.parametrize("has_index", [False, True], ids=["a column", "the index"])
def test_a_parquet_file_is_read_with_ids_in_a_column_or_in_the_index(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, has_index: bool
) -> None:
    table = with_ids(guest_home, classifier)
    table = (table.set_index("image_id") if has_index else table).astype({"fear": "float32"})
    table.to_parquet(tmp_path / "mine.parquet")
    added = adding.add(tmp_path / "mine.parquet", "mine", GuestOptions())
    assert added.card.score("test").accuracy == predicted(guest_home, classifier, "imagefolder").accuracy


def test_the_predictions_of_a_guest_can_be_added_again(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path
) -> None:
    add(csv_file(with_ids(guest_home, classifier)), tmp_path)
    first = read_predictions("mine")
    (tmp_path / "again.parquet").write_bytes((tmp_path / "models/guests/mine/predictions.parquet").read_bytes())
    adding.add(tmp_path / "again.parquet", "again", GuestOptions())
    pd.testing.assert_frame_equal(
        read_predictions("again")[list(PROBABILITY_COLUMNS)], first[list(PROBABILITY_COLUMNS)]
    )
    manifest = current_import().manifest()  # type: ignore[union-attr]
    assert len(scored_predictions("again", manifest)) == TEST_IMAGES


@pytest.mark.parametrize("name", ["layout", "channels", "scale", "mean", "std"])
def test_options_of_models_are_refused_for_predictions(
    guest_home: Path, classifier: LogisticRegression, tmp_path: Path, name: str
) -> None:
    value = {"layout": "nchw", "channels": "1", "scale": "255", "mean": "0.5", "std": "0.5"}[name]
    with pytest.raises(InputError, match=f"{name} is an option for models"):
        add(csv_file(with_ids(guest_home, classifier)), tmp_path, **{name: value})
    assert guest_names() == []
