"""What a page says if something is missing or damaged."""

import streamlit as st

from core.data.kaggle import KAGGLE_PAGE
from dashboard import resources, switches


def model_faults_notice() -> None:
    """A sentence for each model folder that cannot be read; the others are not harmed by it."""
    for name, fault in resources.models.model_faults().items():
        st.warning(f"The model folder `{name}` is left out: {fault}", icon=":material/warning:")


def no_models_notice() -> None:
    """What to do if there is no model at all."""
    st.info(
        "There is no model yet. Train one with `python -m core train cnn-seed`, "
        "or copy a model folder into `models/`; it shows up here at the next click.",
        icon=":material/info:",
    )


def data_missing_notice(what: str = "The faces themselves are not shown") -> None:
    """Says that no data set is imported and how to get it."""
    upload = "" if switches.read_only() else ", or upload it on the Dataset page"
    st.info(
        f"{what}: FER2013's pictures are not part of this app, and none are imported yet. "
        f"Get `archive.zip` from [Kaggle]({KAGGLE_PAGE}), "
        f"then run `python -m core import archive.zip`{upload}.",
        icon=":material/image_not_supported:",
    )


def empty_slice_notice() -> None:
    """Says that there is nothing to compute figures on."""
    st.info(
        "No image of this slice has been predicted by the chosen models: choose another slice.",
        icon=":material/info:",
    )
