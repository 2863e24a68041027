"""Compare two models on the same images: verdict, agreement, differences by emotion, confusion, calibration, curves."""

import streamlit as st

from dashboard import resources
from dashboard.components import displays, layout, notices
from dashboard.pages.compare import bar, cells, figures, first_screen, guests, report

layout.page_header("Compare", "Two models on the same test images.")
notices.model_faults_notice()

choice = bar.pick()
guests.show()
if choice is None:
    st.stop()
models, slice_name = choice.models, choice.slice_name
comparison = resources.comparisons.compare(*models, slice_name)
if comparison is None:
    notices.empty_slice_notice(slice_name)
    st.stop()
bar.show_count(choice.place_of_count, comparison.images)

first_screen.show(models, slice_name, comparison)
report.show(models, slice_name)
cells.show(models, slice_name)
layout.subheader("Figures and curves")
displays.show_when_seen("Figures and curves", lambda: figures.show(models, slice_name))
