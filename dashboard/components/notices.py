"""Messages about damaged models, and about missing models, images and predictions."""

from collections.abc import Collection, Mapping

import streamlit as st

from core.data.kaggle import KAGGLE_PAGE
from core.evaluation.slices import SLICES, parse_slice, slice_title
from core.review.slice_columns import MARKED
from dashboard import resources, switches
from dashboard.plain_text import escape_markdown


def model_faults_notice() -> None:
    """Show one warning per model whose card cannot be read."""
    left_out_notice(resources.models.model_faults(), "The model folder {} is left out")


def predictions_faults_notice() -> None:
    """Show one warning per model whose stored predictions cannot be read."""
    left_out_notice(resources.predictions.faults(), "The model {} is left out here")


def left_out_notice(faults: Mapping[str, str], start: str = "The model {} is left out") -> None:
    """Show one warning per model. `faults` maps names to sentences; the name takes the place of {} in `start`."""
    for name, fault in faults.items():
        st.warning(f"{start.format(escape_markdown(name))}: {escape_markdown(fault)}", icon=":material/warning:")


def guests_left_out_notice(offered: Collection[str]) -> None:
    """Say which guests are not among the models that a page offers, and why, if there are any."""
    cards = resources.models.cards()
    left_out = [name for name in resources.models.model_names() if cards[name].is_guest and name not in offered]
    reasons = {
        "they are predictions without a model": [name for name in left_out if not cards[name].can_predict],
        "films are read by another program, and they are here only for this visit": [
            name for name in left_out if cards[name].can_predict
        ],
    }
    for reason, names in reasons.items():
        if names:
            st.caption(f"Not offered here, because {reason}: {escape_markdown(', '.join(names))}.")


def no_models_notice() -> None:
    """Show a message that there is no model, and how to get one; or that all are left out."""
    if resources.models.model_names():
        st.info("None of the models can be used here. The warnings on this page say why.", icon=":material/info:")
        return
    st.info(
        "There is no model yet. Train one with `python -m core train cnn-seed`, "
        "or copy a model folder into `models/`. It appears here after the next click.",
        icon=":material/info:",
    )


def data_missing_notice(consequence: str = "The faces are not shown") -> None:
    """Show a message that no data set is imported, with its consequence, and how to import one."""
    upload = "" if switches.read_only() else ", or upload it on the Dataset page"
    st.info(
        f"{consequence}: FER2013's images are not part of this app, and none are imported yet. "
        f"Get `archive.zip` from [Kaggle]({KAGGLE_PAGE}), "
        f"then run `python -m core import archive.zip`{upload}.",
        icon=":material/image_not_supported:",
    )


def empty_slice_notice(slice_name: str) -> None:
    """Show a message that the slice has no image that both models have predicted, or needs what is not known."""
    if unknown := resources.comparisons.unknown_slice(slice_name):
        text = f"No image of this slice is shown: {slice_title(unknown)} {SLICES[unknown].missing}."
        st.info(text, icon=":material/info:")
        return
    if len(names := parse_slice(slice_name)) > 1:
        titles = ", ".join(slice_title(name) for name in names)
        st.info(f"No image belongs to all of these slices: {titles}. Remove one of them.", icon=":material/info:")
        return
    if slice_name == MARKED and not resources.review.marked_ids():
        st.info(
            "No image of this slice: none is marked yet. Open a face and mark it, or choose another slice.",
            icon=":material/bookmark:",
        )
        return
    st.info("No image of this slice has predictions of both models. Choose another slice.", icon=":material/info:")


def no_shared_images_notice(model: str) -> None:
    """Show a message that the data set in use has none of the images that a model has predicted."""
    st.info(
        f"The data set in use has none of the images that {escape_markdown(model)} has predicted. "
        "Import the data set that it was trained and tested on.",
        icon=":material/info:",
    )
