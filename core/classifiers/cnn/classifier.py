"""The convolutional family: one network class, trained as its config says."""

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

AT_ONCE = 32
"""Faces in one pass: what lies between two layers fits into a processor's cache. 512 take a sixth longer each."""

STATISTICS_BATCH = 256
"""Faces in a batch whose mean and variance count once."""


class Cnn:
    """A `ConvNet` with its preprocessing: gray levels divided by 255."""

    weights_file: ClassVar[str] = "weights.safetensors"
    data_parallel: ClassVar[bool] = True

    def __init__(self, config: CnnConfig) -> None:
        self.config = config
        self.network = build_network(config).eval()

    @property
    def network(self) -> ConvNet:
        """What is trained and saved; set it anew when its weights have changed."""
        return self._network

    @network.setter
    def network(self, network: ConvNet) -> None:
        self._network = network
        self.predictor = Predictor(network, self.config.window, self.config.mirror)

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Train, keep the weights of the epoch with the best accuracy on val; see `Classifier.fit`."""
        fit = CnnFit(self.config, self.network, train, val, run)
        for epoch in range(fit.done, self.config.total_epochs):
            figures = fit.run_epoch(epoch)
            run.on_progress(epoch + 1, self.config.total_epochs, figures)
        self.network.load_state_dict(fit.best)
        if self.config.start_share:
            first = network_of(self.config.start, run.load)
            self.network.load_state_dict(_between(fit.best, first, self.config.start_share))
        self.network = self.network.cpu().eval()
        if self.config.batch_statistics == "clean":
            learnt = [train.faces, val.faces] if self.config.fit_on == "train+val" else [train.faces]
            self.estimate_statistics(np.concatenate(learnt))
        self.network = _rounded(self.network)
        history = pd.DataFrame(fit.history)
        kept = history.index[-1] if self.config.fit_on == "train+val" else history["val_accuracy"].idxmax()
        return history.assign(kept=(history.index == kept).astype(int))

    @torch.inference_mode()
    def estimate_statistics(self, faces: Faces) -> None:
        """(n, 48, 48) uint8: set what batch normalisation goes by to the mean over batches of these faces."""
        network = self.network.eval()
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.reset_running_stats()
                layer.momentum = None  # the plain mean of all batches
                layer.train()
        order = np.random.default_rng(self.config.seed).permutation(len(faces))  # they lie sorted by emotion
        for rows in np.array_split(order, max(1, len(faces) // STATISTICS_BATCH)):
            network(self.predictor.inputs(torch.from_numpy(faces[rows])))
        self.network = network.eval()

    @torch.inference_mode()
    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1. Float32 arithmetic."""
        return _in_batches(self.predictor, faces)

    @torch.inference_mode()
    def embed(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, width) float32: what the last layer sees; n = 0 is legal."""
        return _in_batches(self.predictor.embed, faces)

    def parameters(self) -> str:
        """Weights that training moves, without batch-normalisation statistics."""
        return f"{sum(weights.numel() for weights in self.network.parameters()):,} weights"

    def save(self, folder: Path) -> None:
        """Write the weights at half their size; batch-normalisation statistics are among them."""
        tensors = {name: _halved(tensor).contiguous() for name, tensor in self.network.state_dict().items()}
        (folder / self.weights_file).write_bytes(save(tensors))

    @classmethod
    def load(cls, folder: Path, config: CnnConfig, load: Load = load_none) -> Self:  # noqa: ARG003
        """Read the weights; raises InputError where they do not fit the config's network."""
        classifier = cls(config)
        try:
            classifier.network.load_state_dict(load_file(folder / cls.weights_file))
        except RuntimeError as error:
            raise InputError(
                f"the weights in {folder.name}/{cls.weights_file} do not fit the network that card.json describes; "
                "restore both files from the same training run."
            ) from error
        classifier.network = classifier.network
        return classifier


def _between(last: dict[str, Tensor], first: ConvNet, share: float) -> dict[str, Tensor]:
    """The weights of the line from `last` to `first`, at this share of it; counts are those of `last`."""
    return {
        name: torch.lerp(last[name], tensor.to(last[name]), share) if tensor.is_floating_point() else last[name]
        for name, tensor in first.state_dict().items()
    }


def _halved(tensor: Tensor) -> Tensor:
    """Half the bytes on disk; counts stay whole numbers.

    Weights become bfloat16, which compresses by a seventh more than float16 and costs the trained networks no more of
    their accuracy on val (at most .0007 either way). Scales, biases and statistics are few: float16.
    """
    if not tensor.is_floating_point():
        return tensor
    return tensor.bfloat16() if tensor.ndim > 1 else tensor.half()


def _rounded(network: ConvNet) -> ConvNet:
    """The network with its weights as they will be read back, so that what is measured is what is saved."""
    network.load_state_dict({name: _halved(tensor) for name, tensor in network.state_dict().items()})
    return network


def _in_batches(function: Callable[[Tensor], Tensor], faces: Faces) -> NDArray[np.float32]:
    """The function's rows of all faces; none are asked for as one, since some layers refuse an empty batch."""
    if not len(faces):
        return _in_batches(function, np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))[:0]
    parts = torch.split(torch.from_numpy(np.array(faces)), AT_ONCE)
    return np.concatenate([function(part).numpy() for part in parts])
