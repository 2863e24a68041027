"""Entry point of the dashboard. Start it with `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

from core import __version__, paths
from dashboard import faults, startup
from dashboard.navigation import PAGES
from dashboard.resources import films
from dashboard.visits import count_visit

ASSETS = Path("dashboard") / "assets"

ABOUT = f"**FERscope {__version__}**. Facial-expression recognition on FER2013: explore, compare, try. MIT licence."

st.set_page_config(
    page_title="FERscope",
    page_icon=str(paths.ROOT / ASSETS / "icon.svg"),
    layout="wide",
    menu_items={"About": ABOUT},
)
st.logo(str(paths.ROOT / ASSETS / "logo.svg"), size="large")
st.html(paths.ROOT / ASSETS / "style.css")

pages = [
    st.Page(entry.script, title=entry.title, icon=entry.icon, url_path=entry.url_path, default=entry is PAGES[0])
    for entry in PAGES
]
page = st.navigation(pages, position="top")
startup.prepare_app()
if page.url_path == "live":
    startup.prepare_streams()
count_visit(page.url_path)
films.end_film_of_earlier_visit()
with faults.show_input_errors():
    page.run()
