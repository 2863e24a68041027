"""Import FER2013's images: the commands, and the upload form."""

from typing import BinaryIO

import streamlit as st

from core.data.importing import import_dataset
from core.data.kaggle import KAGGLE_PAGE
from core.data.sources.base import ReadOptions
from core.data.sources.words import parse_classes
from core.exceptions import InputError
from dashboard import keys, switches
from dashboard.components import layout
from dashboard.faults import show_input_errors
from dashboard.plain_text import escape_markdown

TYPES = ["zip", "tar", "gz", "tgz", "xz", "txz", "bz2", "csv", "tsv"]
"""Endings of the files that can be uploaded. What they contain decides how they are read."""


def show_import(is_folded: bool) -> None:
    """Show how to import images. `is_folded`: only a title is visible until it is opened, as there are images."""
    layout.subheader("Import another data set" if is_folded else "Import the images")
    with st.expander("Commands and upload", icon=":material/upload:") if is_folded else st.container():
        _show_form()


def _show_form() -> None:
    """Show the import commands, and the upload form unless the app is read-only."""
    st.markdown(
        "FER2013 is other researchers' data. Its images do not come with FERscope. Get `archive.zip` from "
        f"[Kaggle]({KAGGLE_PAGE}), or use the original `fer2013.csv`. The first command imports a downloaded "
        "file. The second downloads and imports the archive."
    )
    st.code("python -m core import archive.zip\npython -m core import --kaggle", language="shell")
    if switches.read_only():
        st.info("This is a shared deployment: its data set cannot be changed from here.", icon=":material/lock:")
        return
    upload = st.file_uploader("Or upload archive.zip, fer2013.csv or a data set like it", type=TYPES, key=keys.UPLOAD)
    st.markdown("**Options**")
    classes, skip_bad, allow_missing = _options()
    if upload and st.button("Import", type="primary", icon=":material/upload:"):
        with show_input_errors():
            _import(upload, ReadOptions(skip_bad, allow_missing, parse_classes(classes) if classes.strip() else None))


def _options() -> tuple[str, bool, bool]:
    """Show the options of `python -m core import`; return classes, skip_bad and allow_missing."""
    skip_bad = st.checkbox("Leave out images and rows that cannot be read (--skip-bad)", key=keys.SKIP_BAD)
    allow_missing = st.checkbox(
        "Accept training or test images without some of the emotions (--allow-missing)", key=keys.ALLOW_MISSING
    )
    classes = st.text_input(
        "What numbered classes mean (--classes)",
        placeholder="fer2013, affectnet, rafdb, or names of classes 0, 1, ... such as happy,sad,-,angry",
        key=keys.CLASSES,
    )
    return classes, skip_bad, allow_missing


def _import(upload: BinaryIO, options: ReadOptions) -> None:
    """Import the upload with a progress bar. Keep the report for `show_report`, until the next import."""
    bar = st.progress(0.0, "Reading the upload ...")

    def on_progress(stage: str, done: int, total: int) -> None:
        bar.progress(done / max(total, 1), stage)

    try:
        report = import_dataset(upload, options, on_progress)
    except InputError:
        bar.empty()
        raise
    st.session_state[keys.IMPORT_REPORT] = "  \n".join(map(escape_markdown, report.sentences()))
    st.rerun()


def show_report() -> None:
    """Show the report of the last import of this session, if there is one."""
    if report := st.session_state.get(keys.IMPORT_REPORT):
        st.success(report, icon=":material/check:")
