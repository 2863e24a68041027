"""Weights of the notebook project's network, in files of PyTorch and safetensors, and files with something else."""

import io

import numpy as np
import pytest
import torch
from safetensors.torch import save as safetensors
from torch import nn

from core.emotions import EMOTIONS
from core.exchange.guests.readers import torch_file
from core.exchange.guests.readers.onnx_file import EXPORT
from tests.core.classifiers.test_families import striped_faces
from tests.core.exchange.guests.readers.cases import FACES, OTHER_ORDER, check, in_order_of_emotions, read
from tests.fixtures.damage import refusal


def convolution(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU()]


class NotebookNetwork(nn.Module):
    """The network as the notebook project defines it."""

    def __init__(self, hidden: int = 256, classes: int = 7) -> None:
        super().__init__()
        self.net = nn.Sequential(
            *convolution(1, 16),
            *convolution(16, 16),
            nn.MaxPool2d(2),
            *convolution(16, 32),
            *convolution(32, 32),
            nn.MaxPool2d(2),
            *convolution(32, 64),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(0.5),
            nn.Linear(64 * 6 * 6, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(0.5),
            nn.Linear(hidden, classes),
        )

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.net(faces)
        return logits


def inputs(faces: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(faces)[:, None].float() / 255


@pytest.fixture(scope="module")
def trained() -> NotebookNetwork:
    """The network after one epoch on synthetic faces."""
    torch.manual_seed(0)
    network, data = NotebookNetwork(), striped_faces(24)
    optimiser = torch.optim.Adam(network.parameters(), 1e-3)
    for rows in torch.randperm(len(data.labels)).split(24):
        optimiser.zero_grad()
        logits = network(inputs(data.faces[rows.numpy()]))
        nn.functional.cross_entropy(logits, torch.from_numpy(data.labels)[rows]).backward()
        optimiser.step()
    return network.eval()


@torch.no_grad()
def probabilities(network: NotebookNetwork, faces: np.ndarray = FACES) -> np.ndarray:
    return network(inputs(faces)).softmax(dim=1).numpy()


def saved(value: object, **options: bool) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


FORMS = {
    "a state dict": ("net.pth", lambda net: saved(net.state_dict())),
    "an older file": ("net.pt", lambda net: saved(net.state_dict(), _use_new_zipfile_serialization=False)),
    "a file of the Hub": ("pytorch_model.bin", lambda net: saved(net.state_dict())),
    "safetensors": ("net.safetensors", lambda net: safetensors(dict(net.state_dict()))),
    "several GPUs": ("net.pth", lambda net: saved(nn.DataParallel(net).state_dict())),
    "the Sequential alone": ("net.pth", lambda net: saved(net.net.state_dict())),
    "a checkpoint": ("net.pth", lambda net: saved({"epoch": 3, "model_state_dict": net.state_dict(), "loss": 1.2})),
    "Lightning's form": ("net.pth", lambda net: saved({"state_dict": net.state_dict()})),
    "64 bits": ("net.pth", lambda net: saved({name: value.double() for name, value in net.state_dict().items()})),
    "another order of the file": ("net.pth", lambda net: saved(dict(reversed(net.state_dict().items())))),
    "without counts of batches": (
        "net.pth",
        lambda net: saved({name: value for name, value in net.state_dict().items() if "num_batches" not in name}),
    ),
}


@pytest.mark.parametrize(("name", "form"), FORMS.values(), ids=FORMS)
def test_the_notebook_projects_network_predicts_as_before(trained, name, form):
    model = read(name, form(trained))
    assert np.allclose(model.classifier.predict_proba(FACES), probabilities(trained), atol=1e-6)


def test_a_network_is_checked_in_a_process_of_its_own_and_kept_with_all_its_bits(trained, tmp_path):
    from core.classifiers.families import CLASSIFIERS
    from core.models.typed_json import from_json

    model = check("net.pth", saved(trained.state_dict()))
    family = CLASSIFIERS[model.family]
    (tmp_path / model.classifier.weights_file).write_bytes(model.weights)
    loaded = family.load_class().load(tmp_path, from_json(family.config_type, model.recipe))
    assert np.array_equal(loaded.predict_proba(FACES), model.classifier.predict_proba(FACES))
    assert np.allclose(loaded.predict_proba(FACES), probabilities(trained), atol=1e-6)
    assert "epochs" not in model.recipe and "learning_rates" not in model.recipe  # nobody knows them


def test_the_order_of_the_classes_is_that_of_the_options(trained):
    model = read("net.pth", saved(trained.state_dict()), classes=OTHER_ORDER)
    want = in_order_of_emotions(probabilities(trained), OTHER_ORDER)
    assert np.allclose(model.classifier.predict_proba(FACES), want, atol=1e-6)
    same = read("net.pth", saved(trained.state_dict()), classes=EMOTIONS)
    assert np.allclose(same.classifier.predict_proba(FACES), probabilities(trained), atol=1e-6)


def script_module(network: NotebookNetwork) -> bytes:
    import warnings

    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit is deprecated
        torch.jit.save(torch.jit.script(network), buffer)
    return buffer.getvalue()


class Malicious:
    """An object whose unpickling runs code."""

    def __reduce__(self):
        return exec, ("raise SystemExit('code was run')",)


OTHERS = {
    "a whole module": lambda net: saved(net),
    "TorchScript": script_module,
    "code": lambda net: saved({"net.0.weight": Malicious()}),
    "a list": lambda net: saved([1, 2, 3]),
    "a number": lambda net: saved(3),
    "an empty dict": lambda net: saved({}),
    "a dict of numbers": lambda net: saved({"net.0.weight": 1.0}),
    "another network": lambda net: saved(nn.Linear(2304, 7).state_dict()),
    "another width": lambda net: saved(NotebookNetwork(hidden=128).state_dict()),
    "six classes": lambda net: saved(NotebookNetwork(classes=6).state_dict()),
    "a layer too many": lambda net: saved({**net.state_dict(), "net.99.weight": torch.zeros(3)}),
    "a layer too few": lambda net: saved(dict(list(net.state_dict().items())[:-2])),
    "an optimiser": lambda net: saved(torch.optim.Adam(net.parameters()).state_dict()),
    "cut in half": lambda net: saved(net.state_dict())[:1_000_000],
    "text": lambda net: b"hello, this is text" * 100,
    "zero bytes": lambda net: bytes(5000),
}


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_other_files_are_refused_with_the_way_to_onnx(trained, make):
    content = make(trained)
    for name in ("net.pth", "net.safetensors"):
        message = refusal(lambda name=name: torch_file.check_here(content, {"name": name, "options": {}}))
        assert EXPORT in message


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(trained, value):
    weights = {**trained.state_dict(), "net.0.bias": torch.full((16,), value)}
    assert "not a finite number" in refusal(lambda: read("net.pth", saved(weights)))


@pytest.mark.parametrize("options", [{"layout": "nchw"}, {"channels": 1}, {"mean": (0.5,)}, {"scale": 1}])
def test_options_for_graphs_are_refused(trained, options):
    request = {"name": "net.pth", "options": options}
    content = saved(trained.state_dict())
    assert f"leave out {next(iter(options))}" in refusal(lambda: torch_file.check_here(content, request))
    torch_file.check_here(content, {"name": "net.pth", "options": {"scale": 255}})  # what it does anyway


def test_large_files_are_refused_unread():
    assert EXPORT in refusal(lambda: check("net.pth", bytes(torch_file.LARGEST_STATE_DICT + 1)))
