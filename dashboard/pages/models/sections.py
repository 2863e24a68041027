"""The folded sections of the page. Their content is made when the visitor opens them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import faults, keys
from dashboard.pages.models import calibration, curves, recipes, robustness, teaching, weighting
from dashboard.pages.models.record import Record


@dataclass(frozen=True)
class Section:
    """A folded section."""

    title: str
    key: str
    """Name of the section in the session state, for `keys.per_item`."""
    show: Callable[[Sequence[Record]], None]
    applies: Callable[[Sequence[Record]], bool] = bool
    """Whether the section has content for the chosen models."""


MEASUREMENTS = (
    Section("Calibration: does the confidence match the accuracy?", "calibration", calibration.show),
    Section("Robustness: noise, blur and other corruptions", "robustness", robustness.show),
    Section("Steadiness: when the crop moves a little", "steadiness", robustness.show_steadiness),
)


def _has_own(records: Sequence[Record]) -> bool:
    """Return whether any of the models is ours, so that its training is known."""
    return any(not record.card.is_guest for record in records)


TRAINING = (
    Section("Training curves", "curves", curves.show, _has_own),
    Section("Hyperparameters", "hyperparameters", recipes.show_hyperparameters),
    Section("Distillation: teachers and student", "teaching", teaching.show, teaching.applies),
    Section("What class weighting does", "weighting", weighting.show, weighting.applies),
    Section("Provenance", "provenance", recipes.show_provenance),
)


def show(sections: Sequence[Section], records: Sequence[Record]) -> None:
    """Show the sections that apply to the models."""
    if keys.CORRUPTION in st.query_params:  # the link is about a choice in this section
        st.session_state.setdefault(keys.per_item(keys.MODELS_SECTION, "robustness"), True)
    for section in sections:
        if section.applies(records):
            _show_section(section, records)


def _show_section(section: Section, records: Sequence[Record]) -> None:
    key = keys.per_item(keys.MODELS_SECTION, section.key)
    expander = st.expander(section.title, key=key, on_change="rerun")
    if expander.open:
        with expander, faults.show_input_errors():  # a damaged file must not hide the other sections
            section.show(records)
