"""A guided round in front of the camera: ask for each expression in turn, and keep the models' predictions.

Each expression has a countdown of three seconds, and then a capture of two seconds, whose frames are kept. A skipped
step has no frames. A repeated step drops its earlier frames. If the camera sends no frames, the current step starts
again at the next frame.
"""

import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS
from core.evaluation import metrics
from core.recognition.drawing import HOLD, Prompt
from core.recognition.reading import MODEL_COLUMNS, Reading

COUNTDOWN_S = 3.0
CAPTURE_S = 2.0

SILENCE_S = 2.0
"""After this many seconds without a frame, the camera counts as off or stuck, and the current step waits for it."""

INSTRUCTIONS = {
    "angry": "brows down, lips pressed",
    "disgust": "nose wrinkled, upper lip raised",
    "fear": "brows up and together, eyes wide",
    "happy": "a smile that reaches the eyes",
    "neutral": "a relaxed face",
    "sad": "inner brows up, mouth down",
    "surprise": "brows up, mouth open",
}
"""Emotion -> how to act it, in ASCII (after Ekman and Friesen's prototypes)."""

Phase = Literal["ready", "countdown", "capture", "done"]

COLUMNS = ("step", "asked", "time_s", "model", *MODEL_COLUMNS)
"""Columns of `GuidedRound.table`."""


@dataclass(frozen=True)
class RoundState:
    """The state of a round at one moment."""

    phase: Phase
    asked: str | None = None
    """The requested expression; None before and after the round."""
    step: int = 0
    """Number of the current step, from 1; 0 before and after the round."""
    remaining_s: float = 0.0
    """Seconds left of the countdown or of the capture; 0 before and after the round."""
    waiting: bool = False
    """Whether the countdown starts only at the camera's next frame."""

    @property
    def running(self) -> bool:
        """Whether the round has begun and not ended."""
        return self.asked is not None

    def progress(self) -> float:
        """Return the elapsed share of the countdown or of the capture, 0..1."""
        phase_s = COUNTDOWN_S if self.phase == "countdown" else CAPTURE_S
        return min(max(1 - self.remaining_s / phase_s, 0.0), 1.0)

    def prompt(self) -> Prompt:
        """Return what the video shows during the current step of a running round."""
        asked = self.asked or ""
        acting = self.phase == "capture"
        counter = HOLD if acting else f"{math.ceil(self.remaining_s)}"
        title = f"{self.step} of {len(EMOTIONS)}: {asked}"
        return Prompt(title, INSTRUCTIONS.get(asked, ""), counter, self.progress(), acting)


@dataclass
class Step:
    """One expression of the round, and its captured frames."""

    asked: str
    """The requested expression."""
    frames: list[tuple[float, Reading]] = field(default_factory=list)
    """For each captured frame: seconds since the start of the round, and the reading of the largest face."""
    crop: NDArray[np.uint8] | None = None
    """(48, 48) uint8: the last crop of the capture's first half, or else the first of its second half, or else None."""


