"""Errors on pages in AppTest: one sentence for a bug, the message for bad input, and reruns that are no errors."""

import logging
import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from core import paths
from dashboard.faults import UNEXPECTED
from dashboard.plain_text import escape_markdown


def test_streamlit_itself_shows_no_details_and_logs_plain_text():
    config = tomllib.loads((paths.ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["showErrorLinks"] is False
    assert config["logger"]["enableRich"] is False


def faulty_script() -> None:
    """Raise the error that the session state names, in the place that it names."""
    import streamlit as st

    from core.exceptions import InputError
    from dashboard import faults

    faults.replace_error_boxes()
    error = {"bug": KeyError("<b>secret</b>"), "input": InputError("no *row* in <x>; choose $1$")}

    def fail() -> None:
        raise error[st.session_state["kind"]]

    @st.cache_data
    def cached(kind: str) -> None:
        raise error[kind]

    @st.fragment
    def fragment() -> None:
        if st.button("fragment"):
            fail()

    st.button("callback", on_click=fail)
    fragment()
    with faults.show_input_errors():
        if st.button("cache"):
            cached(st.session_state["kind"])
        if st.button("script"):
            fail()
        if st.button("stop"):
            st.stop()
        if st.button("rerun"):
            st.rerun()


def press(kind: str, label: str) -> AppTest:
    app = AppTest.from_function(faulty_script)
    app.session_state["kind"] = kind
    app.run()
    next(button for button in app.button if button.label == label).click()
    return app.run()


@pytest.mark.case("c7")
@pytest.mark.parametrize("place", ["script", "cache", "fragment", "callback"])
def test_a_bug_is_one_sentence_on_the_page_and_a_traceback_in_the_log(place, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("streamlit.error_util"), "handlers", [caplog.handler])
    app = press("bug", place)
    assert [box.message for box in app.exception] == [UNEXPECTED]
    assert list(app.exception[0].stack_trace) == []
    assert not app.error
    assert "KeyError: '<b>secret</b>'" in caplog.text
    assert "Traceback (most recent call last)" in caplog.text


@pytest.mark.parametrize("place", ["script", "cache", "fragment", "callback"])
def test_bad_input_is_described_by_its_message_as_plain_text(place):
    app = press("input", place)
    assert [box.value for box in app.error] == [escape_markdown("no *row* in <x>; choose $1$")]
    assert not app.exception


@pytest.mark.parametrize("place", ["stop", "rerun"])
def test_a_page_that_stops_or_reruns_shows_no_error(place):
    app = press("bug", place)
    assert not app.error
    assert not app.exception


def test_an_error_that_cannot_be_shown_is_logged(monkeypatch, caplog):
    import streamlit as st

    from dashboard import faults

    def cannot_show(*arguments: object) -> None:
        raise OSError("no session")

    monkeypatch.setattr(st, "exception", cannot_show)
    faults.show_error(ValueError("first"))
    assert "An error could not be shown." in caplog.text
