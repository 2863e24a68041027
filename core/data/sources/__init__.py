"""Read FER2013, or a data set like it, from folders, zips, tars and CSVs of many forms."""

from pathlib import Path
from typing import BinaryIO

import pandas as pd

from core.callbacks import StageProgress
from core.data.sources.base import LabelledImages, ReadOptions
from core.data.sources.labelling import label_images
from core.data.sources.opening import open_file, open_path

Source = Path | BinaryIO
"""A path, or an uploaded file: an open binary file that has a name."""


def read_source(
    source: Source, shipped: pd.DataFrame, options: ReadOptions, on_progress: StageProgress
) -> LabelledImages:
    """Read a data set from any source and return it sorted by image_id. Raises InputError if it is not understood.

    Images of the manifest `shipped` are recognised by their content and get its image_id.
    """
    if isinstance(source, Path):
        images = open_path(source, options, on_progress)
    else:
        images = open_file(source, source.name, options, on_progress)
    return label_images(images, shipped, options)
