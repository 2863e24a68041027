"""Sharpness-aware minimisation: where the gradient is taken, and what comes back afterwards."""

import pytest
import torch
from torch import nn

from core.classifiers.cnn import epochs
from core.classifiers.cnn.sharpness import half, worst_nearby


def test_inside_the_weights_stand_one_radius_up_the_gradient_and_afterwards_where_they_were():
    model = nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[1.0, 2.0]]))
    model(torch.tensor([[3.0, 4.0]])).sum().backward()  # the gradient is (3, 4), of length 5
    with worst_nearby(model, radius=0.5):
        assert model.weight.tolist() == [[pytest.approx(1.3), pytest.approx(2.4)]]
        assert model.weight.grad is None
    assert model.weight.tolist() == [[1.0, 2.0]]


def test_batch_statistics_are_those_of_the_weights_that_stay():
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    model(torch.rand(4, 2)).square().sum().backward()
    before = model[1].running_mean.clone()
    with worst_nearby(model, radius=0.5):
        model(torch.rand(4, 2))
    assert torch.equal(model[1].running_mean, before)
    model(torch.rand(4, 2))
    assert not torch.equal(model[1].running_mean, before)


def test_the_weights_come_back_after_an_error_too():
    model = nn.Linear(1, 1)
    before = model.weight.item()
    model(torch.ones(1, 1)).sum().backward()
    with pytest.raises(RuntimeError), worst_nearby(model, radius=1.0):
        raise RuntimeError
    assert model.weight.item() == before


@pytest.mark.parametrize(("n", "part"), [(1, 1), (2, 1), (5, 3)])
def test_half_a_batch_is_never_empty(n: int, part: int):
    assert len(half(torch.zeros(n, 3))) == part


def one_step(sharpness: float) -> float:
    """The weight after one step of SGD from 1 on a loss that is logistic in it."""
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


def test_the_step_follows_the_gradient_of_the_worst_point():
    # The logit difference is 1 at the weights; up the gradient by r it is 1 - sqrt(2) r. The step is 1 - sigmoid of it.
    for sharpness in (0.0, 0.5):
        difference = torch.tensor(1.0 - 2**0.5 * sharpness)
        assert one_step(sharpness) == pytest.approx(1 + (1 - difference.sigmoid().item()), abs=1e-5)