class GuidedRound:
    """The round of one visitor. The stream's thread calls `feed`; the page's thread calls the other methods."""

    def __init__(self, clock: Callable[[], float], order: Sequence[str] = EMOTIONS) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._steps = [Step(emotion) for emotion in order]
        self._queue: list[int] = []
        """Indexes of the current step and of the steps after it."""
        self._started = self._waiting = False
        self._round_start_s = self._step_start_s = self._last_frame_s = 0.0

    def start(self) -> None:
        """Start the round with the first expression. Drop the frames of an earlier round."""
        with self._lock:
            self._steps = [Step(step.asked) for step in self._steps]
            self._started = True
            self._round_start_s = self._clock()
            self._queue = list(range(len(self._steps)))
            self._begin_step()

    def skip(self, number: int) -> None:
        """End the step with this number (from 1) and drop its frames. Do nothing if it is not the current step."""
        with self._lock:
            if self._state().step == number:
                self._clear(number - 1)
                self._queue.pop(0)
                self._begin_step()

    def redo(self, emotion: str) -> None:
        """Ask for an expression again at once, and drop its earlier frames. An interrupted step starts again later."""
        with self._lock:
            self._advance()
            repeated = next(index for index, step in enumerate(self._steps) if step.asked == emotion)
            self._queue = [repeated, *(index for index in self._queue if index != repeated)]
            for index in self._queue:
                self._clear(index)
            self._started = True
            self._begin_step()

    def state(self) -> RoundState:
        """Return the current state of the round."""
        with self._lock:
            return self._state()

    def feed(self, reading: Reading | None, crop: NDArray[np.uint8] | None, age_s: float = 0.0) -> None:
        """Add the reading and the crop of a frame's largest face; both are None if no face was found.

        `age_s`: seconds since the frame was taken. The reading and the crop are kept only if the frame was taken during
        the current capture. Any frame, with or without a face, starts the countdown of a step that waits.
        """
        with self._lock:
            state = self._state()
            self._last_frame_s = self._clock()
            if state.waiting:
                self._begin_step()
            if state.phase != "capture" or reading is None or age_s > CAPTURE_S - state.remaining_s:
                return
            step = self._steps[self._queue[0]]
            step.frames.append((self._clock() - self._round_start_s, reading))
            if step.crop is None or state.remaining_s >= CAPTURE_S / 2:
                step.crop = crop

    def steps(self) -> list[Step]:
        """Return copies of all steps, in the order of the round."""
        with self._lock:
            return [Step(step.asked, list(step.frames), step.crop) for step in self._steps]

    def table(self) -> pd.DataFrame:
        """Return a table with the columns `COLUMNS` and one row per captured frame and model."""
        rows = [
            (
                *(number, step.asked, round(time_s, 3), model),
                *reading.model_values(model),
            )
            for number, step in enumerate(self.steps(), start=1)
            for time_s, reading in step.frames
            for model in reading.probabilities
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _state(self) -> RoundState:
        self._advance()
        if not self._queue:
            return RoundState("done" if self._started else "ready")
        index = self._queue[0]
        elapsed_s = 0.0 if self._waiting else self._clock() - self._step_start_s
        asked = self._steps[index].asked
        if elapsed_s < COUNTDOWN_S:
            return RoundState("countdown", asked, index + 1, COUNTDOWN_S - elapsed_s, self._waiting)
        return RoundState("capture", asked, index + 1, COUNTDOWN_S + CAPTURE_S - elapsed_s)

    def _advance(self) -> None:
        """Remove finished steps from the queue. If no frames arrive, drop the current step's frames and let it wait."""
        silent = self._clock() - self._last_frame_s > SILENCE_S
        until_s = self._last_frame_s if silent else self._clock()  # if no frames arrive, time stops at the last frame
        while self._queue and not self._waiting and until_s - self._step_start_s >= COUNTDOWN_S + CAPTURE_S:
            self._queue.pop(0)
            self._step_start_s += COUNTDOWN_S + CAPTURE_S
        if self._queue and silent and not self._waiting:
            self._clear(self._queue[0])
            self._waiting = True

    def _begin_step(self) -> None:
        """Start the countdown of the current step. The camera has `SILENCE_S` seconds to send its next frame."""
        self._waiting = False
        self._step_start_s = self._last_frame_s = self._clock()

    def _clear(self, index: int) -> None:
        self._steps[index] = Step(self._steps[index].asked)


def confusion(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """Count the frames of a model in a 7x7 table: one row per requested expression, one column per predicted label.

    `table` is a `GuidedRound.table`.
    """
    frames = table[table["model"] == model]
    labels = {"true_label": frames["asked"], "predicted_label": frames["predicted_label"]}
    return metrics.confusion(pd.DataFrame(labels).astype(EMOTION_DTYPE))


def share_of_same_labels(table: pd.DataFrame, first: str, second: str) -> float:
    """Return the share of frames for which two models predict the same label; NaN if no frame has both models."""
    labels = table.pivot_table(index=["step", "time_s"], columns="model", values="predicted_label", aggfunc="first")
    if first not in labels or second not in labels:
        return float("nan")
    both = labels[[first, second]].dropna()
    return float((both[first] == both[second]).mean()) if len(both) else float("nan")
