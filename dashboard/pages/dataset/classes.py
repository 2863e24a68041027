"""The classes: how many images each has, how they look on average, their light."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data import balance
from core.emotions import EMOTIONS
from dashboard import keys
from dashboard.components import displays, downloads, layout
from dashboard.components.face_cards import FaceCard, data_address
from dashboard.pages.dataset import charts


def show_balance(manifest: pd.DataFrame) -> None:
    """Counts or shares of each class in each split, as bars and as a table."""
    counts = balance.class_counts(manifest)
    ratio = balance.imbalance_ratio(counts["train"])
    layout.subheader(
        "Class balance",
        f"The largest class of train has **{ratio:.1f} times** the images of the smallest: read accuracy beside the "
        "macro-F1, which gives each class the same weight."
        if ratio == ratio
        else "At least one class has no image in train.",
    )
    form = st.segmented_control("Show", ["Images", "Shares"], default="Images", required=True, key=keys.BALANCE)
    displays.show(charts.class_bars(counts, form == "Shares"), "Images of each emotion in train, val and test")
    table = counts.assign(all=counts.sum(axis=1)).rename_axis("emotion").reset_index()
    total = pd.DataFrame([{"emotion": "all", **table.drop(columns="emotion").sum()}])
    table = pd.concat([table.astype({"emotion": str}), total], ignore_index=True)
    displays.text_table(table.map(lambda value: f"{value:,}" if isinstance(value, int) else str(value)))
    downloads.csv_button(table, "class-counts")


def show_means(means: NDArray[np.float32]) -> None:
    """(7, 48, 48) float32 mean Training faces."""
    layout.subheader(
        "Mean faces",
        "The average of all Training images of an emotion: what they share shows, what differs blurs.",
    )
    cards = [
        FaceCard(title=emotion, picture=data_address(mean.round().astype(np.uint8)), alt=f"mean face of {emotion}")
        for emotion, mean in zip(EMOTIONS, means, strict=True)
    ]
    displays.face_grid(cards, card_width=190)


def show_light(manifest: pd.DataFrame) -> None:
    """Brightness and contrast of each class."""
    layout.subheader("Brightness and contrast", "Boxes hold the middle half of a class, whiskers nine tenths.")
    left, right = st.columns(2)
    with left:
        displays.show(charts.class_boxes(manifest, "brightness", "mean gray level"), "Brightness by emotion")
    with right:
        contrast = charts.class_boxes(manifest, "contrast", "standard deviation of gray levels")
        displays.show(contrast, "Contrast by emotion")
