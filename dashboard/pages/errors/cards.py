"""Rows of the error list -> cards with the face and both models' bars."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from core.emotions import EMOTIONS
from core.vision.crops import Faces
from dashboard.components.face_cards import FaceCard, data_addresses

Row = Mapping[Hashable, Any]


def cards(rows: pd.DataFrame, models: tuple[str, str], faces: Faces | None) -> list[FaceCard]:
    """One card per row; `faces` is (n, 48, 48) uint8 in the order of the rows, None if they are not there."""
    pictures = data_addresses(faces, len(rows))
    return [_card(row, models, picture) for row, picture in zip(rows.to_dict("records"), pictures, strict=True)]


def _card(row: Row, models: tuple[str, str], picture: str | None) -> FaceCard:
    return FaceCard(
        title=f"labelled {row['true_label']}",
        notes=(f"A says {row['predicted_label_a']}", f"B says {row['predicted_label_b']}", row["image_id"]),
        picture=picture,
        bars={f"{side.upper()}: {name}": _probabilities(row, side) for side, name in zip("ab", models, strict=True)},
        true_label=row["true_label"],
        alt=f"a face labelled {row['true_label']}",
    )


def _probabilities(row: Row, side: str) -> list[float]:
    return [row[f"p_{emotion}_{side}"] for emotion in EMOTIONS]
