"""The family of ONNX graphs: networks that others have made with another program, run by onnxruntime.

They are added with `core.exchange.guests`, and are not trained here.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.classifiers.base import LabelledFaces, LoadModel, Probabilities, Run, refuse_to_load
from core.classifiers.onnx_graph import tensors
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.files import ContentError
from core.models.folders import shown_file
from core.vision.crops import FACE_SIZE, Faces

PREDICTION_BATCH = 32
"""Faces per call of onnxruntime."""

SIDES = 8, 512
"""Smallest and largest side of a graph's input in pixels."""

DTYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(uint8)": np.uint8,
}
"""onnxruntime's name of a type that the input of a graph may have -> NumPy's type."""

Axes = Literal["nchw", "nhwc", "nhw", "flat"]


@dataclass(frozen=True)
class OnnxConfig:
    """What a graph takes, and what its output means."""

    layout: Axes = "nchw"
    """Axes of the input: n faces, c channels, h rows, w columns. `nhw` has no channels; `flat` is (n, h * w)."""
    channels: Literal[1, 3] = 1
    """Number of channels; three have the same gray levels."""
    height: int = FACE_SIZE
    """Rows of the input in pixels."""
    width: int = FACE_SIZE
    """Columns of the input in pixels."""
    scale: Literal[1, 255] = 255
    """Number by which the gray levels 0 to 255 are divided."""
    mean: tuple[float, ...] = ()
    """Subtracted after the division: one number, or one per channel. Empty: nothing is subtracted."""
    std: tuple[float, ...] = ()
    """Divides the difference: one number, or one per channel. Empty: nothing is divided."""
    output: int = 0
    """Position of the output that has seven values per face."""
    values: Literal["probabilities", "logits"] = "probabilities"
    """What the output has. Logits are turned into probabilities with a softmax."""
    classes: tuple[str, ...] = EMOTIONS
    """Emotions in the order of the output."""


