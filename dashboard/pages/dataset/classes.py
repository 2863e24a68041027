"""Class balance, mean faces, brightness and contrast of each emotion."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data import balance
from core.emotions import EMOTIONS
from core.vision.images import data_url
from dashboard import keys
from dashboard.components import displays, downloads, layout, pickers
from dashboard.components.face_cards import FaceCard
from dashboard.pages.dataset import charts


def show_balance(manifest: pd.DataFrame) -> None:
    """Show counts or shares of each class in each split, as bars and as a table."""
    counts = balance.class_counts(manifest)
    ratio = balance.imbalance_ratio(counts["train"])
    layout.subheader(
        "Class balance",
        f"In train, the largest class has **{ratio:.1f} times** as many images as the smallest. Accuracy therefore "
        "depends mostly on the large classes. Macro-F1, the mean F1 of the classes, gives each class the same weight."
        if not np.isnan(ratio)
        else "At least one class has no images in train.",
    )
    unit = pickers.segmented_control("Show", ["Images", "Shares"], keys.BALANCE)
    displays.show(charts.class_bars(counts, unit == "Shares"), charts.balance_finding(counts))
    table = counts.assign(all=counts.sum(axis=1)).rename_axis("emotion").reset_index()
    total = pd.DataFrame([{"emotion": "all", **table.drop(columns="emotion").sum()}])
    table = pd.concat([table.astype({"emotion": str}), total], ignore_index=True)
    displays.text_table(table.map(lambda value: f"{value:,}" if isinstance(value, int) else str(value)))
    downloads.csv_button(table, "class-counts")


def show_means(means: NDArray[np.float32]) -> None:
    """Show the mean faces. `means` is (7, 48, 48) float32 in the order of EMOTIONS."""
    layout.subheader(
        "Mean faces",
        "The mean of all images of an emotion in the contest's training set (usage Training). Features that most faces "
        "share are sharp, and all others are blurred.",
    )
    cards = [
        FaceCard(title=emotion, image_url=data_url(mean.round().astype(np.uint8)), alt=f"mean face of {emotion}")
        for emotion, mean in zip(EMOTIONS, means, strict=True)
    ]
    displays.face_grid(cards, card_width=190)


def show_brightness(manifest: pd.DataFrame) -> None:
    """Show the brightness and the contrast of each class."""
    layout.subheader(
        "Brightness and contrast", "Boxes hold the middle 50 % of a class's images, whiskers the middle 90 %."
    )
    displays.show_when_seen("Charts of brightness and contrast", lambda: _show_boxes(manifest))


def _show_boxes(manifest: pd.DataFrame) -> None:
    panels = (("brightness", "mean gray level"), ("contrast", "standard deviation of gray levels"))
    for column, (measure, unit) in zip(st.columns(2), panels, strict=True):
        spread = charts.quantiles(manifest, measure)
        title = f"{measure.capitalize()} by emotion"
        with column:
            displays.show(
                charts.class_boxes(spread, title, unit),
                f"{title}: {charts.spread_finding(spread)}",
                table=charts.spread_texts(spread),
            )
