"""The convolutional family: one network class, built and trained as its config says."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save
from torch import Tensor, nn

from core.classifiers.base import LabelledFaces, Load, Probabilities, Run, load_none
from core.classifiers.cnn.config import CnnConfig
from core.classifiers.cnn.fit import CnnFit
from core.classifiers.cnn.network import ConvNet, Predictor, build_network
from core.classifiers.cnn.teachers import network_of
from core.exceptions import InputError
from core.vision.crops import FACE_SIZE, Faces

PREDICTION_BATCH = 32
"""Faces per forward pass. Activations of 32 faces fit into a processor's cache; 512 take a sixth longer per face."""

STATISTICS_BATCH = 256
"""Faces per batch when the batch-normalisation statistics are estimated."""


class Cnn:
    """A `ConvNet` with its preprocessing: gray levels divided by 255."""

    weights_file: ClassVar[str] = "weights.safetensors"
    data_parallel: ClassVar[bool] = True

    def __init__(self, config: CnnConfig) -> None:
        self.config = config
        self.network = build_network(config).eval()

    @property
    def network(self) -> ConvNet:
        """The trained network. Assign it again after changing its weights, so that predictions use them."""
        return self._network

    @network.setter
    def network(self, network: ConvNet) -> None:
        self._network = network
        self.predictor = Predictor(network, self.config.window, self.config.mirror)

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Train, and keep the weights of the epoch with the best accuracy on val; see `Classifier.fit`."""
        fit = CnnFit(self.config, self.network, train, val, run)
        for epoch in range(fit.done, self.config.total_epochs):
            figures = fit.run_epoch(epoch)
            run.on_progress(epoch + 1, self.config.total_epochs, figures)
        self.network.load_state_dict(fit.best)
        if self.config.start_share:
            first = network_of(self.config.start, run.load)
            self.network.load_state_dict(_interpolated(fit.best, first, self.config.start_share))
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
        """Set the batch-normalisation statistics to the mean over batches of these faces, (n, 48, 48) uint8."""
        network = self.network.eval()
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.reset_running_stats()
                layer.momentum = None  # gives the plain mean of all batches
                layer.train()
        order = np.random.default_rng(self.config.seed).permutation(len(faces))  # faces are sorted by emotion
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

    def parameters(self) -> str:
        """Return the number of trainable weights, without batch-normalisation statistics."""
        return f"{sum(weights.numel() for weights in self.network.parameters()):,} weights"

    def save(self, folder: Path) -> None:
        """Write the weights and the batch-normalisation statistics in 16 bits."""
        tensors = {name: _to_16_bits(tensor).contiguous() for name, tensor in self.network.state_dict().items()}
        (folder / self.weights_file).write_bytes(save(tensors))

    @classmethod
    def load(cls, folder: Path, config: CnnConfig, load: Load = load_none) -> Self:  # noqa: ARG003
        """Read the weights; raises InputError if they do not fit the config's network."""
        classifier = cls(config)
        try:
            classifier.network.load_state_dict(load_file(folder / cls.weights_file))
        except RuntimeError as error:
            raise InputError(
                f"the weights in {folder.name}/{cls.weights_file} do not fit the network that card.json describes; "
                "restore both files from the same training run."
            ) from error
        classifier.network = classifier.network  # rebuilds the predictor from the loaded weights
        return classifier


def _interpolated(last: dict[str, Tensor], first: ConvNet, share: float) -> dict[str, Tensor]:
    """Interpolate between `last` (share 0) and `first` (share 1). Integer counts are those of `last`."""
    return {
        name: torch.lerp(last[name], tensor.to(last[name]), share) if tensor.is_floating_point() else last[name]
        for name, tensor in first.state_dict().items()
    }


def _to_16_bits(tensor: Tensor) -> Tensor:
    """Convert floating-point numbers to 16 bits; integer counts stay as they are.

    Weights become bfloat16, which compresses by a seventh more than float16. Either format changes the accuracy on val
    by at most 0.0007. Scales, biases and statistics are few, so they become float16.
    """
    if not tensor.is_floating_point():
        return tensor
    return tensor.bfloat16() if tensor.ndim > 1 else tensor.half()


def _rounded_to_16_bits(network: ConvNet) -> ConvNet:
    """Round the network's weights to the 16 bits of its file, so that the measured network equals the saved one."""
    network.load_state_dict({name: _to_16_bits(tensor) for name, tensor in network.state_dict().items()})
    return network


def _in_batches(function: Callable[[Tensor], Tensor], faces: Faces) -> NDArray[np.float32]:
    """Apply the function in batches.

    Some layers refuse an empty batch. If there are no faces, the function gets one blank face, whose row is dropped.
    """
    if not len(faces):
        return _in_batches(function, np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))[:0]
    parts = torch.split(torch.from_numpy(np.array(faces)), PREDICTION_BATCH)
    return np.concatenate([function(part).numpy() for part in parts])
