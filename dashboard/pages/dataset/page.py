"""Explore FER2013: class balance, mean faces, samples, brightness, quality issues, import."""

import streamlit as st

from dashboard import resources
from dashboard.components import layout
from dashboard.pages.dataset import classes, gallery, import_form, quality

layout.page_header(
    "Dataset",
    "Explore FER2013: its classes and splits, its faces, and its copies, leaks and label conflicts, which limit how "
    "far you can trust a model's scores. The split test joins two sets of the contest: PublicTest for its leaderboard, "
    "and PrivateTest for its final ranking.",
)
manifest = resources.data.manifest()
imported = resources.data.faces() is not None
import_form.show_report()
source = "in the imported data set." if imported else "in FERscope's manifest. The images themselves are not imported."
st.markdown(f"**{len(manifest):,} images** {source}")

classes.show_balance(manifest)
classes.show_means(resources.data.mean_faces())
if imported:
    gallery.show_samples(manifest)
classes.show_brightness(manifest)
quality.show_issues(manifest)
import_form.show_import()
