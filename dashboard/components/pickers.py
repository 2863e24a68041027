"""Widgets to choose models or a metric."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.evaluation.two_models.wording import CLASS_METRICS
from core.recognition.recognizer import DEFAULT_MODELS
from dashboard import keys, resources
from dashboard.components.addressed import (
    read_from_address,
    unknown_in_address,
    unknown_names_text,
    warn_of_unknown,
    write_to_address,
)
from dashboard.components.notices import (
    left_out_notice,
    no_models_notice,
    no_shared_images_notice,
    predictions_faults_notice,
)
from dashboard.components.wording import name_and_accuracy


def model_picker(label: str, key: str, default: str, names: Sequence[str]) -> str | None:
    """Choose one of the models `names`, at least one, by default the one in the URL's query parameter `key`.

    If the address names another model, return None until the visitor chooses one. `default` is the choice if the
    address has none.
    """
    in_address, unknown = read_from_address(key, names), unknown_in_address(key, names)
    named = None if unknown or not in_address else in_address[0]
    choice = st.session_state.get(key, default) if in_address is None else named
    # Set even if unchanged: otherwise the widget of a newly opened page would start with the first name.
    st.session_state[key] = choice if choice in names else None if unknown else default
    titles = _names_and_accuracies(names)
    chosen: str | None = st.selectbox(
        label,
        list(titles),
        key=key,
        format_func=titles.__getitem__,
        placeholder="Choose a model",
        persist_state="session",
    )
    return chosen


def models_picker(label: str, names: Sequence[str] | None = None) -> list[str]:
    """Choose any number of models, by default two, and return them in the order of choice.

    `names` are the models to choose from, at least one; by default all of them, so at least one must have a readable
    card. The choice is stored in the URL and carries over from page to page. Names in the address that no model has
    are left out, with a warning.
    """
    known = resources.models.model_names()
    names = known if names is None else names
    default = list(dict.fromkeys(default_pair(names)))
    in_address = read_from_address(keys.MODELS, known)
    choice = st.session_state.get(keys.MODELS, default) if in_address is None else in_address
    offered = [name for name in choice if name in names]
    st.session_state[keys.MODELS] = offered if offered or not choice else default
    titles = _names_and_accuracies(names)
    chosen = st.multiselect(
        label,
        list(titles),
        key=keys.MODELS,
        format_func=titles.__getitem__,
        placeholder="Choose models",
        persist_state="session",
    )
    unknown = unknown_in_address(keys.MODELS, known)
    named = [name for name in dict.fromkeys(st.query_params.get_all(keys.MODELS)) if name in names]
    if unknown and chosen == named:
        st.warning(unknown_names_text("a model", unknown, names), icon=":material/link_off:")
    else:
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


def _names_and_accuracies(names: Sequence[str]) -> dict[str, str]:
    """Return the models' names and accuracies for a list: guests first, because the visitor has added them."""
    cards = resources.models.cards()
    return {name: name_and_accuracy(cards[name]) for name in sorted(names, key=lambda name: not cards[name].is_guest)}


def choose_again_if_gone(models: Sequence[str]) -> None:
    """Run the whole page again if a model has been removed since it ran. Call this first in a fragment."""
    if not set(models) <= set(resources.predictions.model_names()):
        st.rerun()


def models_pair_picker(places: Sequence[DeltaGenerator] = ()) -> tuple[str, str] | None:
    """Choose models A and B, kept in the address as `a` and `b`. Without models, show a message and return None.

    Models whose predictions cannot be read are left out, with a warning. `places` are the containers of the two
    widgets; otherwise they stand side by side.
    """
    predictions_faults_notice()
    names = resources.predictions.model_names()
    if not names:
        no_models_notice()
        return None
    if (new := st.session_state.pop(keys.NEW_GUEST, None)) in names:
        st.session_state[keys.MODEL_B] = new
    defaults = default_pair(names)
    default_a, default_b = pair_of_address(address_of_pair_now(), defaults)
    left, right = places or st.columns(2)
    with left:
        a = model_picker("Model A", keys.MODEL_A, default_a, names)
    with right:
        b = model_picker("Model B", keys.MODEL_B, default_b, names)
    for key, chosen in ((keys.MODEL_A, a), (keys.MODEL_B, b)):
        if chosen is None:
            unknown = unknown_in_address(key, names)
            st.error(unknown_names_text("a model", unknown, names), icon=":material/link_off:")
    if a is None or b is None:
        return None
    address = shortest_address((a, b), defaults)
    for key in (keys.MODEL_A, keys.MODEL_B):
        write_to_address(key, [address[key]] if key in address else [], [])
    for name in dict.fromkeys((a, b)):
        if resources.predictions.scored(name).empty:
            no_shared_images_notice(name)
    if a == b:
        st.caption("A and B are the same model, so there are no differences. Choose two different models.")
    return a, b


def address_of_pair_now() -> dict[str, str]:
    """Return the query parameters of models A and B that the address has. Of repeated ones, the first counts."""
    given = {key: list(filter(None, st.query_params.get_all(key))) for key in (keys.MODEL_A, keys.MODEL_B)}
    return {key: values[0] for key, values in given.items() if values}


def pair_of_address(address: Mapping[str, str], defaults: tuple[str, str]) -> tuple[str, str]:
    """Return the pair that an address stands for. A link that names one model compares it with another one.

    `address` has the query parameters of models A and B, or one of them, or none.
    """
    first, second = defaults
    a = address.get(keys.MODEL_A, second if address.get(keys.MODEL_B) == first else first)
    return a, address.get(keys.MODEL_B, first if a == second else second)


def shortest_address(pair: tuple[str, str], defaults: tuple[str, str]) -> dict[str, str]:
    """Return the fewest query parameters that stand for a pair of models."""
    a, b = {keys.MODEL_A: pair[0]}, {keys.MODEL_B: pair[1]}
    return next(address for address in ({}, a, b, a | b) if pair_of_address(address, defaults) == pair)


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


def class_metric_picker() -> str:
    """Choose the metric that is drawn for each class. Return its key in `CLASS_METRICS`."""
    title = segmented_control("Metric", list(CLASS_METRICS.values()), keys.CLASS_METRIC)
    return next(name for name, shown in CLASS_METRICS.items() if shown == title)


def segmented_control(label: str, options: Sequence[str], key: str, default: str | None = None) -> str:
    """Choose one of the options, by default the first. The address keeps the choice under `key`, and so does the visit.

    An unknown option in the address is ignored, with a warning.
    """
    warn_of_unknown(key, f"a value of {label!r}", options)
    default = default or options[0]
    chosen = st.segmented_control(
        label,
        options,
        default=default,
        required=True,
        key=key,
        wrap=True,
        bind="query-params",
        persist_state="session",
    )
    return chosen or default  # after an empty value in the address, Streamlit returns None


def selectbox(label: str, options: Sequence[str], key: str) -> str:
    """Choose one of the options from a list, as in `segmented_control`."""
    warn_of_unknown(key, f"a value of {label!r}", options)
    return st.selectbox(label, options, key=key, bind="query-params", persist_state="session")
