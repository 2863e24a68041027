"""How many images a second training gets through: the seed project's way and FERscope's, on the same network.

The seed's way: one image at a time through a Dataset and a DataLoader in the same process, each changed by itself (by
the functions for batches, as a batch of one), float32, channels first. FERscope's: all images in memory as uint8, a
batch by its indices, changed as a batch, channels last, bfloat16 where that is faster, all weights moved in one call.
Network, batch size, amounts of augmentation, optimiser (Adam) and the loop around them are the same; neither decodes
files, mixes images or asks teachers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from core.classifiers.base import LabelledFaces, labelled
from core.classifiers.cnn import epochs
from core.classifiers.cnn.augment import augment
from core.classifiers.cnn.config import Augmentation, CnnConfig
from core.classifiers.cnn.network import build_network, middle, to_input
from core.data.store import current_import
from core.emotions import EMOTIONS
from core.exceptions import unknown_name
from core.training.recipes import RECIPES
from core.vision.crops import FACE_SIZE

SYNTHETIC = 4096
"""Images where no data set is imported."""

WARM_UP_SECONDS = 0.3


@dataclass(frozen=True)
class Way:
    """A network and the endless batches that it is trained on."""

    network: nn.Module
    batches: Iterator[tuple[Tensor, Tensor]]
    precision: torch.dtype
    fused: bool
    """One call moves all weights, instead of several a layer."""


def compare(config: CnnConfig, data: LabelledFaces, repeats: int, seconds: float) -> dict[str, Any]:
    """Both ways by turns, `repeats` times for `seconds` each, with the config's augmentation (if any) and without.

    Speeds are medians over the repeats; `ratio` is of the medians, `ratio_range` the least and largest of one turn.
    """
    amounts = {"augmented": config.augmentation} if config.augmentation != Augmentation() else {}
    pairs = {
        name: (seeds_way(config, data, amount), our_way(config, data, amount))
        for name, amount in {**amounts, "plain": Augmentation()}.items()
    }
    for pair in pairs.values():
        for way in pair:
            images_per_second(way, WARM_UP_SECONDS)
    turns: dict[str, list[list[float]]] = {name: [] for name in pairs}
    for _ in range(repeats):
        for name, pair in pairs.items():
            turns[name].append([images_per_second(way, seconds) for way in pair])
    return {
        "weights": sum(weights.numel() for weights in pairs["plain"][1].network.parameters()),
        "batch_size": _batch_size(config, data),
        "device": epochs.best_device().type,
        "threads": torch.get_num_threads(),
        "precision": str(pairs["plain"][1].precision).removeprefix("torch."),
        "repeats": repeats,
        "training": {name: _summary(np.array(speeds)) for name, speeds in turns.items()},
    }


def _summary(turns: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """(repeats, 2) images a second of the seed's way and of ours -> their medians and ratio."""
    seeds, ours = np.median(turns, axis=0)
    ratios = turns[:, 1] / turns[:, 0]
    return {
        "seed_images_per_s": float(seeds),
        "images_per_s": float(ours),
        "ratio": float(ours / seeds),
        "ratio_range": [float(ratios.min()), float(ratios.max())],
    }


def seeds_way(config: CnnConfig, data: LabelledFaces, amount: Augmentation) -> Way:
    """Image by image through a DataLoader without worker processes."""
    device = epochs.best_device()
    network = build_network(config).to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    loader: DataLoader[tuple[Tensor, int]] = DataLoader(
        OneByOne(data, amount, config.window), _batch_size(config, data), shuffle=True, drop_last=True
    )

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            for inputs, labels in loader:
                yield inputs.to(device), labels.to(device)

    return Way(network.to(device), batches(), torch.float32, fused=False)


class OneByOne(Dataset[tuple[Tensor, int]]):
    """A face as (1, 48, 48) float32 in 0..1, changed as a batch of one, and its class id."""

    def __init__(self, data: LabelledFaces, amount: Augmentation, window: int) -> None:
        self.data = data
        self.amount = amount
        self.window = window
        self.generator = torch.Generator().manual_seed(0)

    def __len__(self) -> int:
        return len(self.data.faces)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        face = torch.from_numpy(self.data.faces[row])
        return _inputs(face[None], self.amount, self.window, self.generator)[0], int(self.data.labels[row])


def our_way(config: CnnConfig, data: LabelledFaces, amount: Augmentation) -> Way:
    """As `core.classifiers.cnn.fit` does it."""
    device = epochs.best_device()
    network = build_network(config).to(device)
    faces, labels = torch.from_numpy(data.faces).to(device), torch.from_numpy(data.labels).to(device)
    size = _batch_size(config, data)
    generator = torch.Generator().manual_seed(0)

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        while True:
            order = torch.randperm(len(faces), generator=generator).to(device)
            for rows in order.split(size)[: len(faces) // size]:
                inputs = _inputs(faces[rows], amount, config.window, generator)
                yield inputs.contiguous(memory_format=torch.channels_last), labels[rows]

    precision = epochs.faster_precision(network.train(), middle(to_input(faces[:size]), config.window))
    return Way(network, batches(), precision, fused=True)


def _inputs(faces: Tensor, amount: Augmentation, window: int, generator: torch.Generator) -> Tensor:
    if amount == Augmentation():
        return middle(to_input(faces), window)
    return augment(to_input(faces), amount, generator)


def _batch_size(config: CnnConfig, data: LabelledFaces) -> int:
    return min(config.batch_size, len(data.faces))


def images_per_second(way: Way, seconds: float) -> float:
    """Of training steps; at least one batch, then no new one after so many seconds."""
    images = 0
    start = perf_counter()

    def batches() -> Iterator[tuple[Tensor, Tensor]]:
        nonlocal images
        for inputs, labels in way.batches:
            yield inputs, labels
            images += len(labels)
            if perf_counter() - start >= seconds:
                return

    epochs.train_epoch(
        way.network,
        batches(),
        torch.optim.Adam(way.network.parameters(), fused=way.fused),
        label_smoothing=0.0,
        precision=way.precision,
        before_step=lambda: None,
        after_step=lambda: None,
    )
    if epochs.best_device().type != "cpu":
        torch.accelerator.synchronize()
    return images / (perf_counter() - start)


def network_recipe(name: str) -> CnnConfig:
    """The config of a recipe; raises InputError for an unknown one and for one that is not of a network."""
    networks = {known: recipe.config for known, recipe in RECIPES.items() if isinstance(recipe.config, CnnConfig)}
    if name not in networks:
        raise unknown_name("recipe of a network", name, networks)
    return networks[name]


def bench_faces() -> tuple[str, LabelledFaces]:
    """`imported` and the faces of train, or `synthetic` and noise."""
    data = current_import()
    if data is not None:
        return "imported", labelled(data.manifest(), data.faces(), "train")
    generator = np.random.default_rng(0)
    faces = generator.integers(0, 256, (SYNTHETIC, FACE_SIZE, FACE_SIZE), dtype=np.uint8)
    return "synthetic", LabelledFaces(faces, generator.integers(0, len(EMOTIONS), SYNTHETIC))
