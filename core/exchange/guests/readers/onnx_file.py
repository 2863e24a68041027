"""Read networks in ONNX files."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.classifiers.configs import as_json
from core.classifiers.onnx import (
    DTYPES,
    OnnxConfig,
    OnnxNetwork,
    check_config,
    graph_inputs,
    open_graph,
    run_graph,
)
from core.data.sources.words import emotion_of
from core.emotions import EMOTIONS
from core.exceptions import InputError, shortened
from core.exchange.guests.guest import GuestFile, GuestModel, GuestOptions, ModelReader
from core.exchange.guests.readers.checking import (
    BATCH_SIZES,
    check_batches,
    check_in_process,
    check_stated_classes,
    example_faces,
    refuse_options,
    request_of,
    shown_name,
)
from core.exchange.guests.readers.onnx_axes import DYNAMIC_BATCH, input_axes
from core.files import ContentError

LARGEST_SUM_ERROR = 1e-3
"""Values whose sums differ from 1 by at most this are probabilities; others are logits."""

EXPORT = (
    "torch.onnx.export(model.eval(), torch.zeros(2, 1, 48, 48), 'net.onnx', input_names=['faces'], "
    f"{DYNAMIC_BATCH}, external_data=False)"
)
"""How to write a network of PyTorch into one ONNX file."""


def check(file: GuestFile, options: GuestOptions) -> GuestModel:
    """Read a graph in a process with limits, then in this one; see `ModelReader`."""
    check_in_process(f"{__name__}:check_here", file, options, ("onnxruntime", "cv2", "pandas"))
    return read(file, options)


def check_here(content: bytes, request: dict[str, object]) -> None:
    """Check a graph in this process. Raises InputError if it cannot be used or contradicts the options."""
    file, options = request_of(content, request)
    name = shown_name(file)
    model = read(file, options)
    session = model.classifier._session  # type: ignore[attr-defined]
    refuse_contradictions(name, session, options)
    check_batches(model.classifier, name)


def read(file: GuestFile, options: GuestOptions) -> GuestModel:
    """Read a graph that was checked; raises InputError if the options do not fit it.

    What the file itself says takes precedence over the options: its axes, its type and its classes.
    """
    name = shown_name(file)
    with content_errors_as_input_errors(name):
        session = open_graph(file.content)
        config = config_of(name, session, options)
        network = OnnxNetwork.from_bytes(file.content, config)
    return GuestModel("onnx", as_json(config), network, file.content)


@contextmanager
def content_errors_as_input_errors(name: str) -> Iterator[None]:
    """Turn the ContentError of a graph into an InputError, which says what to do."""
    try:
        yield
    except ContentError as error:
        text = str(error)
        if "second file" in text or "external data" in text.lower():
            remedy = "its weights are in a second file; save it as one: onnx.save(onnx.load('net.onnx'), 'one.onnx')"
        elif "not a registered" in text or "No Op registered" in text or "o opset" in text:
            remedy = f"it uses an operation that onnxruntime does not have ({text}); export it with standard operations"
        else:
            remedy = f"it cannot be used as an ONNX file ({text}); export it again"
        raise InputError(f"{name}: {remedy}.") from error


def config_of(name: str, session: Any, options: GuestOptions) -> OnnxConfig:
    """Return how a graph is fed and read, from its input, its metadata, the options and a trial with a few faces."""
    inputs = session.get_inputs()
    if len(inputs) != 1:
        raise InputError(f"{name} has {len(inputs)} inputs, but a network for faces has one; export only the network.")
    if inputs[0].type not in DTYPES:
        raise InputError(
            f"{name} takes {shortened(inputs[0].type, 40)}; export it with an input of type float32, float64, float16 "
            "or uint8."
        )
    axes = input_axes(name, inputs[0].shape, options)
    takes_levels = inputs[0].type == "tensor(uint8)"
    config = OnnxConfig(
        **axes._asdict(),
        scale=1 if takes_levels else options.scale or 255,
        mean=() if takes_levels else options.mean,
        std=() if takes_levels else options.std,
        classes=stated_classes(session) or options.classes or EMOTIONS,
    )
    check_config(config)
    output, values = find_output(name, session, config)
    return OnnxConfig(**{**vars(config), "output": output, "values": kind_of(values)})


def refuse_contradictions(name: str, session: Any, options: GuestOptions) -> None:
    """Raise InputError if options contradict what the graph says."""
    [entry] = session.get_inputs()
    axes = input_axes(name, entry.shape, options)
    if entry.type == "tensor(uint8)":
        given = options if options.scale == 255 or options.mean or options.std else GuestOptions()
        refuse_options(name, given, ("scale", "mean", "std"), "takes whole gray levels (uint8)")
    if axes.layout in ("nhw", "flat"):
        refuse_options(name, options, ("layout",), "takes faces without an axis of channels")
    elif options.layout not in (None, axes.layout):
        raise InputError(f"{name} has the layout {axes.layout}, as its input's shape shows; leave out layout.")
    if options.channels not in (None, axes.channels):
        raise InputError(
            f"{name} takes images with {axes.channels} channel(s), not {options.channels}; leave out channels."
        )
    check_stated_classes(name, options, stated_classes(session))


def stated_classes(session: Any) -> tuple[str, ...] | None:
    """Return the emotions in the order that the file's metadata `classes` states (a JSON list), or None."""
    try:
        words = json.loads(session.get_modelmeta().custom_metadata_map.get("classes", ""))
    except (ValueError, RecursionError):
        return None
    emotions = tuple(emotion_of(str(word)) or "" for word in words) if isinstance(words, list) else ()
    return emotions if sorted(emotions) == sorted(EMOTIONS) else None


