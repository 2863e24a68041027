"""FER2013 itself: how many images of what, how they look, and which of them deserve a second look."""

import streamlit as st

from dashboard import resources
from dashboard.components import layout
from dashboard.pages.dataset import classes, gallery, import_form, quality

layout.page_header(
    "Dataset",
    "What FER2013 is made of: its classes and splits, how its pictures look, and the copies, leaks and label conflicts "
    "that decide how far a figure can be trusted.",
)
manifest = resources.data.manifest()
imported = resources.data.faces() is not None
import_form.show_report()
source = "of the imported data set" if imported else "known from the manifest that ships; no picture is imported"
st.markdown(f"**{len(manifest):,} images** {source}.")

classes.show_balance(manifest)
classes.show_means(resources.data.mean_faces())
if imported:
    gallery.show_samples(manifest)
classes.show_light(manifest)
quality.show_issues(manifest)
import_form.show_import()
