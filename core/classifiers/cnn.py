"""The convolutional family: one network class, trained as its config says."""

from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save

from core.calibration import tempered
from core.classifiers.base import LabelledFaces, Probabilities, Run
from core.classifiers.cnn_config import CnnConfig, build_network
from core.classifiers.cnn_fit import BATCH, CnnFit
from core.classifiers.network import middle, to_input
from core.exceptions import InputError
from core.faces import FACE_SIZE, Faces


class Cnn:
    """A `ConvNet` with its preprocessing: gray levels divided by 255."""

    config_type: ClassVar[type] = CnnConfig
    weights_file: ClassVar[str] = "weights.safetensors"
    data_parallel: ClassVar[bool] = True

    def __init__(self, config: CnnConfig) -> None:
        self.config = config
        self.temperature = 1.0
        self.uncertain_below = 0.0
        self.network = build_network(config).eval()

    def fit(self, train: LabelledFaces, val: LabelledFaces, run: Run) -> pd.DataFrame:
        """Train, keep the weights of the epoch with the best accuracy on val; see `Classifier.fit`."""
        fit = CnnFit(self.config, self.network, train, val, run)
        for epoch in range(fit.done, self.config.total_epochs):
            figures = fit.run_epoch(epoch)
            run.on_progress(epoch + 1, self.config.total_epochs, figures)
        self.network.load_state_dict(fit.best)
        self.network.cpu().eval()
        history = pd.DataFrame(fit.history)
        kept = history.index[-1] if self.config.fit_on == "train+val" else history["val_accuracy"].idxmax()
        return history.assign(kept=(history.index == kept).astype(int))

    @torch.inference_mode()
    def predict_proba(self, faces: Faces) -> Probabilities:
        """(n, 48, 48) uint8 -> (n, 7) float32; rows sum to 1. Float32 arithmetic."""
        parts = [self._probabilities(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
        probabilities = np.concatenate(parts) if parts else np.empty((0, 7), np.float32)
        return tempered(probabilities, self.temperature)

    def _probabilities(self, faces: Faces) -> Probabilities:
        inputs = middle(to_input(torch.from_numpy(np.array(faces))), self.config.window)
        logits = self.network(inputs)
        if self.config.mirror:
            probabilities = (logits.softmax(dim=1) + self.network(inputs.flip(-1)).softmax(dim=1)) / 2
        else:
            probabilities = logits.softmax(dim=1)
        return np.asarray(probabilities.numpy(), np.float32)

    @torch.inference_mode()
    def embed(self, faces: Faces) -> NDArray[np.float32]:
        """(n, 48, 48) uint8 -> (n, width) float32: what the last layer sees; n = 0 is legal."""
        parts = [self._embedding(faces[start : start + BATCH]) for start in range(0, len(faces), BATCH)]
        return np.concatenate(parts) if parts else self._embedding(np.zeros((1, FACE_SIZE, FACE_SIZE), np.uint8))[:0]

    def _embedding(self, faces: Faces) -> NDArray[np.float32]:
        inputs = middle(to_input(torch.from_numpy(np.array(faces))), self.config.window)
        return np.asarray(self.network.embed(inputs).numpy(), np.float32)

    def parameters(self) -> str:
        """Weights that training moves, without batch-normalisation statistics."""
        return f"{sum(weights.numel() for weights in self.network.parameters()):,} weights"

    def save(self, folder: Path) -> None:
        """Write the weights; batch-normalisation statistics are among them."""
        tensors = {name: tensor.contiguous() for name, tensor in self.network.state_dict().items()}
        (folder / self.weights_file).write_bytes(save(tensors))

    @classmethod
    def load(cls, folder: Path, config: CnnConfig) -> Self:
        """Read the weights; raises InputError where they do not fit the config's network."""
        classifier = cls(config)
        try:
            classifier.network.load_state_dict(load_file(folder / cls.weights_file))
        except RuntimeError as error:
            raise InputError(
                f"the weights in {folder.name}/{cls.weights_file} do not fit the network that card.json describes; "
                "restore both files from the same training run."
            ) from error
        return classifier
