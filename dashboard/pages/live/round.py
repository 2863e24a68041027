"""The guided round: a line above the video asks for seven expressions, one after the other."""

import math

import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.video import guided_round
from core.video.guided_round import CAPTURE_S, COUNTDOWN_S, INSTRUCTIONS, GuidedRound, RoundState
from dashboard import keys
from dashboard.plain_text import escape_html

REFRESH_S = 0.25
"""Seconds between two updates of the countdown."""

HELP = (
    f"The video asks for each of the seven expressions in turn. You have {COUNTDOWN_S:.0f} seconds to get ready, then "
    f"{CAPTURE_S:.0f} seconds of frames are captured. A round measures how well the models recognize the expressions "
    "that you act, in this light. It does not measure what you feel, or how accurate the models are on other people's "
    "faces."
)

INVITATION = "<strong>Guided round</strong>: act seven expressions, and see what the models recognize."


def show_bar(camera_on: bool, guided: GuidedRound) -> None:
    """Show what the round asks for, in one line of fixed height, and its buttons."""
    state = guided.state()
    if state.running and camera_on:
        st.fragment(_show_step, run_every=REFRESH_S)(guided)
        return
    with _bar():
        _show_line(idle_text(guided, state, camera_on))
        label = "Start another round" if state.phase == "done" else "Start the round"
        st.button(
            label,
            on_click=guided.start,
            disabled=not camera_on,
            icon=":material/play_arrow:",
            help=HELP if camera_on else f"Press START first. {HELP}",
            key=keys.ROUND_START,
        )
        if state.phase == "done" and camera_on:
            st.menu_button("Redo one", EMOTIONS, on_click=_redo_chosen, args=(guided,), key=keys.ROUND_EXPRESSION)


def _bar() -> st.delta_generator.DeltaGenerator:
    return st.container(key="live-round", horizontal=True, vertical_alignment="center")


def _redo_chosen(guided: GuidedRound) -> None:
    if chosen := st.session_state.get(keys.ROUND_EXPRESSION):
        guided.redo(chosen)


def _show_step(guided: GuidedRound) -> None:
    state = guided.state()
    if not state.running:
        st.rerun()
    previous = EMOTIONS[state.step - 2] if state.step > 1 else None
    with _bar():
        _show_line(step_text(state), status_text(state), state.progress())
        st.button("Skip", on_click=guided.skip, args=(state.step,), icon=":material/skip_next:", key=keys.ROUND_SKIP)
        st.button(
            f"Redo {previous}" if previous else "Redo",
            on_click=guided.redo,
            args=(previous,),
            disabled=previous is None,
            icon=":material/replay:",
            key=keys.ROUND_REPEAT,
        )


def _show_line(text_html: str, status: str = "", progress: float = 0.0) -> None:
    """Show a line of HTML that screen readers read out when it changes, and a countdown that they skip."""
    # Markdown and not HTML: only its elements stay in the page when their text changes, so that it is read out.
    st.markdown(
        f'<div class="ferscope-round"><div role="status" aria-live="polite">{text_html}</div>'
        f'<div class="ferscope-round-clock" aria-hidden="true"><span>{status}</span>'
        f'<i style="width:{progress:.0%}"></i></div></div>',
        unsafe_allow_html=True,
        width="stretch",
    )


def step_text(state: RoundState) -> str:
    """Return what the current step asks for, as HTML."""
    asked = state.asked or ""
    return f"{state.step} of {len(EMOTIONS)}: <strong>{asked}</strong> ({INSTRUCTIONS.get(asked, '')})"


def idle_text(guided: GuidedRound, state: RoundState, camera_on: bool) -> str:
    """Return the line as HTML before and after the round, and while the camera is off."""
    if state.running:
        return f"The round continues with {state.asked} when you press START."
    if state.phase == "done":
        return escape_html(result_text(guided.table()))
    return INVITATION if camera_on else f"{INVITATION} First press START."


def result_text(table: pd.DataFrame) -> str:
    """Return the result of a round in one sentence."""
    if table.empty:
        return "The round has no frames. Every step was skipped, or no face was found."
    # A model that was added during the round has not seen the first steps.
    steps = table.groupby("model", sort=False)["step"].nunique()
    counts = (f"{model} {recognized(table, str(model))} of {count}" for model, count in steps.items())
    return f"Round done. Recognized: {', '.join(counts)}."


def recognized(table: pd.DataFrame, model: str) -> int:
    """Return the number of expressions that a model predicted in more than half of their frames."""
    return int((metrics.recalls(guided_round.confusion(table, model)) > 0.5).sum())


def status_text(state: RoundState) -> str:
    """Return the text beside the progress bar."""
    if state.waiting:
        return "Waiting for the camera ..."
    if state.phase == "countdown":
        return f"Get ready: {math.ceil(state.remaining_s)}"
    return "Hold it ..."
