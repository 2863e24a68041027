"""Widgets that several pages use to choose models, slices and figures."""

from collections.abc import Sequence

import streamlit as st

from core.evaluation.slices import SLICES
from core.recognition.recognizer import DEFAULT_MODELS
from dashboard import keys, resources
from dashboard.components.addressed import read_from_address, write_to_address
from dashboard.components.notices import no_models_notice
from dashboard.components.wording import name_and_accuracy


def model_picker(label: str, key: str, default: str) -> str:
    """Choose one model. The address keeps the choice under `key`. At least one model must be readable."""
    names = resources.models.model_names()
    in_address = read_from_address(key, names)
    choice = in_address[0] if in_address else st.session_state.get(key)
    # Set even if unchanged: another page has its own widget, which would start with the first name.
    st.session_state[key] = choice if choice in names else default
    chosen = st.selectbox(label, names, key=key, format_func=_name_and_accuracy, persist_state="session")
    write_to_address(key, [chosen], [default])
    return chosen


def models_picker(label: str) -> list[str]:
    """Choose any number of models and return them in the order of choice; the default pair at first.

    The choice carries over from page to page. At least one model must be readable.
    """
    names = resources.models.model_names()
    default = list(dict.fromkeys(default_pair(names)))
    in_address = read_from_address(keys.MODELS, names)
    choice = st.session_state.get(keys.MODELS, default) if in_address is None else in_address
    st.session_state[keys.MODELS] = [name for name in choice if name in names]
    chosen = st.multiselect(label, names, key=keys.MODELS, format_func=_name_and_accuracy, persist_state="session")
    write_to_address(keys.MODELS, chosen, default)
    return chosen


def _name_and_accuracy(name: str) -> str:
    return name_and_accuracy(resources.models.card(name))


def models_pair_picker() -> tuple[str, str] | None:
    """Choose models A and B, kept in the address as `a` and `b`. If there is no model, say so and return None."""
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
        st.caption("A and B are the same model: they have no differences. Choose two models to compare them.")
    return a, b


def default_pair(names: Sequence[str]) -> tuple[str, str]:
    """Return two of the names: the default models if they exist, otherwise the first ones.

    A single name is returned twice. Raises IndexError if there is no name.
    """
    order = [name for name in DEFAULT_MODELS if name in names]
    order += [name for name in names if name not in DEFAULT_MODELS]
    return order[0], order[min(1, len(order) - 1)]


def all_models_switch(total: int, leading: int) -> bool:
    """Choose whether all models are shown, or only the leading ones (the default).

    Return True without showing a switch if all models are leading.
    """
    if total == leading:
        return True
    return st.toggle(
        f"All {total} models",
        key=keys.ALL_MODELS,
        help="Adds variants of these models, and the earlier networks that the default network was trained from.",
        persist_state="session",
    )


def slice_title(name: str) -> str:
    """Return a slice's name on screen and in addresses."""
    return SLICES[name].title


def slice_picker() -> str:
    """Choose the test images that figures are computed on: a key of `SLICES`, kept in the address."""
    name = st.segmented_control(
        "Test images",
        list(SLICES),
        default="test",
        required=True,
        format_func=slice_title,
        key=keys.SLICE,
        bind="query-params",
        help="FER2013 comes from a contest. It had two sets of test images: PublicTest for the leaderboard during the "
        "contest, PrivateTest for the final ranking.",
    )
    description = SLICES[name].description
    st.caption(f"{description[0].upper()}{description[1:]}.")
    return name


FIGURES = {"recall": "Recall", "precision": "Precision", "f1": "F1"}
"""Columns of `comparison.per_class_pair` -> their names on screen and in addresses."""


def figure_picker() -> str:
    """Choose the figure that is drawn for each class: a key of `FIGURES`."""
    return st.segmented_control(
        "Figure",
        list(FIGURES),
        default="recall",
        required=True,
        format_func=FIGURES.__getitem__,
        key=keys.FIGURE,
        bind="query-params",
    )
