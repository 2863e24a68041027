"""The images of the data set that are most like a face of a photo."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.exceptions import InputError
from dashboard import keys, resources
from dashboard.components import displays, notices
from dashboard.components.face_cards import FaceCard, data_urls
from dashboard.components.face_view import comparing
from dashboard.components.face_view.answers import Answer, stored_answers
from dashboard.components.face_view.similar import COUNT, distance_text

CARD_WIDTH = 200
"""Minimum card width in CSS pixels."""

LEAD = (
    '<p class="ferscope-note">The images of the data set whose embedding by the default network is nearest, each with '
    "its distance. Of test images, the models' stored predictions are shown too.</p>"
)


def show(face: NDArray[np.uint8], models: Sequence[str]) -> None:
    """Show the images that are nearest to a face, (48, 48) uint8, with their labels and what the models predict.

    Until the images have been compared, show a button. Raises InputError without a default network.
    """
    if resources.stamps.fingerprint() is None:
        notices.data_missing_notice("Faces like this one cannot be shown")
        return
    if not comparing.is_ready(keys.PHOTO_FIND):
        return
    found = resources.neighbours.nearest(face, COUNT)
    if found is not None:
        st.html(LEAD)
        displays.face_grid(cards(found, models), CARD_WIDTH)


def cards(found: pd.DataFrame, models: Sequence[str]) -> list[FaceCard]:
    """Return one card per similar image; `found` is the result of `Index.nearest`."""
    rows = resources.data.manifest().iloc[resources.data.positions(found["image_id"])]
    answers = {model: _answers(model, found["image_id"]) for model in models}
    urls = data_urls(resources.data.faces_of(found["image_id"]), len(found))
    return [
        FaceCard(
            title=f"labelled {row['true_label']}",
            notes=(
                f"{row['split']} · {distance_text(distance)}",
                *(
                    f"{model}: {said[row['image_id']].text}"
                    for model, said in answers.items()
                    if row["image_id"] in said
                ),
                row["image_id"],
            ),
            image_url=url,
            alt=f"a face labelled {row['true_label']}",
        )
        for row, distance, url in zip(rows.to_dict("records"), found["distance"], urls, strict=True)
    ]


def _answers(model: str, image_ids: "pd.Series[str]") -> dict[str, Answer]:
    """Return the model's stored answers by image; none if its predictions cannot be read."""
    try:
        return stored_answers(model, image_ids)
    except InputError:
        return {}
