"""The classifier of the convolutional family: a network that is built and trained according to its config."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import save
from torch import Tensor, nn

from core.classifiers.base import LabelledFaces, LoadModel, Probabilities, Run, refuse_to_load
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.cnn.fit import CnnFit
from core.classifiers.cnn.gradients import log_probability_gradients
from core.classifiers.cnn.network import ConvNet, Predictor, build_network
from core.classifiers.cnn.teachers import network_of
from core.classifiers.cnn.weights import read_weights
from core.exceptions import InputError, shortened
from core.files import ContentError
from core.models.folders import CARD, shown_file
from core.models.weights import WEIGHTS_REMEDY
from core.vision.crops import FACE_SIZE, Faces

PREDICTION_BATCH = 32
"""Faces per forward pass. Activations of 32 faces fit into a processor's cache; 512 take a sixth longer per face."""

STATISTICS_BATCH = 256
"""Minimum number of faces per batch when batch-normalisation statistics are estimated, unless there are fewer faces."""


class Cnn:
    """A `ConvNet` with its preprocessing: faces are cut to their central square, gray levels are divided by 255."""

    weights_file: ClassVar[str] = "weights.safetensors"
    data_parallel: ClassVar[bool] = True

    def __init__(self, config: CnnConfig) -> None:
        self.config = config
        self.network = build_network(config).eval()

    @property
    def network(self) -> ConvNet:
        """The network. If its weights are changed in place, assign it again, so that predictions use them."""
        return self._network

    @network.setter
    def network(self, network: ConvNet) -> None:
        self._network = network
        self.predictor = Predictor(network, self.config.window, self.config.mirror)

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Train, and keep the weights of the epoch that is best on val (the last epoch if `fit_on` is `train+val`)."""
        fit = CnnFit(self.config, self.network, train, val, run)
        for epoch in range(fit.epochs_done, self.config.total_epochs):
            metrics = fit.run_epoch(epoch)
            run.on_progress(epoch + 1, self.config.total_epochs, metrics)
        self.network.load_state_dict(fit.best_weights)
        if self.config.start_share:
            start = network_of(self.config.start, run.load_model)
            self.network.load_state_dict(_interpolated(fit.best_weights, start, self.config.start_share))
        self.network = self.network.cpu().eval()
        if self.config.batch_statistics == "clean":
            training_faces = [train.faces, val.faces] if self.config.fit_on == "train+val" else [train.faces]
            self.estimate_statistics(np.concatenate(training_faces))
        self.network = _rounded_to_16_bits(self.network)
        history = pd.DataFrame(fit.history)
        kept = history.index[-1] if self.config.fit_on == "train+val" else history["val_accuracy"].idxmax()
        return history.assign(kept=(history.index == kept).astype(int))

    @torch.inference_mode()
    def estimate_statistics(self, faces: Faces) -> None:
        """Set the batch-normalisation statistics to their means over batches of these faces, (n, 48, 48) uint8."""
        network = self.network.eval()
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.reset_running_stats()
                layer.momentum = None  # None stands for the plain mean over all batches
                layer.train()
        # Faces are sorted by emotion, so they are shuffled.
        order = np.random.default_rng(self.config.seed).permutation(len(faces))
        for rows in np.array_split(order, max(1, len(faces) // STATISTICS_BATCH)):
            network(self.predictor.inputs(torch.from_numpy(faces[rows])))
        self.network = network.eval()

    @torch.inference_mode()
    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32, computed in float32; rows sum to 1."""
        return _in_batches(self.predictor, faces)

    @torch.inference_mode()
    def embed(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, width) float32: the input of the network's head. n may be 0."""
        return _in_batches(self.predictor.embed, faces)

    def gradients(self, faces: NDArray[np.float32], class_ids: Sequence[int]) -> NDArray[np.float32]:
        """(n, 48, 48) float32, gray levels 0..255 -> (classes, n, 48, 48) float32; see `log_probability_gradients`."""
        return log_probability_gradients(self.predictor, faces, class_ids)

    def parameters(self) -> str:
        """Return the number of trained weights as text; batch-normalisation statistics do not count."""
        return f"{sum(weights.numel() for weights in self.network.parameters()):,} weights"

    def save(self, folder: Path) -> None:
        """Write the weights and the batch-normalisation statistics in 16 bits."""
        tensors = {name: _to_16_bits(tensor).contiguous() for name, tensor in self.network.state_dict().items()}
        (folder / self.weights_file).write_bytes(save(tensors))

    @classmethod
    def load(cls, folder: Path, config: CnnConfig, load_model: LoadModel = refuse_to_load) -> Self:  # noqa: ARG003
        """Read the weights; raises InputError if they are damaged or do not fit the config's network."""
        file = folder / cls.weights_file
        try:
            weights = read_weights(file, config)
            classifier = cls(config)
            classifier.network.load_state_dict(weights)
            classifier.network = classifier.network  # rebuilds the predictor from the loaded weights
            classifier.predict_proba(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))
        except (SafetensorError, ContentError) as error:
            reason = shortened(error, 100) if isinstance(error, ContentError) else "it is not a whole file"
            raise InputError(
                f"the weights in {shown_file(folder.name, file.name)} do not fit the network that {CARD} describes "
                f"({reason}); {WEIGHTS_REMEDY}."
            ) from error
        except InputError as error:
            raise InputError(f"the recipe in {shown_file(folder.name, CARD)} cannot be used: {error}") from error
        # torch has no other exceptions for a number that no network can have, such as a share of dropout above 1
        except (RuntimeError, ValueError, OverflowError) as error:
            raise InputError(
                f"no network can have the recipe in {shown_file(folder.name, CARD)}; {WEIGHTS_REMEDY}."
            ) from error
        return classifier


def _interpolated(trained: dict[str, Tensor], start: ConvNet, share: float) -> dict[str, Tensor]:
    """Interpolate between `trained` (share 0) and `start` (share 1). Integer batch counts are those of `trained`."""
    return {
        name: torch.lerp(trained[name], tensor.to(trained[name]), share)
        if tensor.is_floating_point()
        else trained[name]
        for name, tensor in start.state_dict().items()
    }


def _to_16_bits(tensor: Tensor) -> Tensor:
    """Convert a floating-point tensor to 16 bits; an integer tensor stays as it is.

    Weights become bfloat16, whose compressed files are a seventh smaller than those of float16. Either format changes
    the accuracy on val by at most 0.0007. Scales, biases and statistics are few, so they become the finer float16.
    """
    if not tensor.is_floating_point():
        return tensor
    return tensor.bfloat16() if tensor.ndim > 1 else tensor.half()


def _rounded_to_16_bits(network: ConvNet) -> ConvNet:
    """Round the network's weights as `save` does, so that the measured network equals the saved one."""
    network.load_state_dict({name: _to_16_bits(tensor) for name, tensor in network.state_dict().items()})
    return network


def _in_batches(function: Callable[[Tensor], Tensor], faces: Faces) -> NDArray[np.float32]:
    """Apply a function of faces in batches, and concatenate the results.

    Some layers refuse an empty batch. If there are no faces, the function gets one black face, whose row is dropped.
    """
    if not len(faces):
        return _in_batches(function, np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))[:0]
    parts = torch.split(torch.from_numpy(np.array(faces)), PREDICTION_BATCH)
    return np.concatenate([function(part).numpy() for part in parts])
