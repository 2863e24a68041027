"""Import FER2013's images: the commands, and the upload form."""

from typing import BinaryIO

import streamlit as st

from core.data.importing import import_dataset
from core.data.kaggle import KAGGLE_PAGE
from core.exceptions import InputError
from dashboard import keys, switches
from dashboard.components import layout


def show_import() -> None:
    """Show the import commands, and the upload form unless the app is read-only."""
    layout.subheader(
        "Import the images",
        "FER2013 is other researchers' data. Its images do not come with FERscope. Get `archive.zip` from "
        f"[Kaggle]({KAGGLE_PAGE}), or use the original `fer2013.csv`. The first command imports a downloaded "
        "file. The second downloads and imports the archive.",
    )
    st.code("python -m core import archive.zip\npython -m core import --kaggle", language="shell")
    if switches.read_only():
        st.info("This is a shared deployment: its data set cannot be changed from here.", icon=":material/lock:")
        return
    upload = st.file_uploader("Or upload archive.zip or fer2013.csv", type=["zip", "csv"], key=keys.UPLOAD)
    if upload and st.button("Import", type="primary", icon=":material/upload:"):
        _import(upload)


def _import(upload: BinaryIO) -> None:
    """Import the upload with a progress bar. Keep the report for `show_report`, until the next import."""
    bar = st.progress(0.0, "Reading the upload ...")

    def on_progress(stage: str, done: int, total: int) -> None:
        bar.progress(done / max(total, 1), stage)

    try:
        report = import_dataset(upload, on_progress=on_progress)
    except InputError as error:
        bar.empty()
        st.error(str(error), icon=":material/error:")
        return
    st.session_state[keys.IMPORT_REPORT] = "  \n".join(report.sentences())
    st.rerun()


def show_report() -> None:
    """Show the report of the last import of this session, if there is one."""
    if report := st.session_state.get(keys.IMPORT_REPORT):
        st.success(report, icon=":material/check:")
