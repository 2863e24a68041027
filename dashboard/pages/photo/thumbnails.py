"""Thumbnails of several photos, as backgrounds of the buttons that choose a photo.

They are styles, and not part of the buttons' labels: a browser sends the label of the chosen button with each click.
"""

import base64
import io
from collections.abc import Sequence

import PIL.Image

from core.recognition import photos
from core.recognition.photos import PhotoReading
from core.vision.images import Image

GALLERY = "photo-gallery"
"""Key of the container with the buttons, in the order of the photos."""

SIDE = 240
"""Maximum longer side of a thumbnail, in pixels."""

WIDEST = 1.8
"""Maximum width of a thumbnail divided by its height; wider ones are cut."""


def html(readings: Sequence[PhotoReading], model: str) -> str:
    """Return a line of text, and the styles that show the photos with the labels of one model."""
    styles = "".join(_style(number, photos.preview(one, model, SIDE)) for number, one in enumerate(readings, start=1))
    return f'<p class="ferscope-note">{len(readings)} photos: choose one to see it large.</p><style>{styles}</style>'


def _style(number: int, picture: Image) -> str:
    """Return the style of one button. `assets/styles/photo.css` has what all buttons share."""
    ratio = min(WIDEST, picture.shape[1] / picture.shape[0])
    place = f".st-key-{GALLERY} button:nth-child({number}) p::before"
    return f"{place} {{aspect-ratio: {ratio:.3f}; background-image: url({_jpeg_url(picture)})}}"


def _jpeg_url(image: Image) -> str:
    buffer = io.BytesIO()
    PIL.Image.fromarray(image).save(buffer, "JPEG", quality=75)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
