"""The common result of the readers of FER2013."""

from dataclasses import dataclass

import pandas as pd

from core.vision.crops import Faces


@dataclass(frozen=True)
class LabelledImages:
    """A data set in memory, as read from its source."""

    table: pd.DataFrame
    """Columns image_id (str), usage and true_label; one row per face."""
    faces: Faces
    """(n, 48, 48) uint8; row i belongs to row i of `table`."""
    resized: int = 0
    """Number of images of another size, resized to 48 x 48."""
    recoloured: int = 0
    """Number of images in colour or another mode, converted to 8-bit gray."""
    skipped: tuple[str, ...] = ()
    """Images that could not be read and were left out (`skip_bad`), each with the reason."""


def unreadable_images_message(bad: list[str]) -> str:
    """Error message for images that cannot be read; lists the first five of them."""
    more = f" And {len(bad) - 5:,} more." if len(bad) > 5 else ""
    noun, them = ("image", "it") if len(bad) == 1 else ("images", "them")
    return (
        f"{len(bad):,} {noun} cannot be read. {' '.join(bad[:5])}{more} "
        f"Download the data set again, or leave {them} out with --skip-bad."
    )
