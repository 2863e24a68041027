"""`Dropout` behaves like `nn.Dropout`; ReLU after max pooling gives the same result as ReLU before it."""

import pytest
import torch
from torch import nn

from core.classifiers.cnn.network import ConvNet, Dropout


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_and_scales_the_rest(share):
    torch.manual_seed(0)
    dropped = Dropout(share)(torch.ones(301, 1001))
    assert (dropped == 0).float().mean() == pytest.approx(share, abs=0.005)
    assert torch.allclose(dropped[dropped > 0], torch.tensor(1 / (1 - share)), rtol=1e-3)


def test_dropout_drops_values_independently_of_each_other():
    torch.manual_seed(0)
    dropped = (Dropout(0.5)(torch.ones(2000, 64)) == 0).float()
    correlation = torch.corrcoef(dropped.T) - torch.eye(64)
    assert correlation.abs().max() < 5 / 2000**0.5  # five standard errors


def test_dropout_passes_gradients_only_through_kept_values():
    torch.manual_seed(0)
    values = torch.ones(8, 9, requires_grad=True)
    dropped = Dropout(0.3)(values)
    dropped.sum().backward()
    assert torch.equal(values.grad, dropped)


def test_dropout_with_the_same_seed_drops_the_same_values():
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(Dropout(0.5)(torch.ones(64, 7)))
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


@pytest.mark.parametrize("share", [0.0, 1e-9, 0.999999999, 1.0])
def test_dropout_drops_almost_nothing_near_probability_0_and_almost_everything_near_1(share):
    kept = (Dropout(share)(torch.ones(100, 100)) != 0).float().mean()
    assert kept == pytest.approx(1 - share, abs=1e-3)


def test_dropout_changes_nothing_in_evaluation_mode():
    values = torch.rand(3, 5)
    assert torch.equal(Dropout(0.5).eval()(values), values)


def test_relu_after_max_pooling_equals_relu_before_it():
    torch.manual_seed(0)
    network = ConvNet()
    layers = list(network.features)
    relu_first = list(layers)
    for i, layer in enumerate(layers):
        if isinstance(layer, nn.MaxPool2d):
            assert isinstance(layers[i + 1], nn.ReLU)
            relu_first[i : i + 2] = [nn.ReLU(), layer]
    faces = torch.rand(4, 1, 48, 48)
    assert relu_first != layers
    assert torch.equal(network.features.eval()(faces), nn.Sequential(*relu_first).eval()(faces))
