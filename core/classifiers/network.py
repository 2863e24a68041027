"""The convolutional network, read in one file: blocks of 3x3 convolutions, each block halving the picture."""

from typing import Literal

import torch
from torch import Tensor, nn

Pooling = Literal["flatten", "average"]


def to_input(faces: Tensor) -> Tensor:
    """(b, 48, 48) uint8 -> (b, 1, 48, 48) float32 in 0..1."""
    return faces.unsqueeze(1).float().div(255).contiguous(memory_format=torch.channels_last)


class ConvNet(nn.Module):
    """VGG-like (Simonyan and Zisserman 2015) with batch normalisation (Ioffe and Szegedy 2015).

    With the default arguments it is the seed project's network of 0.63 million parameters.
    """

    def __init__(
        self,
        blocks: tuple[tuple[int, ...], ...] = ((16, 16), (32, 32), (64,)),
        pooling: Pooling = "flatten",
        hidden: int = 256,
        dropout: float = 0.5,
        size: int = 48,
        classes: int = 7,
    ) -> None:
        super().__init__()
        self.features = nn.Sequential(*_blocks(blocks))
        side = size >> len(blocks)
        self.pool = nn.Flatten() if pooling == "flatten" else nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        width = blocks[-1][-1] * (side * side if pooling == "flatten" else 1)
        self.head = nn.Sequential(*_head(width, hidden, dropout, classes))

    def forward(self, faces: Tensor) -> Tensor:
        """(b, 1, 48, 48) float in 0..1 -> (b, 7) logits; shapes are those of the default arguments."""
        maps: Tensor = self.features(faces)  # (b, 64, 6, 6)
        embedding: Tensor = self.pool(maps)  # (b, 2304)
        logits: Tensor = self.head(embedding)  # (b, 7)
        return logits


def _blocks(blocks: tuple[tuple[int, ...], ...]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    channels = 1
    for block in blocks:
        for width in block:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return layers


def _head(width: int, hidden: int, dropout: float, classes: int) -> list[nn.Module]:
    if not hidden:
        return [nn.Dropout(dropout), nn.Linear(width, classes)]
    return [
        nn.Dropout(dropout),
        nn.Linear(width, hidden),
        nn.BatchNorm1d(hidden),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(hidden, classes),
    ]
