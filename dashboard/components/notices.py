"""Messages about damaged models, and about missing models, images and predictions."""

import streamlit as st

from core.data.kaggle import KAGGLE_PAGE
from dashboard import resources, switches


def model_faults_notice() -> None:
    """Show one warning per model whose card cannot be read."""
    for name, fault in resources.models.model_faults().items():
        st.warning(f"The model folder `{name}` is left out: {fault}", icon=":material/warning:")


def no_models_notice() -> None:
    """Show a message that there is no model, and how to get one."""
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


def empty_slice_notice() -> None:
    """Show a message that the slice has no image that both models have predicted."""
    st.info(
        "No image of this slice has predictions of both models. Choose another slice.",
        icon=":material/info:",
    )
