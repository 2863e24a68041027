"""Images of the data set as cards."""

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from dashboard import keys, resources
from dashboard.components import displays, layout
from dashboard.components.face_cards import FaceCard, data_addresses

SAMPLES = 5
"""Faces shown of each emotion."""


def show_samples(manifest: pd.DataFrame) -> None:
    """Random faces of an emotion; another draw at each press of the button."""
    layout.subheader("Samples", "Images of one emotion, drawn at random from all splits.")
    emotion = st.segmented_control("Emotion", EMOTIONS, default="angry", required=True, key=keys.EMOTION)
    draw = st.session_state.setdefault(keys.SAMPLE_DRAW, 0)
    if st.button("Reshuffle", icon=":material/shuffle:"):
        st.session_state[keys.SAMPLE_DRAW] = draw = draw + 1
    members = manifest[manifest["true_label"] == emotion]
    show_images(members.sample(min(4 * SAMPLES, len(members)), random_state=draw))


def show_images(rows: pd.DataFrame) -> None:
    """A card for each row of the manifest; without the pictures if none are imported."""
    faces = resources.data.faces_of(rows["image_id"])
    pictures = data_addresses(faces, len(rows))
    cards = [
        FaceCard(
            title=str(row["true_label"]),
            notes=(f"{row['usage']}, {row['split']}", row["image_id"]),
            picture=picture,
            alt=f"a face labelled {row['true_label']}",
        )
        for row, picture in zip(rows.to_dict("records"), pictures, strict=True)
    ]
    displays.face_grid(cards, card_width=200)
