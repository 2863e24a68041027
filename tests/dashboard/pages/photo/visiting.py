"""Open the Photo & video page in AppTest, upload photos and read the text of the page."""

import io

import numpy as np
import PIL.Image
import skimage.data
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import paths
from core.vision.images import encode_png
from dashboard import keys

SCRIPT = paths.ROOT / "dashboard" / "pages" / "photo" / "page.py"
BLANK = encode_png(np.full((300, 400, 3), 200, np.uint8))


def clear_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


def open_page() -> AppTest:
    return AppTest.from_file(SCRIPT, default_timeout=60).run()


def portrait() -> bytes:
    buffer = io.BytesIO()
    PIL.Image.fromarray(skimage.data.astronaut()).save(buffer, "JPEG")
    return buffer.getvalue()


def page_text(page: AppTest) -> str:
    """Return all text on the page as one string."""
    elements = [*page.error, *page.warning, *page.info, *page.caption, *page.header, *page.markdown]
    return " ".join(element.value for element in elements) + " ".join(block.proto.body for block in page.get("html"))


def shown_photos(page: AppTest) -> list[str]:
    """Return the names of the photos in the gallery, as Markdown; of a single photo, its heading."""
    galleries = [group for group in page.button_group if group.key == keys.CHOSEN_PHOTO]
    return [option.split(" · ", 1)[1] for option in galleries[0].options] if galleries else headings(page)


def headings(page: AppTest) -> list[str]:
    """Return the headings of the sections: the photo that is shown large, and the table of all faces."""
    return [header.value for header in page.header]


def choose_photo(page: AppTest, name: str) -> AppTest:
    """Choose a photo of the gallery."""
    page.button_group(key=keys.CHOSEN_PHOTO).set_value(name).run()
    assert not page.exception
    return page


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    return page.file_uploader[0].set_value([(name, data, "image/jpeg") for name, data in files]).run()
