"""The guided round: the page asks for seven expressions, then shows one confusion matrix per model."""

import numpy as np
import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.video import guided_round
from core.video.guided_round import CAPTURE_S, COUNTDOWN_S, GuidedRound, RoundState
from core.video.sheets import round_sheet
from core.vision.images import encode_png
from dashboard import keys
from dashboard.charts import confusion
from dashboard.components import displays, downloads, face_cards, layout, wording
from dashboard.plain_text import escape_markdown

REFRESH_S = 0.25
"""Seconds between two updates of the countdown."""

LEAD = (
    f"The page asks for each of the seven expressions in turn. You have {COUNTDOWN_S:.0f} seconds to get ready, then "
    f"{CAPTURE_S:.0f} seconds of frames are captured. At the end you see one confusion matrix per model. "
    "A round measures how well the models recognize the expressions that you act, in this light. "
    "It does not measure what you feel, or how accurate the models are on other people's faces."
)

INSTRUCTIONS = {
    "angry": "brows down, lips pressed",
    "disgust": "nose wrinkled, upper lip raised",
    "fear": "brows up and together, eyes wide",
    "happy": "a smile that reaches the eyes",
    "neutral": "a relaxed face",
    "sad": "inner brows up, corners of the mouth down",
    "surprise": "brows up, mouth open",
}
"""Emotion -> how to act it (after Ekman and Friesen's prototypes)."""


def show(camera_on: bool, guided: GuidedRound) -> None:
    """Show the controls of the round while the camera runs, and the results after the round."""
    layout.subheader("Test yourself", LEAD)
    state = guided.state()
    round_running = state.phase in ("countdown", "capture")
    if not camera_on and state.phase != "done":
        resume_note = " It continues where it stopped." if round_running else ""
        st.info(f"Press START above: the round needs the camera.{resume_note}", icon=":material/videocam:")
        return
    if round_running:
        st.fragment(_show_step, run_every=REFRESH_S)(guided)
    elif camera_on:
        _show_start_button(guided, again=state.phase == "done")
    if state.phase == "done":
        _show_results(camera_on, guided)


def _show_start_button(guided: GuidedRound, again: bool) -> None:
    label = "Start another round" if again else "Start the round"
    st.button(label, on_click=guided.start, type="primary", icon=":material/play_arrow:", key=keys.ROUND_START)


def _show_step(guided: GuidedRound) -> None:
    state = guided.state()
    if state.phase == "done":
        st.rerun()
    with st.container(key="live-round", border=True):
        st.subheader(f"{state.step} of {len(EMOTIONS)}: {state.asked}", anchor=False)
        st.markdown(INSTRUCTIONS[state.asked or "neutral"])
        st.progress(progress(state), status_text(state))
        st.button(
            "Skip this one", on_click=guided.skip, args=(state.step,), icon=":material/skip_next:", key=keys.ROUND_SKIP
        )


def status_text(state: RoundState) -> str:
    """Return the text beside the progress bar."""
    if state.waiting:
        return "Waiting for the camera ..."
    if state.phase == "countdown":
        return f"Get ready: {np.ceil(state.remaining_s):.0f}"
    return "Hold it ..."


def progress(state: RoundState) -> float:
    """Return the elapsed share of the countdown or of the capture, 0 to 1."""
    phase_s = COUNTDOWN_S if state.phase == "countdown" else CAPTURE_S
    return float(np.clip(1 - state.remaining_s / phase_s, 0, 1))


def _show_results(camera_on: bool, guided: GuidedRound) -> None:
    table = guided.table()
    with st.container(key="live-round-results"):
        if table.empty:
            st.info("The round has no frames. Every step was skipped, or no face was found.", icon=":material/info:")
        else:
            _show_matrices(table)
        displays.face_grid(step_cards(guided, table), card_width=200)
        if camera_on:
            _show_repeat(guided)
        if not table.empty:
            _show_downloads(guided, table)


def _show_matrices(table: pd.DataFrame) -> None:
    models = list(dict.fromkeys(table["model"]))
    for model, column in zip(models, layout.columns(len(models)), strict=True):
        counts = guided_round.confusion(table, model)
        shares = metrics.row_shares(counts)
        with column:
            mean = wording.percent(float(metrics.recalls(counts).mean()), 0)
            frames = int(counts.to_numpy().sum())
            st.markdown(f"**{escape_markdown(model)}**: mean recall {mean} ({frames:,} frames)")
            texts = confusion.count_and_share_texts(counts, shares)
            figure = confusion.confusion_heatmap(shares, texts).update_yaxes(title="asked for")
            # The default hover text says "click to see these images", but these cells open nothing.
            figure.update_traces(hoverinfo="skip", hovertemplate=None)
            displays.show(figure, alt=f"your confusion matrix for {model}", key=keys.per_item("round", model))
    displays.text_table(recall_table(table))
    if len(models) > 1:
        share = guided_round.share_of_same_labels(table, *models[:2])
        first, second = map(escape_markdown, models[:2])
        st.markdown(f"{first} and {second} predict the same label for {wording.percent(share, 0)} of your frames.")


def recall_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per expression, with its number of frames and each model's recall."""
    models = list(dict.fromkeys(table["model"]))
    counts = {model: guided_round.confusion(table, model) for model in models}
    frames = counts[models[0]].sum(axis=1)
    shown = pd.DataFrame({"asked for": list(EMOTIONS), "frames": [f"{n:,}" for n in frames]})
    for model in models:
        shown[model] = [wording.percent(share, 0) for share in metrics.recalls(counts[model])]
    return shown


def step_cards(guided: GuidedRound, table: pd.DataFrame) -> list[face_cards.FaceCard]:
    """Return one card per step, with the crop from the middle of the capture and each model's most frequent label."""
    return [
        face_cards.FaceCard(
            title=step.asked,
            notes=tuple(_most_frequent_labels(table, number)) or ("skipped, or no face was found",),
            image_url=None if step.crop is None else face_cards.data_url(step.crop),
            alt=f"your face when {step.asked} was asked for",
        )
        for number, step in enumerate(guided.steps(), start=1)
    ]


def _most_frequent_labels(table: pd.DataFrame, step: int) -> list[str]:
    rows = table[table["step"] == step]
    return [
        f"{model}: {labels.mode().iloc[0]}" for model, labels in rows.groupby("model", sort=False)["predicted_label"]
    ]


def _show_repeat(guided: GuidedRound) -> None:
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        asked = st.selectbox("Repeat one expression", EMOTIONS, key=keys.ROUND_EXPRESSION)
    with right:
        st.button("Repeat", on_click=guided.redo, args=(asked,), icon=":material/replay:", key=keys.ROUND_REPEAT)


def _show_downloads(guided: GuidedRound, table: pd.DataFrame) -> None:
    left, right = st.columns(2)
    with left:
        downloads.csv_button(table, "ferscope-round", "Round as CSV")
    with right:
        downloads.button(
            "Round as PNG",
            lambda: encode_png(round_sheet(guided.steps(), table)),
            "ferscope-round.png",
            "image/png",
            keys.ROUND_PNG,
            ":material/image:",
        )
