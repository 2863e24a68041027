"""Cards of the Errors page: the face, both predicted labels, and both models' probabilities."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from core.emotions import EMOTIONS
from core.vision.crops import Faces
from dashboard.components.face_cards import FaceCard, data_urls

Row = Mapping[Hashable, Any]


def cards(rows: pd.DataFrame, models: tuple[str, str], faces: Faces | None) -> list[FaceCard]:
    """Return one card per row. `faces` is (n, 48, 48) uint8 in the order of the rows, or None without an import."""
    image_urls = data_urls(faces, len(rows))
    return [_card(row, models, image_url) for row, image_url in zip(rows.to_dict("records"), image_urls, strict=True)]


def _card(row: Row, models: tuple[str, str], image_url: str | None) -> FaceCard:
    return FaceCard(
        title=f"labelled {row['true_label']}",
        notes=(f"A predicts {row['predicted_label_a']}", f"B predicts {row['predicted_label_b']}", row["image_id"]),
        image_url=image_url,
        bars={f"{side.upper()}: {name}": _probabilities(row, side) for side, name in zip("ab", models, strict=True)},
        true_label=row["true_label"],
        alt=f"a face labelled {row['true_label']}",
    )


def _probabilities(row: Row, side: str) -> list[float]:
    return [row[f"p_{emotion}_{side}"] for emotion in EMOTIONS]
