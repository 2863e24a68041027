"""Choices that several pages offer: models, slices, figures."""

from collections.abc import Sequence

import streamlit as st

from core.evaluation.slices import SLICES
from core.recognition.recognizer import DEFAULT_MODELS
from dashboard import keys, resources
from dashboard.components.addressed import keep_in_address, take_from_address
from dashboard.components.notices import no_models_notice
from dashboard.components.wording import name_and_accuracy


def model_picker(label: str, key: str, default: str) -> str:
    """One of the readable models, of which there is at least one; kept in the page's address under `key`."""
    names = resources.models.model_names()
    said = take_from_address(key, names)
    kept = said[0] if said else st.session_state.get(key)
    # Also where it is unchanged: on another page it is another widget, which would begin with the first name.
    st.session_state[key] = kept if kept in names else default
    chosen = st.selectbox(label, names, key=key, format_func=_shown, persist_state="session")
    keep_in_address(key, [chosen], [default])
    return chosen


def models_picker(label: str) -> list[str]:
    """Any number of the readable models, of which there is at least one; at first the default pair.

    In the order they were picked. The choice goes along from page to page.
    """
    names = resources.models.model_names()
    default = list(dict.fromkeys(default_pair(names)))
    said = take_from_address(keys.MODELS, names)
    kept = st.session_state.get(keys.MODELS, default) if said is None else said
    st.session_state[keys.MODELS] = [name for name in kept if name in names]
    chosen = st.multiselect(label, names, key=keys.MODELS, format_func=_shown, persist_state="session")
    keep_in_address(keys.MODELS, chosen, default)
    return chosen


def _shown(name: str) -> str:
    return name_and_accuracy(resources.models.card(name))


def models_pair_picker() -> tuple[str, str] | None:
    """Models A and B, kept in the address as `a` and `b`; None, and a sentence, if there is no model."""
    names = resources.models.model_names()
    if not names:
        no_models_notice()
        return None
    first, second = default_pair(names)
    left, right = st.columns(2)
    with left:
        a = model_picker("Model A", keys.MODEL_A, first)
    with right:
        b = model_picker("Model B", keys.MODEL_B, second)
    if a == b:
        st.caption("A and B are the same model: there is nothing to tell them apart by.")
    return a, b


def default_pair(names: Sequence[str]) -> tuple[str, str]:
    """Two of the names, different if there are two: the default models if they exist."""
    order = [name for name in DEFAULT_MODELS if name in names]
    order += [name for name in names if name not in DEFAULT_MODELS]
    return order[0], order[min(1, len(order) - 1)]


def all_models_switch(everything: int, leading: int) -> bool:
    """Whether all models are shown, not only the leading ones; off at first, and absent if there are no others."""
    if everything == leading:
        return True
    return st.toggle(
        f"All {everything} models",
        key=keys.ALL_MODELS,
        help="Adds variations of one idea, and the networks that the default came from.",
        persist_state="session",
    )


def slice_title(name: str) -> str:
    """What a slice is called on screen and in addresses."""
    return SLICES[name].title


def slice_picker() -> str:
    """The test images that figures are computed on: a name of `SLICES`, kept in the page's address."""
    name = st.segmented_control(
        "Test images",
        list(SLICES),
        default="test",
        required=True,
        format_func=slice_title,
        key=keys.SLICE,
        bind="query-params",
    )
    description = SLICES[name].description
    st.caption(f"{description[0].upper()}{description[1:]}.")
    return name


FIGURES = {"recall": "Recall", "precision": "Precision", "f1": "F1"}
"""Columns of `comparison.per_class_pair` and what they are called on screen and in addresses."""


def figure_picker() -> str:
    """Which figure of the classes is drawn: a key of `FIGURES`."""
    return st.segmented_control(
        "Figure",
        list(FIGURES),
        default="recall",
        required=True,
        format_func=FIGURES.__getitem__,
        key=keys.FIGURE,
        bind="query-params",
    )