class OnnxNetwork:
    """A graph of others, with its preprocessing. onnxruntime computes each batch on one thread."""

    weights_file: ClassVar[str] = "weights.onnx"
    data_parallel: ClassVar[bool] = False

    def __init__(self, config: OnnxConfig) -> None:
        check_config(config)
        self.config = config
        self._columns = [config.classes.index(emotion) for emotion in EMOTIONS]
        self._content = b""
        self._session: Any = None

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:  # noqa: ARG002
        """Raise InputError, because such networks are trained with other programs."""
        raise InputError("networks in ONNX files are not trained here; train with a recipe of another family.")

    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1. n may be 0. Safe to call from several threads.

        Raises InputError if the graph fails on these faces.
        """
        if not len(faces):
            return np.empty((0, len(EMOTIONS)), np.float32)
        batches = [faces[start : start + PREDICTION_BATCH] for start in range(0, len(faces), PREDICTION_BATCH)]
        threads = min(cv2.getNumThreads(), len(batches))  # 1 in the app; see core/runtime/threads.py
        try:
            if threads <= 1:
                return np.concatenate([self._predict_batch(batch) for batch in batches])
            with ThreadPoolExecutor(threads) as pool:
                return np.concatenate(list(pool.map(self._predict_batch, batches)))
        except ContentError as error:
            raise InputError(
                f"the graph cannot predict these faces: {error}; remove the model and add it again."
            ) from error

    def _predict_batch(self, faces: Faces) -> Probabilities:
        values = run_graph(self._session, self.inputs(faces))[self.config.output]
        if values is None or values.shape != (len(faces), len(EMOTIONS)):
            raise ContentError("its output does not have seven values per face")
        return as_probabilities(values, self.config.values)[:, self._columns]

    def inputs(self, faces: Faces) -> NDArray[Any]:
        """(n, 48, 48) uint8 -> the input of the graph, in its layout, size and type."""
        return graph_inputs(faces, self.config, DTYPES[self._session.get_inputs()[0].type])

    def parameters(self) -> str:
        """Return the number of weights in the graph as text; other constants of the graph count too."""
        return f"{sum(tensor.size for tensor in tensors(self._content)):,} weights"

    def save(self, folder: Path) -> None:
        """Write the graph as it was read."""
        (folder / self.weights_file).write_bytes(self._content)

    @classmethod
    def from_bytes(cls, content: bytes, config: OnnxConfig) -> Self:
        """Return the network; raises ContentError if onnxruntime cannot read the graph or it has another input."""
        network = cls(config)
        network._content, network._session = content, open_graph(content)
        inputs = network._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type not in DTYPES:
            raise ContentError("it has another input")
        if len(network._session.get_outputs()) <= config.output:
            raise ContentError("it has fewer outputs")
        return network

    @classmethod
    def load(cls, folder: Path, config: OnnxConfig, load_model: LoadModel = refuse_to_load) -> Self:  # noqa: ARG003
        """Read the graph; raises InputError if it is damaged or does not fit the config."""
        file = folder / cls.weights_file
        try:
            network = cls.from_bytes(file.read_bytes(), config)
            network._predict_batch(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
        except ContentError as error:
            raise InputError(
                f"the weights in {shown_file(folder.name, file.name)} do not fit: {error}; remove the model and add it "
                "again."
            ) from error
        return network


def check_config(config: OnnxConfig) -> None:
    """Raise InputError if a value is out of range or contradicts another one."""
    if sorted(config.classes) != sorted(EMOTIONS):
        raise InputError(f"classes must be the seven emotions in the order of the outputs: {', '.join(EMOTIONS)}.")
    low, high = SIDES
    if not (low <= config.height <= high and low <= config.width <= high):
        raise InputError(
            f"the sides of a graph's input must be {low} to {high} pixels; export the network for such faces."
        )
    for name, numbers in (("mean", config.mean), ("std", config.std)):
        if len(numbers) not in {0, 1, config.channels} or not np.isfinite(numbers).all():
            raise InputError(f"{name} must be one number or one per channel ({config.channels}).")
    if min(map(abs, config.std), default=1) < 1e-6:
        raise InputError("std divides the gray levels, so it must not be 0.")
    if config.output < 0:
        raise InputError("output must be at least 0.")


def open_graph(content: bytes) -> Any:
    """Return an onnxruntime session for a graph in one file; raises ContentError for anything else."""
    from onnxruntime import InferenceSession, SessionOptions

    if any(tensor.is_external for tensor in tensors(content)):
        raise ContentError("its weights are in a second file")
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # errors are raised as well
    try:
        return InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except MemoryError:
        raise
    except Exception as error:  # onnxruntime's exceptions have no common class
        raise ContentError(_reason(error)) from error


def run_graph(session: Any, inputs: NDArray[Any]) -> list[NDArray[Any] | None]:
    """Return the outputs of a graph for one batch; None for outputs that are not arrays of numbers.

    Raises ContentError if the graph fails.
    """
    try:
        outputs = session.run(None, {session.get_inputs()[0].name: inputs})
    except MemoryError:
        raise
    except Exception as error:
        raise ContentError(_reason(error)) from error
    return [output if isinstance(output, np.ndarray) and output.dtype.kind in "fiu" else None for output in outputs]


def _reason(error: Exception) -> str:
    """Return what onnxruntime says, without the name of the exception and the place in its source."""
    text = shortened(error, 400)
    if "ailed to allocate" in text or "bad_alloc" in text:
        raise MemoryError from error
    text = text.rpartition(" : ")[2] or text
    return shortened(text.replace("Error", "error"), 90).rstrip(".")


def graph_inputs(faces: Faces, config: OnnxConfig, dtype: Any) -> NDArray[Any]:
    """(n, 48, 48) uint8 -> the input that a config describes: resized, scaled, with channels, (n, ...) of `dtype`."""
    size_wh = config.width, config.height
    if size_wh != (FACE_SIZE, FACE_SIZE):
        # As crops: shrunk with INTER_AREA, enlarged with INTER_LINEAR.
        interpolation = cv2.INTER_AREA if min(size_wh) < FACE_SIZE else cv2.INTER_LINEAR
        faces = np.array([cv2.resize(face, size_wh, interpolation=interpolation) for face in faces], np.uint8)
    if dtype == np.uint8:
        levels: NDArray[Any] = np.repeat(faces[..., None], config.channels, axis=-1)  # (n, h, w, c)
    else:
        levels = np.repeat(faces[..., None].astype(np.float32), config.channels, axis=-1) / np.float32(config.scale)
        levels -= np.array(config.mean or 0, np.float32)
        levels /= np.array(config.std or 1, np.float32)
    if config.layout == "nchw":
        levels = levels.transpose(0, 3, 1, 2)  # (n, c, h, w)
    elif config.layout == "nhw":
        levels = levels[..., 0]
    elif config.layout == "flat":
        levels = levels.reshape(len(faces), -1)
    return np.ascontiguousarray(levels.astype(dtype))


def as_probabilities(values: NDArray[Any], kind: Literal["probabilities", "logits"]) -> Probabilities:
    """(n, 7) numbers -> (n, 7) float32 probabilities, whose rows sum to 1. NaN stays NaN."""
    with np.errstate(all="ignore"):
        numbers = values.astype(np.float64)
        if kind == "logits":
            numbers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
        return np.asarray(numbers / numbers.sum(axis=1, keepdims=True), np.float32)
