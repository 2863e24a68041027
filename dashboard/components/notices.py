"""Messages about missing or damaged files."""

import streamlit as st

from core.data.kaggle import KAGGLE_PAGE
from dashboard import resources, switches


def model_faults_notice() -> None:
    """Show one warning per model folder that cannot be read."""
    for name, fault in resources.models.model_faults().items():
        st.warning(f"The model folder `{name}` is left out: {fault}", icon=":material/warning:")


def no_models_notice() -> None:
    """Say that there is no model and how to get one."""
    st.info(
        "There is no model yet. Train one with `python -m core train cnn-seed`, "
        "or copy a model folder into `models/`. It appears here at the next click.",
        icon=":material/info:",
    )


def data_missing_notice(what: str = "The faces are not shown") -> None:
    """Say that no data set is imported and how to get it. `what` names the consequence."""
    upload = "" if switches.read_only() else ", or upload it on the Dataset page"
    st.info(
        f"{what}: FER2013's images are not part of this app, and none are imported yet. "
        f"Get `archive.zip` from [Kaggle]({KAGGLE_PAGE}), "
        f"then run `python -m core import archive.zip`{upload}.",
        icon=":material/image_not_supported:",
    )


def empty_slice_notice() -> None:
    """Say that the slice has no images that both models have predicted."""
    st.info(
        "No image of this slice has predictions of both models. Choose another slice.",
        icon=":material/info:",
    )
