"""The view of one face as an app of its own, and the text that it shows."""

import json
from collections.abc import Sequence

from streamlit.testing.v1 import AppTest

from core.data.shipped import load_manifest
from dashboard import keys

MODELS = ("cnn", "catboost")


def _app(models: tuple[str, ...], ids: list[str]) -> None:
    """Show the face in the address, if any, in a fragment as the pages do."""
    import streamlit as st

    from dashboard.components import face_view

    @st.fragment
    def show() -> None:
        opened = face_view.opened()
        if opened is None:
            st.markdown("No face is open.")
        else:
            face_view.show(opened, models, ids)

    show()


def open_view(image_id: str, models: Sequence[str] = MODELS, ids: Sequence[str] | None = None) -> AppTest:
    """Open the view of an image in the list of the test images, or of `ids`. Fail if it raises an exception."""
    listed = list_of_test_images() if ids is None else list(ids)
    app = AppTest.from_function(_app, args=(tuple(models), listed), default_timeout=60)
    app.query_params[keys.IMAGE] = image_id
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    """Return the app. Fail if it shows an exception."""
    assert not app.exception, app.exception
    return app


def list_of_test_images() -> list[str]:
    manifest = load_manifest()
    return [str(image_id) for image_id in manifest["image_id"][manifest["split"] == "test"]]


def html_of(app: AppTest) -> str:
    """Return all HTML of the view, that of elements with buttons included."""
    pressable = [json.loads(block.proto.json).get("html", "") for block in app.get("bidi_component")]
    return "\n".join([*(block.proto.body for block in app.get("html")), *pressable])


def press(app: AppTest, key: str) -> AppTest:
    """Press a button. Fail if the view then shows an exception."""
    return checked(app.button(key=key).click().run())


def opened(app: AppTest) -> str | None:
    """Return the image in the address; None if no face is open."""
    value = app.query_params.get(keys.IMAGE)
    return value[0] if isinstance(value, list) and value else value or None
