"""What makes a network and its training."""

from dataclasses import dataclass, field
from typing import Literal

import torch

from core.augment import Augmentation
from core.classifiers.network import ConvNet, Pooling


@dataclass(frozen=True)
class CnnConfig:
    """Everything that makes a network and its training; the defaults are the seed project's notebook."""

    seed: int = 42
    """Of the weights, the order of the images, dropout and augmentation."""
    blocks: tuple[tuple[int, ...], ...] = ((16, 16), (32, 32), (64,))
    """Channels of the 3x3 convolutions; each inner tuple ends in a max-pooling that halves the picture."""
    pooling: Pooling = "flatten"
    """What leads from maps to the head: all positions, or their average."""
    hidden: int = 256
    """Units of the hidden layer; 0 for a head of one linear layer."""
    dropout: float = 0.5
    """Share of units dropped before each linear layer."""
    epochs: tuple[int, ...] = (10, 5)
    """Length of each phase; a phase starts with a new optimiser and a new schedule."""
    learning_rates: tuple[float, ...] = (1e-3, 1.5e-3)
    """First learning rate of each phase."""
    optimiser: Literal["adam", "adamw", "sgd"] = "adam"
    """`sgd` is with Nesterov momentum 0.9."""
    weight_decay: float = 0.0
    """Of the optimiser."""
    schedule: Literal["step", "cosine"] = "step"
    """`step` divides by ten every 5 epochs; `cosine` warms up over a twentieth of the phase, then falls to zero."""
    batch_size: int = 64
    """Images a gradient step."""
    label_smoothing: float = 0.0
    """Share of each target spread over all classes (Szegedy et al. 2016)."""
    weight_averaging: float = 0.0
    """Decay a step of the moving average of the weights that is validated and kept; 0 for none."""
    augmentation: Augmentation = field(default_factory=Augmentation)
    """Random changes to the training images."""
    mirror: bool = False
    """Whether a prediction is the mean over the face and its mirror image."""

    @property
    def total_epochs(self) -> int:
        return sum(self.epochs)


def build_network(config: CnnConfig) -> ConvNet:
    """The network of a config, with the first weights that its seed gives."""
    torch.manual_seed(config.seed)
    network = ConvNet(config.blocks, config.pooling, config.hidden, config.dropout)
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
