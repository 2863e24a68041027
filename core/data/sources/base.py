"""What every reader of FER2013 gives."""

from dataclasses import dataclass

import pandas as pd

from core.vision.crops import Faces


@dataclass(frozen=True)
class LabelledImages:
    """A data set as its source gives it, in memory."""

    table: pd.DataFrame
    """image_id (str), usage, true_label; one row a face."""
    faces: Faces
    """(n, 48, 48) uint8."""
    resized: int = 0
    """Pictures of another size, brought to 48 x 48."""
    recoloured: int = 0
    """Pictures in colour or another mode, brought to 8-bit gray."""
    skipped: tuple[str, ...] = ()
    """Pictures that could not be read and were left out on request, each with its reason."""


def bad_pictures(bad: list[str]) -> str:
    """The sentence about pictures that stop an import; names five of them."""
    more = f" And {len(bad) - 5:,} more." if len(bad) > 5 else ""
    noun, them = ("picture", "it") if len(bad) == 1 else ("pictures", "them")
    return (
        f"{len(bad):,} {noun} cannot be read. {' '.join(bad[:5])}{more} "
        f"Download the data set again, or import it without {them}: --skip-bad."
    )
