"""A guided round before the camera: each expression is asked for in turn, and what the models say is kept.

The state follows from the clock alone: a countdown, then the frames of two seconds, then the next expression. A step
that is skipped has no frames; a step that is done again forgets its earlier ones. Where no frames come, the step waits.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.columns import EMOTION_DTYPE
from core.emotions import EMOTIONS, PROBABILITY_COLUMNS
from core.evaluation import metrics
from core.recognition.reading import Reading

COUNTDOWN_S = 3.0
CAPTURE_S = 2.0

SILENCE_S = 2.0
"""Without a frame for so long the camera is off or stuck, and the expression that is asked for waits."""

Phase = Literal["ready", "countdown", "capture", "done"]

COLUMNS = ("step", "asked", "time_s", "model", "predicted_label", "confidence", "certain", *PROBABILITY_COLUMNS)
"""Of the frames' table: one row per frame and model."""


@dataclass(frozen=True)
class Moment:
    """Where a round stands."""

    phase: Phase
    asked: str | None = None
    """The expression that is asked for; None before and after the round."""
    step: int = 0
    """From 1; 0 before the round."""
    remaining_s: float = 0.0
    """Of the countdown or of the capture."""
    waits: bool = False
    """Whether the countdown begins with the camera's next frame."""


@dataclass
class Step:
    """One expression of the round."""

    asked: str
    frames: list[tuple[float, Reading]] = field(default_factory=list)
    """Seconds since the round's start, and what was read."""
    crop: NDArray[np.uint8] | None = None
    """(48, 48) uint8: what the models saw in the middle of the capture."""


class GuidedRound:
    """One visitor's round; fed by the video's thread, steered and read by the page's."""

    def __init__(self, clock: Callable[[], float], order: Sequence[str] = EMOTIONS) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._steps = [Step(emotion) for emotion in order]
        self._queue: list[int] = []
        self._started = self._waits = False
        self._begun_s = self._step_begun_s = self._fed_s = 0.0

    def start(self) -> None:
        """From the first expression, with nothing kept."""
        with self._lock:
            self._steps = [Step(step.asked) for step in self._steps]
            self._started = True
            self._begun_s = self._clock()
            self._queue = list(range(len(self._steps)))
            self._begin_step()

    def skip(self, step: int) -> None:
        """Leave a step, from 1, without frames; nothing where it is not the one that is asked for (any more)."""
        with self._lock:
            if self._moment().step == step:
                self._forget(step - 1)
                self._queue.pop(0)
                self._begin_step()

    def redo(self, asked: str) -> None:
        """Ask for an expression again, at once; what was kept of it is forgotten."""
        with self._lock:
            self._advance()
            row = next(row for row, step in enumerate(self._steps) if step.asked == asked)
            self._queue = [row, *(other for other in self._queue if other != row)]
            for asked_again in self._queue:
                self._forget(asked_again)
            self._started = True
            self._begin_step()

    def moment(self) -> Moment:
        """Where the round stands now."""
        with self._lock:
            return self._moment()

    def feed(self, reading: Reading | None, crop: NDArray[np.uint8] | None, age_s: float = 0.0) -> None:
        """A frame's largest face, if there is one; kept where an expression was captured when the frame was taken,
        `age_s` ago."""
        with self._lock:
            moment = self._moment()
            self._fed_s = self._clock()
            if moment.waits:
                self._begin_step()
            if moment.phase != "capture" or reading is None or age_s > CAPTURE_S - moment.remaining_s:
                return
            step = self._steps[self._queue[0]]
            step.frames.append((self._clock() - self._begun_s, reading))
            if step.crop is None or moment.remaining_s >= CAPTURE_S / 2:
                step.crop = crop

    def steps(self) -> list[Step]:
        """The steps as they are now, in their order; not to be changed."""
        with self._lock:
            return [Step(step.asked, list(step.frames), step.crop) for step in self._steps]

    def table(self) -> pd.DataFrame:
        """`COLUMNS`; one row per captured frame and model."""
        rows = [
            (
                *(number, step.asked, round(time_s, 3), model),
                *(reading.label(model), reading.confidence(model), reading.is_certain(model), *shares),
            )
            for number, step in enumerate(self.steps(), start=1)
            for time_s, reading in step.frames
            for model, shares in reading.probabilities.items()
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _moment(self) -> Moment:
        self._advance()
        if not self._queue:
            return Moment("done" if self._started else "ready")
        step = self._queue[0]
        elapsed_s = 0.0 if self._waits else self._clock() - self._step_begun_s
        asked = self._steps[step].asked
        if elapsed_s < COUNTDOWN_S:
            return Moment("countdown", asked, step + 1, COUNTDOWN_S - elapsed_s, self._waits)
        return Moment("capture", asked, step + 1, COUNTDOWN_S + CAPTURE_S - elapsed_s)

    def _advance(self) -> None:
        """Leave the steps whose time was over before frames stopped to come, and let the next one wait for them."""
        silent = self._clock() - self._fed_s > SILENCE_S
        until_s = self._fed_s if silent else self._clock()
        while self._queue and not self._waits and until_s - self._step_begun_s >= COUNTDOWN_S + CAPTURE_S:
            self._queue.pop(0)
            self._step_begun_s += COUNTDOWN_S + CAPTURE_S
        if self._queue and silent and not self._waits:
            self._forget(self._queue[0])
            self._waits = True

    def _begin_step(self) -> None:
        """With its countdown, and some patience with the camera."""
        self._waits = False
        self._step_begun_s = self._fed_s = self._clock()

    def _forget(self, row: int) -> None:
        self._steps[row] = Step(self._steps[row].asked)


def confusion(table: pd.DataFrame, model: str) -> pd.DataFrame:
    """`metrics.confusion` of a model's frames: rows are what was asked for, columns what the model said."""
    rows = table[table["model"] == model]
    labels = {"true_label": rows["asked"], "predicted_label": rows["predicted_label"]}
    return metrics.confusion(pd.DataFrame(labels).astype(EMOTION_DTYPE))


def share_of_same_labels(table: pd.DataFrame, first: str, second: str) -> float:
    """Share of the frames on which two models say the same; NaN if there are none."""
    frames = ["step", "time_s"]
    labels = table.pivot_table(index=frames, columns="model", values="predicted_label", aggfunc="first")
    if first not in labels or second not in labels:
        return float("nan")
    both = labels[[first, second]].dropna()
    return float((both[first] == both[second]).mean()) if len(both) else float("nan")
