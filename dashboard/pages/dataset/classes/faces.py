"""Mean faces of the classes, how much their pixels vary, and how they differ from the mean of all faces."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data import balance, faces_of_class, shipped
from core.emotions import EMOTIONS
from core.vision.images import data_url
from dashboard import keys, resources
from dashboard.components import layout, pickers

MEAN, DIFFERENCE, VARIATION = "Mean", "Difference from all", "Variation"

Maps = NDArray[np.float32]


def show() -> None:
    """Show one picture per emotion of FER2013: its mean face, the difference, or the variation."""
    layout.subheader("How the emotions look", "Computed from all images of Training, pixel by pixel.")
    view = pickers.segmented_control("Pictures", [MEAN, DIFFERENCE, VARIATION], keys.CLASS_FACES)
    means = resources.data.mean_faces()
    counts = balance.usage_counts(resources.data.manifest())["Training"].to_numpy().astype(np.int64)
    maps = faces_of_class.differences(means, counts)
    if view == DIFFERENCE:
        pictures, text = faces_of_class.diverging_pictures(maps), difference_text(maps)
    elif view == VARIATION:
        deviations = np.sqrt(shipped.face_variances())
        pictures, text = faces_of_class.gray_pictures(deviations), variation_text(deviations)
    else:
        pictures, text = means.round().astype(np.uint8), mean_text(maps)
    st.html(pictures_html(pictures, view))
    st.html(f'<p class="ferscope-note">{text}</p>')


def pictures_html(pictures: NDArray[np.uint8], view: str) -> str:
    """Return one figure per emotion as HTML. `pictures` is (7, 48, 48) or (7, 48, 48, 3) uint8."""
    figures = "".join(
        f'<figure><img src="{data_url(picture)}" alt="{view} of {emotion}"><figcaption>{emotion}</figcaption></figure>'
        for emotion, picture in zip(EMOTIONS, pictures, strict=True)
    )
    return f'<div class="ferscope-class-faces">{figures}</div>'


def mean_text(maps: Maps) -> str:
    """Explain the mean faces. `maps` are their differences from the mean of all, (7, 48, 48)."""
    distances = faces_of_class.distances(maps)
    most, least = EMOTIONS[int(distances.argmax())], EMOTIONS[int(distances.argmin())]
    return (
        f"What most faces share is sharp, all else is blurred. The mean of {most} differs most from the mean of all: "
        f"{distances.max():.0f} gray levels (root mean square); that of {least} least, by {distances.min():.0f}."
    )


def difference_text(maps: Maps) -> str:
    """Explain the colours of the differences from the mean of all, (7, 48, 48)."""
    end = faces_of_class.limit(maps)
    return (
        f"{_swatch(faces_of_class.BRIGHTER)} brighter than the mean of all faces, {_swatch(faces_of_class.DARKER)} "
        f"darker, white equal. The full colour is {end:.0f} gray levels, on one scale for all emotions."
    )


def variation_text(deviations: Maps) -> str:
    """Explain the standard deviations, (7, 48, 48)."""
    means = deviations.mean(axis=(1, 2))
    most, least = EMOTIONS[int(means.argmax())], EMOTIONS[int(means.argmin())]
    return (
        "The standard deviation of each pixel: white varies most "
        f"({faces_of_class.limit(deviations):.0f} gray levels), black not at all. On average over the face, {most} "
        f"varies most ({means.max():.0f}) and {least} least ({means.min():.0f})."
    )


def _swatch(color: str) -> str:
    return f'<span class="ferscope-swatch" style="background:{color}"></span>'
