"""The app as `python -m dashboard.serve` runs it. `streamlit run streamlit_app.py` works too, but loads more slowly.

What all pages need is imported here, before the server answers, so that the first visitor does not wait for it.
"""

import streamlit as st

from core import paths
from dashboard import html_page, startup  # noqa: F401
from dashboard.components import displays, notices, pickers  # noqa: F401

app = st.App(paths.ROOT / "streamlit_app.py", routes=html_page.routes())
