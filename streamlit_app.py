"""FERscope, the dashboard: `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

from core import paths
from core.exceptions import InputError
from dashboard.navigation import PAGES

ASSETS = Path("dashboard") / "assets"

st.set_page_config(page_title="FERscope", page_icon=str(paths.ROOT / ASSETS / "icon.svg"), layout="wide")
st.logo(str(paths.ROOT / ASSETS / "logo.svg"), size="large", icon_image=str(paths.ROOT / ASSETS / "icon.svg"))
st.html(paths.ROOT / ASSETS / "style.css")

pages = [
    st.Page(page.script, title=page.title, icon=page.icon, url_path=page.url_path, default=page is PAGES[0])
    for page in PAGES
    if (paths.ROOT / page.script).exists()
]
try:
    st.navigation(pages, position="top").run()
except InputError as error:
    st.error(str(error), icon=":material/error:")
