"""Take the clean list away: the list at once, the images as a zip that the server prepares."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from core.data.store import current_import
from core.exceptions import InputError
from core.exchange.clean_out import Cleaned
from core.review.clean_list import Choice
from dashboard import faults, keys, resources
from dashboard.components import downloads, notices
from dashboard.components.face_view import comparing
from dashboard.plain_text import escape_markdown
from dashboard.resources import cleaning
from dashboard.resources.cleaning import ZipJob
from dashboard.resources.cleaning.lists import stamp
from dashboard.resources.stamps import Stamp


class Form(NamedTuple):
    """One form of the images."""

    title: str
    file_name: str
    help: str


FORMS = {
    "zip": Form("Images (zip)", "fer2013-clean.zip", "PNGs in folders for split and emotion, about 70 MB"),
    "csv": Form("fer2013.csv (zip)", "fer2013-clean-csv.zip", "The form of fer2013.csv, about 90 MB"),
}
"""Key of `core.exchange.clean_out.ZIP_CONTENTS` -> what the visitor sees. The sizes are those of FER2013."""

ABOUT_LIST = "The list has one row per image: `image_id`, `keep`, `reason`, `label`."

ABOUT_ZIPS = "The zips also hold the images that stay, and a report. If you import one, FERscope recognises the images."


def show(listed: pd.DataFrame, choice: Choice) -> None:
    """Show the downloads, and the command that writes the same files."""
    has_images = resources.data.faces() is not None
    with st.container(horizontal=True):
        downloads.csv_button(listed, "clean-list", "List as CSV", keys.CLEAN_CSV)
        if has_images:
            for form in FORMS:
                _show_form(form, listed, choice)
    if not has_images:
        notices.data_missing_notice("The list can be taken away, but not the images")
    st.markdown(f"{ABOUT_LIST} {ABOUT_ZIPS} The same as a command:" if has_images else f"{ABOUT_LIST} As a command:")
    st.code(f"python -m core export-clean clean/ --form zip --drop {choice.text}", language="shell")


def _show_form(form: str, listed: pd.DataFrame, choice: Choice) -> None:
    """Show the button that prepares a zip, its progress, or the button that saves it."""
    key = (*stamp(), choice.text, form)
    job = cleaning.find(key)
    place = st.container(width="content").empty()
    if job is None or job.error:
        with place.container(width="content"):
            job = _show_start(form, key, job, listed, choice)
    if job is None:
        return
    with place.container(width="content"):
        if job.is_running:
            _show_progress(form, job)
        else:
            _show_result(form, job)


def _show_start(form: str, key: Stamp, job: ZipJob | None, listed: pd.DataFrame, choice: Choice) -> ZipJob | None:
    """Show the button that starts, and why the latest try has failed. Return the job if it has just been started."""
    if job and job.error:
        sentence = escape_markdown(job.error) if isinstance(job.error, InputError) else faults.UNEXPECTED
        st.warning(sentence, icon=":material/warning:")
    label = f"Prepare {FORMS[form].title}"
    button = keys.per_item(keys.CLEAN_PREPARE, form)
    if not st.button(label, key=button, icon=":material/folder_zip:", help=FORMS[form].help):
        return None
    try:
        return cleaning.prepare(key, form, _cleaned(listed, choice))
    except InputError as error:
        faults.show_input_error(error)
        return None


def _cleaned(listed: pd.DataFrame, choice: Choice) -> Cleaned:
    data, faces = current_import(), resources.data.faces()
    if data is None or faces is None:
        raise InputError("The images are no longer imported; import them again.")
    note = cleaning.facts().note(choice.drop)
    return Cleaned(choice, listed, resources.data.manifest(), faces, data.fingerprint, (note,) if note else ())


def _show_progress(form: str, job: ZipJob) -> None:
    st.progress(job.done / max(job.total, 1), f"{FORMS[form].title}: {job.done:,} of {job.total:,} images", width=360)
    st.button("Stop preparing", key=keys.per_item(keys.CLEAN_STOP, form), icon=":material/stop:", on_click=job.stop)
    comparing.run_again_soon(keys.per_item(keys.CLEAN_WAIT, form), keys.per_item(keys.CLEAN_ROUND, form))


def _show_result(form: str, job: ZipJob) -> None:
    """Show the button that saves the zip. A job that has been stopped shows nothing."""
    if job.is_ready:
        file_name = FORMS[form].file_name
        key = keys.per_item(keys.CLEAN_ZIP, form)
        downloads.button(f"Save {FORMS[form].title}", job.content, file_name, "application/zip", key, type="primary")
