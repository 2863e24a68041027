"""Fit a network with one or several processes; each writes its result as JSON. test_distributed.py runs this script."""

import json
import sys
from pathlib import Path

import torch
from torch import nn

from core.classifiers.base import Run
from core.classifiers.cnn.classifier import Cnn
from core.classifiers.cnn.config import CnnConfig
from core.runtime.distributed import Group, process_group
from tests.core.classifiers.test_families import striped_faces

CONFIG = CnnConfig(blocks=((8,), (16,)), hidden=16, epochs=(4,), learning_rates=(0.01,), batch_size=16, dropout=0.1)


def main(folder: Path) -> None:
    with process_group() as processes:
        run = Run(folder / "run", lambda done, total, metrics: None, processes)
        run.folder.mkdir(exist_ok=True)
        classifier = Cnn(CONFIG)
        history = classifier.fit(striped_faces(32), striped_faces(16, seed=1), run)
        result = {
            "accuracy": history["val_accuracy"].max(),
            "weights": [float(weights.detach().double().sum()) for weights in classifier.network.parameters()],
            "gradient": gradient_of_a_shared_batch(processes),
            "broadcast": processes.broadcast({"rank": processes.rank}),
        }
        (folder / f"{processes.size}-{processes.rank}.json").write_text(json.dumps(result))


def gradient_of_a_shared_batch(processes: Group) -> list[float]:
    """Return the gradient of a linear network for a batch that is shared among the processes.

    A linear network has no batch statistics, so the number of processes must not change the gradient.
    """
    torch.manual_seed(0)
    inputs, network = torch.rand(8, 3), nn.Linear(3, 1)
    wrapped = processes.synchronized(network)
    wrapped(processes.share(inputs)).square().mean().backward()
    assert network.weight.grad is not None
    return network.weight.grad.flatten().tolist()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
