"""Open the Models page with some of its folded sections opened."""

from streamlit.testing.v1 import AppTest

from dashboard import keys
from tests.dashboard.pages.visiting import open_page

SECTIONS = (
    "calibration", "robustness", "steadiness", "curves", "hyperparameters", "teaching", "weighting", "provenance",
)  # fmt: skip


def open_models(*sections: str, **query: str | list[str]) -> AppTest:
    """Open the page, then these sections, as a visitor would. Fail if an exception is raised."""
    app = open_page("models", **query)
    for section in sections:
        app.session_state[keys.per_item(keys.MODELS_SECTION, section)] = True
    if sections:
        app.run()
    assert not app.exception, app.exception
    return app
