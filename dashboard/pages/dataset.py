"""FER2013 itself: how many images of what, how they look, and which of them deserve a second look."""

import streamlit as st

from dashboard import components, dataset_panel, resources

components.page_header(
    "Dataset",
    "What FER2013 is made of: its classes and splits, how its pictures look, and the copies, leaks and label conflicts "
    "that decide how far a figure can be trusted.",
)
manifest = resources.manifest()
imported = resources.faces() is not None
dataset_panel.show_report()
source = "of the imported data set" if imported else "known from the manifest that ships; no picture is imported"
st.markdown(f"**{len(manifest):,} images** {source}.")

dataset_panel.show_balance(manifest)
dataset_panel.show_means(resources.mean_faces())
if imported:
    dataset_panel.show_samples(manifest)
dataset_panel.show_light(manifest)
dataset_panel.show_faults(manifest)
dataset_panel.show_import()
