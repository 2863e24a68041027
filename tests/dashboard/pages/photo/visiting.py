"""Open the Photo & video page in AppTest, upload photos and read the text of the page."""

import io

import numpy as np
import PIL.Image
import skimage.data
import streamlit as st
from streamlit.testing.v1 import AppTest

from core import paths
from core.vision.images import encode_png

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
    elements = [*page.error, *page.warning, *page.info, *page.caption, *page.subheader, *page.markdown]
    return " ".join(element.value for element in elements) + " ".join(block.proto.body for block in page.get("html"))


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    return page.file_uploader[0].set_value([(name, data, "image/jpeg") for name, data in files]).run()
