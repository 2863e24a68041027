"""The training curves of the Models page."""

import pandas as pd

from dashboard.pages.models import curves

HISTORY = pd.DataFrame(
    {
        "step": [1, 2, 3],
        "train_loss": [3.0, 2.0, 1.0],
        "val_loss": [3.0, 2.0, 2.5],
        "train_accuracy": [0.1, 0.2, 0.3],
        "val_accuracy": [0.1, 0.3, 0.2],
        "learning_rate": [0.1, 0.1, 0.01],
        "kept": [0, 1, 0],
    }
)


def test_all_curves_are_drawn_and_the_kept_step_is_marked() -> None:
    figure = curves.training_curves(HISTORY)
    assert [note.text for note in figure.layout.annotations] == ["kept: 2"]
    assert {line.name for line in figure.data} == {"train", "val", "learning rate"}


def test_a_missing_column_has_no_line_and_an_empty_column_is_accepted() -> None:
    history = HISTORY.drop(columns=["train_accuracy"]).assign(learning_rate=float("nan"))
    assert len(curves.training_curves(history).data) == 4  # train_loss, val_loss, val_accuracy, learning_rate
