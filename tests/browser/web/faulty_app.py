"""An app whose buttons raise errors in every place where Streamlit runs code. `test_faults.py` presses them."""

import streamlit as st

from core.exceptions import InputError
from dashboard import faults, startup


def fail(what: str) -> None:
    if st.session_state["bad_input"]:
        raise InputError("The file *a_b* has no <rows>; choose another one.")
    raise RuntimeError(f"{what} broke")


@st.cache_data
def fail_in_cache() -> None:
    raise RuntimeError("the cached function broke")


@st.fragment
def show_fragment() -> None:
    if st.button("Fragment"):
        fail("the fragment")


startup.prepare_app()
st.title("Faults")
st.checkbox("Bad input", key="bad_input")
show_fragment()
st.button("Callback", on_click=fail, args=("the callback",))
if st.button("Cache"):
    fail_in_cache()
with faults.show_input_errors():
    if st.button("Script"):
        fail("the script")