def find_output(name: str, session: Any, config: OnnxConfig) -> tuple[int, NDArray[Any]]:
    """Run a graph on batches of different sizes; return which output has seven columns, and its largest result."""
    faces = graph_inputs(example_faces(max(BATCH_SIZES)), config, DTYPES[session.get_inputs()[0].type])
    position, values = -1, np.empty(0)
    for size in BATCH_SIZES:
        try:
            outputs = run_graph(session, faces[:size])
        except ContentError as error:
            if size == BATCH_SIZES[0]:
                raise
            raise InputError(
                f"{name} predicts one face, but fails on {size}; export it for batches of any size, in PyTorch with "
                f"input_names=['faces'], {DYNAMIC_BATCH}."
            ) from error
        found = [i for i, output in enumerate(outputs) if output is not None and output.shape == (size, len(EMOTIONS))]
        if len(found) != 1:
            raise InputError(_wrong_output(name, outputs, len(found)))
        position, values = found[0], outputs[found[0]]  # type: ignore[assignment]
    return position, values


def _wrong_output(name: str, outputs: Sequence[NDArray[Any] | None], found: int) -> str:
    if found > 1:
        return (
            f"{name} has {found} outputs with seven values per face; export it with only the probabilities as output."
        )
    sizes = [str(output[0].size) for output in outputs if output is not None and output.ndim > 1 and len(output)]
    shown = f"{shortened(' and '.join(sizes), 40)} values" if sizes else "no values"
    return (
        f"{name} returns {shown} per face instead of a row of seven, one per emotion; export a network with seven "
        "classes (with skl2onnx: options={'zipmap': False})."
    )


def kind_of(values: NDArray[Any]) -> Literal["probabilities", "logits"]:
    """Return what an output has, (n, 7): probabilities are not negative and add up to 1."""
    sums = values.astype(np.float64).sum(axis=1)
    is_probabilities = (values >= -LARGEST_SUM_ERROR).all() and (np.abs(sums - 1) <= LARGEST_SUM_ERROR).all()
    return "probabilities" if is_probabilities else "logits"


READER = ModelReader("onnx", check, read, (255, 1))
