"""The data set that every reader of FER2013 returns, and the error message for unreadable images."""

from dataclasses import dataclass

import pandas as pd

from core.vision.crops import Faces


@dataclass(frozen=True)
class LabelledImages:
    """A data set in memory, as read from its source."""

    table: pd.DataFrame
    """One row per face, with the columns image_id (str), usage and true_label."""
    faces: Faces
    """(n, 48, 48) uint8; row i belongs to row i of `table`."""
    resized: int = 0
    """Number of images that were resized to 48 x 48 pixels."""
    recoloured: int = 0
    """Number of images that were converted to 8-bit gray."""
    skipped: tuple[str, ...] = ()
    """One text per image that could not be read and was left out: its name and the reason."""


def unreadable_images_message(problems: list[str]) -> str:
    """Return the error message for unreadable images. `problems` has one text per image; the first five are shown."""
    more = f" And {len(problems) - 5:,} more." if len(problems) > 5 else ""
    noun, pronoun = ("image", "it") if len(problems) == 1 else ("images", "them")
    return (
        f"{len(problems):,} {noun} cannot be read. {' '.join(problems[:5])}{more} "
        f"Download the data set again, or leave {pronoun} out with --skip-bad."
    )
