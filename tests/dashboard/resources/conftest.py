"""Fixtures of the tests of the app's caches."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.runtime.caching import cache_resource_api

from dashboard import keys


@pytest.fixture
def one_session_with_empty_caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the resources outside of the app as one session, with empty caches."""
    monkeypatch.setattr(cache_resource_api, "get_session_id_or_throw", lambda: "the only session")
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.session_state.pop(keys.GUESTS_OF_VISIT, None)
    cache_resource_api.clear_session_cache("the only session")
