"""Explore the data set: class balance, mean faces, samples, brightness, quality issues, import."""

import streamlit as st

from dashboard import resources
from dashboard.components import layout
from dashboard.pages.dataset import classes, gallery, import_form, quality, texts

manifest, is_fer2013 = resources.data.manifest(), resources.data.is_fer2013()
layout.page_header("Dataset", texts.FER2013_LEAD if is_fer2013 else texts.LEAD)
imported = resources.data.faces() is not None
import_form.show_report()
source = (
    "in the imported data set."
    if imported
    else "in the manifest, FERscope's list of FER2013's images. The images themselves are not imported."
)
st.markdown(f"**{len(manifest):,} images** {source}")

classes.show_balance(manifest)
if is_fer2013:
    classes.show_means(resources.data.mean_faces())
if imported:
    gallery.show_samples(manifest)
classes.show_brightness(manifest)
quality.show_issues(manifest)
import_form.show_import()
