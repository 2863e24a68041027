"""The guided round on the Live page: seven expressions in turn, then your own confusion matrix."""

import numpy as np
import pandas as pd
import streamlit as st

from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.video import guided_round
from core.video.guided_round import CAPTURE_S, COUNTDOWN_S, GuidedRound, Moment
from core.video.sheets import round_sheet
from core.vision.images import encode_png
from dashboard import keys
from dashboard.charts import confusion
from dashboard.components import displays, downloads, face_cards, layout, wording

RENEW_S = 0.25
"""The countdown is renewed this often."""

LEAD = (
    f"The page asks for each of the seven expressions in turn: {COUNTDOWN_S:.0f} seconds to get ready, then "
    f"{CAPTURE_S:.0f} seconds of frames. You get your own confusion matrix for each model. A round measures how "
    "well the models read your acting in this light, not what you feel, and not how good the models are."
)

HOW = {
    "angry": "brows down, lips pressed",
    "disgust": "nose wrinkled, upper lip raised",
    "fear": "brows up and together, eyes wide",
    "happy": "a smile that reaches the eyes",
    "neutral": "a relaxed face",
    "sad": "inner brows up, corners of the mouth down",
    "surprise": "brows up, mouth open",
}
"""What actors are told (after Ekman and Friesen's prototypes)."""


def show(playing: bool, guided: GuidedRound) -> None:
    """The round's controls while the camera runs, and its results when there are any."""
    layout.subheader("Test yourself", LEAD)
    moment = guided.moment()
    running = moment.phase in ("countdown", "capture")
    if not playing and moment.phase != "done":
        waits = " It goes on where it was." if running else ""
        st.info(f"Press START above: the round needs the camera.{waits}", icon=":material/videocam:")
        return
    if running:
        st.fragment(_ask, run_every=RENEW_S)(guided)
    elif playing:
        _start_button(guided, again=moment.phase == "done")
    if moment.phase == "done":
        _show_results(playing, guided)


def _start_button(guided: GuidedRound, again: bool) -> None:
    label = "Start another round" if again else "Start the round"
    st.button(label, on_click=guided.start, type="primary", icon=":material/play_arrow:", key=keys.ROUND_START)


def _ask(guided: GuidedRound) -> None:
    moment = guided.moment()
    if moment.phase == "done":
        st.rerun()
    with st.container(key="live-round", border=True):
        st.subheader(f"{moment.step} of {len(EMOTIONS)}: {moment.asked}", anchor=False)
        st.markdown(HOW[moment.asked or "neutral"])
        st.progress(progress(moment), in_words(moment))
        st.button(
            "Skip this one", on_click=guided.skip, args=(moment.step,), icon=":material/skip_next:", key=keys.ROUND_SKIP
        )


def in_words(moment: Moment) -> str:
    """What is going on in the step."""
    if moment.waits:
        return "Waiting for the camera ..."
    if moment.phase == "countdown":
        return f"Get ready: {np.ceil(moment.remaining_s):.0f}"
    return "Hold it ..."


def progress(moment: Moment) -> float:
    """Share of the countdown, or of the capture, that is over."""
    whole = COUNTDOWN_S if moment.phase == "countdown" else CAPTURE_S
    return float(np.clip(1 - moment.remaining_s / whole, 0, 1))


def _show_results(playing: bool, guided: GuidedRound) -> None:
    table = guided.table()
    with st.container(key="live-round-results"):
        if table.empty:
            st.info("The round has no frames: every step was skipped, or no face was found.", icon=":material/info:")
        else:
            _show_matrices(table)
        displays.face_grid(step_cards(guided, table), card_width=200)
        if playing:
            _redo(guided)
        if not table.empty:
            _downloads(guided, table)


def _show_matrices(table: pd.DataFrame) -> None:
    models = list(dict.fromkeys(table["model"]))
    for model, column in zip(models, layout.columns(len(models)), strict=True):
        counts = guided_round.confusion(table, model)
        shares = metrics.row_shares(counts)
        with column:
            mean = wording.percent(float(metrics.recalls(counts).mean()), 0)
            st.markdown(f"**{model}**: mean recall {mean} over {int(counts.to_numpy().sum()):,} frames")
            texts = confusion.counts_and_shares(counts, shares)
            figure = confusion.confusion_heatmap(shares, texts).update_yaxes(title="asked for")
            figure.update_traces(hoverinfo="skip", hovertemplate=None)  # Compare's cells can be clicked, these not
            displays.show(figure, alt=f"your confusion matrix for {model}", key=keys.of("round", model))
    displays.text_table(recall_table(table))
    if len(models) > 1:
        share = guided_round.share_of_same_labels(table, *models[:2])
        st.markdown(f"{models[0]} and {models[1]} say the same on {wording.percent(share, 0)} of your frames.")


def recall_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row per expression: its frames, and the share that each model labels as it was asked for."""
    models = list(dict.fromkeys(table["model"]))
    counts = {model: guided_round.confusion(table, model) for model in models}
    frames = counts[models[0]].sum(axis=1)
    shown = pd.DataFrame({"asked for": list(EMOTIONS), "frames": [f"{n:,}" for n in frames]})
    for model in models:
        shown[model] = [wording.percent(share, 0) for share in metrics.recalls(counts[model])]
    return shown


def step_cards(guided: GuidedRound, table: pd.DataFrame) -> list[face_cards.FaceCard]:
    """One card per step: the crop from its middle, and each model's commonest label."""
    return [
        face_cards.FaceCard(
            title=step.asked,
            notes=tuple(_commonest(table, number)) or ("skipped, or no face was found",),
            picture=None if step.crop is None else face_cards.data_address(step.crop),
            alt=f"your face, asked for {step.asked}",
        )
        for number, step in enumerate(guided.steps(), start=1)
    ]


def _commonest(table: pd.DataFrame, step: int) -> list[str]:
    rows = table[table["step"] == step]
    return [
        f"{model}: {labels.mode().iloc[0]}" for model, labels in rows.groupby("model", sort=False)["predicted_label"]
    ]


def _redo(guided: GuidedRound) -> None:
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        asked = st.selectbox("Do one again", EMOTIONS, key=keys.ROUND_AGAIN)
    with right:
        st.button("Ask for it", on_click=guided.redo, args=(asked,), icon=":material/replay:", key=keys.ROUND_REDO)


def _downloads(guided: GuidedRound, table: pd.DataFrame) -> None:
    left, right = st.columns(2)
    with left:
        downloads.csv_button(table, "ferscope-round", "Round as CSV")
    with right:
        downloads.button(
            "Round as a picture",
            lambda: encode_png(round_sheet(guided.steps(), table)),
            "ferscope-round.png",
            "image/png",
            keys.ROUND_PNG,
            ":material/image:",
        )
