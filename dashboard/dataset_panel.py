"""The parts of the Dataset page."""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from core import quality
from core.dataset import import_dataset
from core.emotions import EMOTIONS
from core.exceptions import InputError
from dashboard import components, resources
from dashboard.charts import dataset as charts
from dashboard.face_cards import FaceCard, data_address

SAMPLES = 5
"""Faces shown of each emotion."""

KAGGLE = "https://www.kaggle.com/datasets/msambare/fer2013"


class Fault(NamedTuple):
    """A kind of image that deserves a second look."""

    title: str
    meaning: str
    rows: Callable[[pd.DataFrame], pd.DataFrame]
    """The manifest -> its rows of this kind."""


FAULTS = {
    "duplicates": Fault(
        "Duplicates", "Images that have a pixel-identical copy; the copies stand together.", quality.duplicates
    ),
    "leaks": Fault(
        "Leaks",
        "Test images with a pixel-identical copy in Training: a model may know them by heart. The slice *leak-free* "
        "leaves them out.",
        quality.leaks,
    ),
    "conflicts": Fault(
        "Label conflicts",
        "The same picture under different labels: one must be wrong.",
        quality.label_conflicts,
    ),
    "blanks": Fault("Blanks", "Pictures of one flat gray, without any face.", quality.blanks),
}


def show_balance(manifest: pd.DataFrame) -> None:
    """Counts or shares of each class in each split, as bars and as a table."""
    counts = quality.class_counts(manifest)
    ratio = quality.imbalance_ratio(counts["train"])
    components.subheader(
        "Class balance",
        f"The largest class of train has **{ratio:.1f} times** the images of the smallest: read accuracy beside the "
        "macro-F1, which gives each class the same weight."
        if ratio == ratio
        else "At least one class has no image in train.",
    )
    form = st.segmented_control("Show", ["Images", "Shares"], default="Images", required=True, key="balance")
    components.show(charts.class_bars(counts, form == "Shares"), "Images of each emotion in train, val and test")
    table = counts.assign(all=counts.sum(axis=1)).rename_axis("emotion").reset_index()
    total = pd.DataFrame([{"emotion": "all", **table.drop(columns="emotion").sum()}])
    table = pd.concat([table.astype({"emotion": str}), total], ignore_index=True)
    components.text_table(table.map(lambda value: f"{value:,}" if isinstance(value, int) else str(value)))
    components.download_csv(table, "class-counts")


def show_means(means: np.ndarray) -> None:
    """(7, 48, 48) float32 mean Training faces."""
    components.subheader(
        "Mean faces",
        "The average of all Training images of an emotion: what they share shows, what differs blurs.",
    )
    cards = [
        FaceCard(title=emotion, picture=data_address(mean.round().astype(np.uint8)), alt=f"mean face of {emotion}")
        for emotion, mean in zip(EMOTIONS, means, strict=True)
    ]
    components.face_grid(cards, card_width=190)


def show_samples(manifest: pd.DataFrame) -> None:
    """Random faces of an emotion; another draw at each press of the button."""
    components.subheader("Samples", "Images of one emotion, drawn at random from all splits.")
    emotion = st.segmented_control("Emotion", EMOTIONS, default="angry", required=True, key="emotion")
    draw = st.session_state.setdefault("draw", 0)
    if st.button("Reshuffle", icon=":material/shuffle:"):
        st.session_state["draw"] = draw = draw + 1
    members = manifest[manifest["true_label"] == emotion]
    show_images(members.sample(min(4 * SAMPLES, len(members)), random_state=draw))


def show_light(manifest: pd.DataFrame) -> None:
    """Brightness and contrast of each class."""
    components.subheader("Brightness and contrast", "Boxes hold the middle half of a class, whiskers nine tenths.")
    left, right = st.columns(2)
    with left:
        components.show(charts.class_boxes(manifest, "brightness", "mean gray level"), "Brightness by emotion")
    with right:
        contrast = charts.class_boxes(manifest, "contrast", "standard deviation of gray levels")
        components.show(contrast, "Contrast by emotion")


def show_faults(manifest: pd.DataFrame) -> None:
    """How many images of each kind there are, and the images of the chosen kind."""
    components.subheader("Quality", "Copies were compared pixel by pixel. Choose a kind to see its images.")
    found = {name: fault.rows(manifest) for name, fault in FAULTS.items()}
    for column, (name, rows) in zip(components.columns(len(found), per_row=4), found.items(), strict=True):
        column.metric(FAULTS[name].title, f"{len(rows):,}", help=FAULTS[name].meaning, border=True)
    chosen = st.segmented_control(
        "Images of", list(FAULTS), default="leaks", required=True, format_func=lambda name: FAULTS[name].title,
        key="fault", bind="query-params",
    )  # fmt: skip
    st.caption(FAULTS[chosen].meaning)
    rows = found[chosen]
    if rows.empty:
        st.info("There is none in this data set.", icon=":material/check:")
        return
    columns = ["image_id", "usage", "split", "true_label", "duplicate_group"]
    components.download_csv(rows[columns], chosen, "The whole list as CSV")
    show_images(components.page_of(rows, per_page=24))


def show_images(rows: pd.DataFrame) -> None:
    """A card for each row of the manifest; without the pictures where none are imported."""
    faces = resources.faces_of(rows["image_id"])
    pictures = [None] * len(rows) if faces is None else map(data_address, faces)
    cards = [
        FaceCard(
            title=str(row["true_label"]),
            notes=(f"{row['usage']}, {row['split']}", row["image_id"]),
            picture=picture,
            alt=f"a face labelled {row['true_label']}",
        )
        for row, picture in zip(rows.to_dict("records"), pictures, strict=True)
    ]
    components.face_grid(cards, card_width=200)


def show_import() -> None:
    """How to bring the pictures: by command, or by upload where that is allowed."""
    components.subheader(
        "Bring the pictures",
        f"FER2013 is research data of others and does not come with FERscope. Get `archive.zip` from "
        f"[Kaggle]({KAGGLE}), or use the original `fer2013.csv`; then upload it here, or run",
    )
    st.code("python -m core import archive.zip\npython -m core import --kaggle", language="shell")
    if resources.read_only():
        st.info("This is a shared deployment: its data set cannot be changed from here.", icon=":material/lock:")
        return
    upload = st.file_uploader("archive.zip or fer2013.csv", type=["zip", "csv"], key="upload")
    if upload and st.button("Import", type="primary", icon=":material/upload:"):
        _import(upload)


def _import(upload: BinaryIO) -> None:
    """Run the import with a bar; its report stays until the next one."""
    bar = st.progress(0.0, "Reading the upload ...")
    try:
        report = import_dataset(
            upload, on_progress=lambda stage, done, total: bar.progress(done / max(total, 1), stage)
        )
    except InputError as error:
        bar.empty()
        st.error(str(error), icon=":material/error:")
        return
    st.session_state["import-report"] = "  \n".join(report.sentences())
    st.rerun()


def show_report() -> None:
    """What the last import of this visit did."""
    if report := st.session_state.get("import-report"):
        st.success(report, icon=":material/check:")
