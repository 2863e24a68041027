"""Rows of the error list -> cards with the face and both models' bars."""

import numpy as np
import pandas as pd

from core.emotions import EMOTIONS
from dashboard.face_cards import FaceCard, data_address


def cards(rows: pd.DataFrame, models: tuple[str, str], faces: np.ndarray | None) -> list[FaceCard]:
    """A card a row; `faces` is (n, 48, 48) uint8 in the order of the rows, None where they are not there."""
    pictures = [None] * len(rows) if faces is None else map(data_address, faces)
    return [_card(row, models, picture) for row, picture in zip(rows.to_dict("records"), pictures, strict=True)]


def _card(row: dict, models: tuple[str, str], picture: str | None) -> FaceCard:
    return FaceCard(
        title=f"labelled {row['true_label']}",
        notes=(f"A says {row['predicted_a']}", f"B says {row['predicted_b']}", row["image_id"]),
        picture=picture,
        bars={f"{side.upper()}: {name}": _probabilities(row, side) for side, name in zip("ab", models, strict=True)},
        true_label=row["true_label"],
        alt=f"a face labelled {row['true_label']}",
    )


def _probabilities(row: dict, side: str) -> list[float]:
    return [row[f"p_{emotion}_{side}"] for emotion in EMOTIONS]
