"""Assign the rows of a table to the test images: by their ids, or by the order in which programs read the images."""

from __future__ import annotations

import re
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.manifest import NO_ROW
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import RowOrder

ROW_ORDERS: tuple[RowOrder, ...] = get_args(RowOrder)

ENDING = re.compile(r"\.(jpe?g|png|bmp|gif|webp|tiff?|pgm|npy)$", re.IGNORECASE)

AMBIGUOUS = "ambiguous"
"""Stands for an image in `_lookup` if several have this name."""


def rows_by_id(ids: list[str], manifest: pd.DataFrame, file_name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the file that are test images, and their rows in the manifest, both (n,) int64.

    Ids may have an ending, backslashes and other folders: only as many folders count as tell the images apart. The test
    images must be all of them, all of PublicTest or all of PrivateTest. Raises InputError otherwise.
    """
    lookup = _lookup(manifest)
    found = [_find(image_id, lookup) for image_id in ids]
    _check_known(ids, found, file_name)
    positions = pd.Index(manifest["image_id"]).get_indexer(pd.Index(found))
    is_test = (manifest["split"] == "test").to_numpy()[positions]
    rows = np.flatnonzero(is_test)
    test_positions = positions[rows]
    repeated = pd.Series(test_positions).duplicated(keep=False).to_numpy()
    if repeated.any():
        images = len(np.unique(test_positions[repeated]))
        raise InputError(
            f"{file_name} has {images:,} images twice, such as {shortened(ids[rows[np.argmax(repeated)]])}; "
            "keep one row per image."
        )
    _check_complete(test_positions, manifest, file_name)
    return rows, test_positions


def _parts(name: str) -> list[str]:
    """Return the folders and the name of an image without its ending, in lower case."""
    return [part for part in ENDING.sub("", name.strip().replace("\\", "/")).lower().split("/") if part]


def _lookup(manifest: pd.DataFrame) -> dict[str, str]:
    """Return the end of a path, with up to two folders -> image_id, or `AMBIGUOUS` if several images have it."""
    lookup: dict[str, str] = {}
    for image_id in manifest["image_id"]:
        parts = _parts(image_id)
        for length in range(1, len(parts) + 1):
            name = "/".join(parts[-length:])
            lookup[name] = AMBIGUOUS if name in lookup else image_id
    return lookup


def _find(name: str, lookup: dict[str, str]) -> str:
    """Return the image_id that a name means, `AMBIGUOUS`, or an empty text if there is none."""
    parts = _parts(name)
    for length in range(min(3, len(parts)), 0, -1):
        if (image_id := lookup.get("/".join(parts[-length:]))) is not None:
            return image_id
    return ""


def _check_known(ids: list[str], found: list[str], file_name: str) -> None:
    """Raise InputError if an id means no image of the data set in use, or several."""
    unknown = [name for name, image_id in zip(ids, found, strict=True) if not image_id]
    if unknown:
        raise InputError(
            f"{file_name} has {len(unknown):,} image ids that are not in the data set in use, such as "
            f"'{shortened(unknown[0])}'; ids look like test/angry/PrivateTest_10131363."
        )
    if AMBIGUOUS in found:
        name = ids[found.index(AMBIGUOUS)]
        raise InputError(
            f"{file_name} has image ids that several images share, such as '{shortened(name)}'; add the folders, as in "
            "test/angry/PrivateTest_10131363."
        )


def _check_complete(positions: NDArray[np.int64], manifest: pd.DataFrame, file_name: str) -> None:
    test = manifest[manifest["split"] == "test"]
    given = set(positions.tolist())
    wanted = {str(usage): set(group.index) for usage, group in test.groupby("usage", observed=True)}
    if given and given in (set(test.index), wanted.get("PublicTest"), wanted.get("PrivateTest")):
        return
    missing = test[~test.index.isin(given)]["image_id"]
    example = f", such as {shortened(missing.iloc[0])}" if len(missing) else ""
    raise InputError(
        f"{file_name} lacks {len(missing):,} of the {len(test):,} test images{example}; predict all of them, all of "
        "PublicTest or all of PrivateTest."
    )


def possible_orders(rows: int, manifest: pd.DataFrame) -> dict[RowOrder, NDArray[np.int64]]:
    """Return the row orders that fit a number of rows, the default first, with the rows of the manifest, (rows,)."""
    orders = {order: positions for order in ROW_ORDERS if (positions := _positions(order, manifest)) is not None}
    return {order: positions for order, positions in orders.items() if len(positions) == rows}


def rows_by_order(rows: int, order: RowOrder | None, manifest: pd.DataFrame, file_name: str) -> RowOrder:
    """Return the row order to use for predictions without ids. Raises InputError if none fits, or not the given one."""
    fitting = possible_orders(rows, manifest)
    if order is None and fitting:
        return next(iter(fitting))
    if order is not None and order in fitting:
        return order
    sizes = _sizes(manifest)
    needs_csv = order != "imagefolder" and _positions("csv-test", manifest) is None
    if needs_csv and (order is not None or rows in sizes.values()):
        raise InputError(
            f"{file_name} has {rows:,} rows without image_id, but the data set in use does not know the rows of "
            "fer2013.csv; import fer2013.csv, or add a column image_id."
        )
    wanted = ", ".join(f"{size:,} ({name})" for name, size in sizes.items() if size and order in (None, name))
    header = " If its first line is a header, name the columns in it." if rows - 1 in sizes.values() else ""
    raise InputError(
        f"{file_name} has {rows:,} rows without image_id; needed are {wanted}. Predict these images, or add a column "
        f"image_id.{header}"
    )


def _sizes(manifest: pd.DataFrame) -> dict[RowOrder, int]:
    """Return the number of rows of each row order."""
    test = manifest[manifest["split"] == "test"]
    by_usage = test["usage"].value_counts()
    return {
        "imagefolder": len(test),
        "csv-public": int(by_usage["PublicTest"]),
        "csv-private": int(by_usage["PrivateTest"]),
        "csv-test": len(test),
    }


def _positions(order: RowOrder, manifest: pd.DataFrame) -> NDArray[np.int64] | None:
    """Return the rows of the manifest in a row order, or None if the data set in use does not have this order."""
    test = manifest.reset_index(drop=True)
    test = test[test["split"] == "test"]
    if order == "imagefolder":
        # csv/<usage>/<row> is the id of an image that is in no folder.
        is_in_folder = ~test["image_id"].str.startswith("csv/")
        # File names are sorted with their ending, so a-1.jpg comes before a.jpg.
        names = test["image_id"].str.replace("/", "\0", regex=False) + "."
        return names.sort_values().index.to_numpy(np.int64) if is_in_folder.all() and len(test) else None
    if order != "csv-test":
        test = test[test["usage"] == ("PublicTest" if order == "csv-public" else "PrivateTest")]
    has_rows = len(test) > 0 and (test["csv_row"] != NO_ROW).all()
    return test["csv_row"].sort_values().index.to_numpy(np.int64) if has_rows else None
