"""Read the one face that an argument names: an image of the imported data set, or the largest face of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.commands.arguments import print_note
from core.commands.faces.picture_files import STDIN, path_or_stdin, read_data
from core.data.image_ids import suggestion
from core.exceptions import InputError, shortened
from core.runtime.streams import printable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from core.vision.images import Image

FACE_HELP = (
    "an image file, of which the largest face is used, - for standard input, or the id of an imported image, such as "
    "test/angry/PrivateTest_10131363"
)
"""Help of the argument that `read_face` reads."""


class OneFace(NamedTuple):
    """A face and, if it is an image of the imported data set, its id and label."""

    face: NDArray[np.uint8]
    """(48, 48) uint8 gray."""
    image_id: str | None = None
    true_label: str | None = None


def read_face(text: str) -> OneFace:
    """Return the face that an argument names. A file is preferred to an image id of the same name.

    A file of 48 x 48 pixels is taken as one face. In others, faces are looked for, and the largest one is taken; a note
    on stderr says so if there are several. Raises InputError for an unknown id, and for a file without a face.
    """
    path = path_or_stdin(text)
    if path is STDIN or (text and _is_file(path)):
        return OneFace(_face_of_file(path))
    return _imported_face(text.strip())


def find_row(manifest: pd.DataFrame, image_id: str) -> int:
    """Return the row of an image in a manifest. Raises InputError, which names a similar id, for an unknown one."""
    ids = manifest["image_id"]
    is_named = (ids == image_id).to_numpy()
    if is_named.any():
        return int(is_named.argmax())
    raise InputError(
        f"there is no file {shortened(image_id)!r}, and no image of this id in the data set in use; "
        f"{suggestion(image_id, ids)}"
    )


def _is_file(path: Path) -> bool:
    """Return whether there is a file of this name. Raises InputError for a folder or a device."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(f"{shortened(path, 120)} is a folder or a device; name an image file or an image id.")
        return path.is_file()
    except OSError:  # the name is too long, for example
        return False


def _imported_face(image_id: str) -> OneFace:
    from core.data.store import current_import

    data = current_import()
    if data is None:
        raise InputError(
            f"there is no file {shortened(image_id)}; for images of FER2013, by id, run `python -m core import PATH` "
            "(or --kaggle) first."
        )
    manifest = data.manifest()
    row = find_row(manifest, image_id)
    return OneFace(data.faces()[row].copy(), image_id, str(manifest["true_label"].iloc[row]))


def _face_of_file(path: Path) -> NDArray[np.uint8]:
    from core.runtime.image_lock import image_lock
    from core.vision.crops import FACE_SIZE, crop_face
    from core.vision.faces import whole_image
    from core.vision.images import decode_image

    name = "standard input" if path is STDIN else printable(shortened(path, 120))
    data = read_data(path)
    with image_lock:
        try:
            image = decode_image(data)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
        if image.shape[:2] == (FACE_SIZE, FACE_SIZE):
            return crop_face(image, whole_image(image))
        return _largest_face(image, name)


def _largest_face(image: Image, name: str) -> NDArray[np.uint8]:
    from core.recognition.turned_search import detect_turned
    from core.vision.crops import crop_face
    from core.vision.detectors import make_detector
    from core.vision.detectors.defaults import default_detector

    detector = make_detector(default_detector())
    faces, _ = detect_turned(image, detector, None)
    if not faces:
        raise InputError(
            f"{name}: no face was found. Use a photo with a larger face, or crop the face to 48 x 48 pixels."
        )
    if len(faces) > 1:
        print_note(f"{name}: of {len(faces)} faces, the largest is used, at {' '.join(map(str, faces[0].xyxy))}.")
    return crop_face(image, faces[0], detector.margin)
