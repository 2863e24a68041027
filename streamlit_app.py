"""Entry point of the dashboard. Start it with `make run`, or with `streamlit run streamlit_app.py`."""

from pathlib import Path

import streamlit as st

from core import __version__, paths
from dashboard import faults, keys, navigation, startup, visits
from dashboard.components import displays
from dashboard.navigation import PAGES
from dashboard.resources import films

ASSETS = Path("dashboard") / "assets"

ABOUT = f"**FERscope {__version__}**. Facial-expression recognition on FER2013: explore, compare, try. MIT licence."

# The icon comes before the navigation, which would otherwise fetch the pages' icons from another site for the tab.
st.set_page_config(
    page_icon=str(paths.ROOT / ASSETS / "icon.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
    menu_items={"About": ABOUT},
)
pages = [
    st.Page(entry.script, title=entry.title, icon=entry.icon, url_path=entry.url_path, default=entry is PAGES[0])
    for entry in PAGES
]
page = st.navigation(pages, position="top")
entry = navigation.page(page.url_path or PAGES[0].url_path)
st.set_page_config(page_title=entry.tab_title)
st.logo(str(paths.ROOT / ASSETS / "logo.svg"), size="large")
startup.prepare_app()
if entry.url_path == "live":
    startup.prepare_streams()
visits.count_visit(entry.url_path)
with st.container(key=keys.PAGE_FRAME):
    st.html(startup.styles() + startup.script_of_visit(visits.visit()), unsafe_allow_javascript=True)
films.end_film_of_earlier_visit()
with faults.show_input_errors():
    page.run()
displays.image_format_switch()
