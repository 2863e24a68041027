"""What to leave out: one tick per rule, with the number of images that it would leave out alone."""

import streamlit as st

from core.exceptions import InputError
from core.review.clean_list import RULES, Choice, parse_drop
from core.review.clean_list.choice import DOUBTFUL, choice_of
from core.review.doubts import DOUBTFUL_BELOW
from dashboard import keys
from dashboard.plain_text import escape_markdown
from dashboard.resources import cleaning

LARGEST_LIMIT = 0.5
"""Largest limit of the doubt score that the slider offers. Few labels are wrong above it."""

NOT_KNOWN = {
    "near": "Near copies of this data set are not known yet. The tab Quality searches for them.",
    DOUBTFUL: "This data set has no doubt scores. The tab Quality says how to get them.",
}
"""Rule -> why it cannot be ticked, as Markdown."""


def pick() -> Choice:
    """Show the ticks and, if doubtful labels are ticked, their limit. The address keeps both."""
    _read_address()
    known = cleaning.facts()
    usable = [name for name in RULES if not known.lacks(name)]
    below = float(st.session_state.get(keys.CLEAN_BELOW) or _limit_in_address() or DOUBTFUL_BELOW)
    counts = cleaning.counts(below)
    with st.container(key=keys.CLEAN_RULES, horizontal=True, gap="small"):
        ticked = [name for name in RULES if _tick(name, counts.get(name))]
    if DOUBTFUL in ticked and DOUBTFUL in usable:
        below = _pick_limit()
    for name in set(RULES) - set(usable):
        st.caption(NOT_KNOWN[name])
    choice = choice_of([name for name in ticked if name in usable], below)
    if note := known.note(choice.drop):
        st.caption(note)
    _write_address(ticked)
    return choice


def _tick(name: str, count: int | None) -> bool:
    key = keys.per_item(keys.CLEAN_RULE, name)
    st.session_state.setdefault(key, name in Choice().drop)
    title, meaning = RULES[name].title, RULES[name].meaning
    return st.checkbox(
        title if count is None else f"{title} · {count:,}",
        key=key,
        help=f"{meaning[0].upper()}{meaning[1:]}.",
        disabled=count is None,
        persist_state="session",
    )


def _pick_limit() -> float:
    """Show the slider of the doubt score."""
    return float(
        st.slider(
            "Doubtful below this probability of the label",
            min_value=0.01,
            max_value=LARGEST_LIMIT,
            value=DOUBTFUL_BELOW,
            step=0.01,
            format="%.2f",
            key=keys.CLEAN_BELOW,
            bind="query-params",
            persist_state="session",
            width=360,
        )
    )


def _limit_in_address() -> float | None:
    """Return the limit in the address if the slider can show it. The slider itself reads it later in this run."""
    try:
        limit = float(st.query_params.get(keys.CLEAN_BELOW, ""))
    except ValueError:
        return None
    return limit if 0.01 <= limit <= LARGEST_LIMIT else None


def _read_address() -> None:
    """Set the ticks to those in the address, if it has others than this page has read or written last."""
    text = st.query_params.get(keys.CLEAN_DROP)
    if text is None or text == st.session_state.get(keys.CLEAN_READ):
        return
    st.session_state[keys.CLEAN_READ] = text
    try:
        choice = parse_drop(text)
    except InputError as error:
        st.warning(f"The link is not understood: {escape_markdown(error)}", icon=":material/link_off:")
        return
    for name in RULES:
        st.session_state[keys.per_item(keys.CLEAN_RULE, name)] = name in choice.drop


def _write_address(ticked: list[str]) -> None:
    """Write the ticks to the address, or remove them from it if they are the default."""
    text = ",".join(ticked) or "none"
    if tuple(ticked) == Choice().drop:
        st.query_params.pop(keys.CLEAN_DROP, None)
        st.session_state.pop(keys.CLEAN_READ, None)
        return
    if st.query_params.get(keys.CLEAN_DROP) != text:
        st.query_params[keys.CLEAN_DROP] = text
    st.session_state[keys.CLEAN_READ] = text
