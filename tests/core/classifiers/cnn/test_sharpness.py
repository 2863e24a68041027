"""Sharpness-aware minimisation: gradients at moved weights, which are then restored."""

import pytest
import torch
from torch import nn

from core.classifiers.cnn import epochs
from core.classifiers.cnn.sharpness import first_half, perturbed_weights


def test_weights_move_by_the_radius_along_the_gradient_and_are_restored():
    model = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]]))
    model(torch.tensor([[3.0, 4.0]])).sum().backward()  # the gradient is (3, 4), of length 5
    with perturbed_weights(model, radius=0.5):
        assert model.weight.tolist() == [[pytest.approx(1.3), pytest.approx(2.4)]]
        assert model.weight.grad is None
    assert model.weight.tolist() == [[1.0, 2.0]]


def test_batch_normalisation_statistics_change_only_outside_perturbed_weights():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    model(torch.rand(4, 2)).square().sum().backward()
    before = model[1].running_mean.clone()
    with perturbed_weights(model, radius=0.5):
        model(torch.rand(4, 2))
    assert torch.equal(model[1].running_mean, before)
    model(torch.rand(4, 2))
    assert not torch.equal(model[1].running_mean, before)


def test_weights_are_restored_after_an_error():
    model = nn.Linear(1, 1)
    before = model.weight.item()
    model(torch.ones(1, 1)).sum().backward()
    with pytest.raises(RuntimeError), perturbed_weights(model, radius=1.0):
        raise RuntimeError
    assert model.weight.item() == before


@pytest.mark.parametrize(("n", "half"), [(1, 1), (2, 1), (5, 3)])
def test_the_first_half_of_a_batch_is_rounded_up(n: int, half: int):
    assert len(first_half(torch.zeros(n, 3))) == half


def weight_after_one_step(sharpness: float) -> float:
    """Return the first weight, initially 1, after one step of SGD on a logistic loss."""
    model = nn.Linear(1, 2, bias=False)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0], [0.0]]))
    epochs.train_epoch(
        model,
        [(torch.ones(2, 1), torch.tensor([0, 0]))],
        torch.optim.SGD(model.parameters(), lr=1.0),
        label_smoothing=0.0,
        precision=torch.float32,
        sharpness=sharpness,
        before_step=lambda: None,
        after_step=lambda: None,
    )
    return model.weight[0].item()


def test_a_step_follows_the_gradient_at_the_moved_weights():
    # Initially, the logits differ by 1. After the weights have moved by `sharpness` along the gradient, the logits
    # differ by 1 - sqrt(2) * sharpness. The optimiser's step then increases the weight of class 0 by
    # 1 - sigmoid(difference).
    for sharpness in (0.0, 0.5):
        difference = torch.tensor(1.0 - 2**0.5 * sharpness)
        assert weight_after_one_step(sharpness) == pytest.approx(1 + (1 - difference.sigmoid().item()), abs=1e-5)
