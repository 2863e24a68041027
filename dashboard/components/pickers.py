"""Widgets to choose models, a slice of the test images, or a metric."""

from collections.abc import Sequence

import streamlit as st

from core.evaluation.slices import SLICES
from core.recognition.recognizer import DEFAULT_MODELS
from dashboard import keys, resources
from dashboard.components.addressed import read_from_address, write_to_address
from dashboard.components.notices import (
    left_out_notice,
    no_models_notice,
    no_shared_images_notice,
    predictions_faults_notice,
)
from dashboard.components.wording import name_and_accuracy


def model_picker(label: str, key: str, default: str, names: Sequence[str]) -> str:
    """Choose one of the models `names`, at least one, stored in the URL's query parameter `key`."""
    in_address = read_from_address(key, names)
    choice = in_address[0] if in_address else st.session_state.get(key)
    # Set even if unchanged: otherwise the widget of a newly opened page would start with the first name.
    st.session_state[key] = choice if choice in names else default
    chosen = st.selectbox(label, names, key=key, format_func=_name_and_accuracy, persist_state="session")
    write_to_address(key, [chosen], [default])
    return chosen


def models_picker(label: str) -> list[str]:
    """Choose any number of models, by default two, and return them in the order of choice.

    The choice is stored in the URL and carries over from page to page. At least one model must have a readable card.
    """
    names = resources.models.model_names()
    default = list(dict.fromkeys(default_pair(names)))
    in_address = read_from_address(keys.MODELS, names)
    choice = st.session_state.get(keys.MODELS, default) if in_address is None else in_address
    st.session_state[keys.MODELS] = [name for name in choice if name in names]
    chosen = st.multiselect(label, names, key=keys.MODELS, format_func=_name_and_accuracy, persist_state="session")
    write_to_address(keys.MODELS, chosen, default)
    return chosen


def usable_models(names: Sequence[str]) -> list[str]:
    """Return the models that can predict. The others are left out, with a warning; at least one must be chosen.

    If none is left, show a message and stop the page.
    """
    faults = {name: fault for name in names if (fault := resources.recognition.fault(name))}
    left_out_notice(faults)
    if len(faults) == len(names):
        st.info("None of the chosen models can be used. Choose another one above.", icon=":material/info:")
        st.stop()
    return [name for name in names if name not in faults]


def _name_and_accuracy(name: str) -> str:
    return name_and_accuracy(resources.models.card(name))


def models_pair_picker() -> tuple[str, str] | None:
    """Choose models A and B, kept in the address as `a` and `b`. Without models, show a message and return None.

    Models whose predictions cannot be read are left out, with a warning.
    """
    predictions_faults_notice()
    names = resources.predictions.model_names()
    if not names:
        no_models_notice()
        return None
    first, second = default_pair(names)
    left, right = st.columns(2)
    with left:
        a = model_picker("Model A", keys.MODEL_A, first, names)
    with right:
        b = model_picker("Model B", keys.MODEL_B, second, names)
    for name in dict.fromkeys((a, b)):
        if resources.predictions.scored(name).empty:
            no_shared_images_notice(name)
    if a == b:
        st.caption("A and B are the same model, so there are no differences. Choose two different models.")
    return a, b


def default_pair(names: Sequence[str]) -> tuple[str, str]:
    """Return two of the names: the default models that are among them, filled up with the first of the other names.

    A single name is returned twice. Raises IndexError if `names` is empty.
    """
    order = [name for name in DEFAULT_MODELS if name in names]
    order += [name for name in names if name not in DEFAULT_MODELS]
    return order[0], order[min(1, len(order) - 1)]


def all_models_switch(total_count: int, leading_count: int) -> bool:
    """Choose whether to show all models or, by default, only those with a leading role (see `Card.is_leading`).

    Return True without showing a switch if all models have a leading role.
    """
    if total_count == leading_count:
        return True
    return st.toggle(
        f"All {total_count} models",
        key=keys.ALL_MODELS,
        help="Adds variants of these models, and the earlier networks used to train the default network.",
        persist_state="session",
    )


def slice_title(name: str) -> str:
    """Return a slice's name on screen and in addresses."""
    return SLICES[name].title


def slice_picker() -> str:
    """Choose a slice of the test images and return its key in `SLICES`. The address keeps the choice."""
    name = st.segmented_control(
        "Test images",
        list(SLICES),
        default="test",
        required=True,
        format_func=slice_title,
        key=keys.SLICE,
        bind="query-params",
        help="FER2013 comes from a contest, which had two sets of test images: PublicTest for the leaderboard, and "
        "PrivateTest for the final ranking.",
    )
    description = SLICES[name].description
    st.caption(f"{description[0].upper()}{description[1:]}.")
    return name


CLASS_METRICS = {"recall": "Recall", "precision": "Precision", "f1": "F1"}
"""Column of the table of `comparison.per_class_pair` -> name of the metric on screen and in addresses."""


def class_metric_picker() -> str:
    """Choose the metric that is drawn for each class. Return its key in `CLASS_METRICS`."""
    return st.segmented_control(
        "Metric",
        list(CLASS_METRICS),
        default="recall",
        required=True,
        format_func=CLASS_METRICS.__getitem__,
        key=keys.CLASS_METRIC,
        bind="query-params",
    )
