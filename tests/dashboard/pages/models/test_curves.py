"""The training curves of the Models page."""

import pandas as pd

from dashboard.pages.models import curves

HISTORY = pd.DataFrame(
    {
        "step": [1, 2, 4],
        "train_loss": [3.0, 2.0, 1.0],
        "val_loss": [3.0, 2.0, 2.5],
        "train_accuracy": [0.1, 0.2, 0.3],
        "val_accuracy": [0.1, 0.3, 0.2],
        "learning_rate": [0.1, 0.1, 0.01],
        "kept": [0, 1, 0],
    }
)
WITHOUT_VAL = HISTORY.assign(val_loss=float("nan"), val_accuracy=float("nan"))


def test_all_models_share_one_chart_over_the_share_of_their_training() -> None:
    figure = curves.training_curves({"cnn": HISTORY, "trees": HISTORY.assign(step=[100, 200, 400])}, with_train=True)
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == ["cnn", "trees"]
    lines = [trace for trace in figure.data if trace.mode == "lines+markers" and trace.x[0] is not None]
    assert len(lines) == 8
    assert all(list(line.x) == [25.0, 50.0, 100.0] for line in lines)
    accuracies = [list(line.y) for line in lines if "val accuracy" in line.hovertemplate]
    assert accuracies == [[10.0, 30.0, 20.0]] * 2


def test_train_curves_are_drawn_on_demand_or_if_there_are_no_others() -> None:
    for with_train, drawn in ((False, ["val", "train"]), (True, ["train", "val", "train"])):
        figure = curves.training_curves({"cnn": HISTORY, "other": WITHOUT_VAL}, with_train)
        lines = [trace.hovertemplate for trace in figure.data if trace.mode == "lines+markers" and trace.hovertemplate]
        accuracies = [line for line in lines if "accuracy" in line]
        assert ["val" if "val" in line else "train" for line in accuracies] == drawn


def test_the_kept_step_is_marked_on_val_or_else_on_train() -> None:
    for history, split in ((HISTORY, "val"), (WITHOUT_VAL, "train")):
        marks = [trace for trace in curves.training_curves({"cnn": history}).data if trace.mode == "markers"]
        assert [list(mark.x) for mark in marks] == [[50.0], [50.0]]
        assert all(f"{split} " in mark.hovertemplate for mark in marks)


def test_a_missing_or_empty_column_has_no_line() -> None:
    figure = curves.training_curves({"cnn": WITHOUT_VAL.drop(columns=["train_accuracy"]).assign(kept=0)})
    assert len(figure.data) == 2  # train_loss and the entry of the legend


def test_the_fifth_model_has_the_colour_of_the_first_but_another_marker() -> None:
    figure = curves.training_curves({str(i): HISTORY for i in range(5)})
    looks = {trace.name: (trace.line.color, trace.marker.symbol) for trace in figure.data if trace.name}
    assert len(set(looks.values())) == 5


def test_the_finding_tells_the_accuracy_at_the_kept_step() -> None:
    text = curves.finding({"cnn": HISTORY, "other": WITHOUT_VAL})
    assert "cnn: 30.0 % right on val at step 2 of 4." in text
    assert "other: 20.0 % right on train at step 2 of 4." in text
    assert "bare: 4 steps." in curves.finding({"bare": HISTORY[["step", "kept"]]})


def test_the_csv_has_the_model_in_its_first_column() -> None:
    table = curves.csv_table({"cnn": HISTORY, "other": HISTORY})
    assert table.columns[0] == "model" and table["model"].tolist() == ["cnn"] * 3 + ["other"] * 3
