"""Cards with images of the data set."""

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from dashboard import keys, resources
from dashboard.components import displays, layout
from dashboard.components.face_cards import FaceCard, data_urls

SAMPLES = 20
"""Number of random images that are shown."""


def show_samples(manifest: pd.DataFrame) -> None:
    """Show random images of one emotion, and a button that replaces them with others."""
    layout.subheader("Samples", "Random images of one emotion, from all splits.")
    emotion = st.segmented_control("Emotion", EMOTIONS, default="angry", required=True, key=keys.EMOTION)
    draw = st.session_state.setdefault(keys.SAMPLE_DRAW, 0)
    if st.button("Reshuffle", icon=":material/shuffle:"):
        st.session_state[keys.SAMPLE_DRAW] = draw = draw + 1
    candidates = manifest[manifest["true_label"] == emotion]
    show_images(candidates.sample(min(SAMPLES, len(candidates)), random_state=draw))


def show_images(rows: pd.DataFrame) -> None:
    """Show one card per row of the manifest, without faces if no data set is imported."""
    faces = resources.data.faces_of(rows["image_id"])
    image_urls = data_urls(faces, len(rows))
    cards = [
        FaceCard(
            title=str(row["true_label"]),
            notes=(f"{row['usage']}, {row['split']}", row["image_id"]),
            image_url=image_url,
            alt=f"a face labelled {row['true_label']}",
        )
        for row, image_url in zip(rows.to_dict("records"), image_urls, strict=True)
    ]
    displays.face_grid(cards, card_width=200)
