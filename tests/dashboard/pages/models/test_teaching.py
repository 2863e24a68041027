"""The Models page's text and table about distillation."""

from dataclasses import replace

from core.models.store import read_card
from dashboard.components import wording
from dashboard.pages.models import teaching
from tests.dashboard.pages.visiting import unescaped

STUDENT = read_card("cnn-student")


def test_the_text_describes_the_distillation_in_the_recipe():
    text = unescaped(teaching.distillation_text(STUDENT))
    assert text.startswith("**cnn-student**: 70 % of each target is the mean prediction of 2 teachers")
    assert "Training started from the weights of cnn-teacher-1 and took 80 epochs" in text
    assert text.endswith("with 16 augmented copies of each image, used in turn.")
    assert "val" not in text
    one_teacher = replace(STUDENT, recipe=STUDENT.recipe | {"teachers": ["x"], "start": "", "fit_on": "train+val"})
    assert "1 teacher for" in teaching.distillation_text(one_teacher)
    assert teaching.distillation_text(one_teacher).endswith("The model was trained on train and val.")
    steady = replace(STUDENT, recipe=STUDENT.recipe | {"steady_targets": True, "views": 6})
    assert "2 teachers for 3 crops of the face and their mirror images" in teaching.distillation_text(steady)
    assert "80 epochs, with new augmented copies of each image in each epoch" in teaching.distillation_text(steady)


def test_the_table_has_rows_for_the_teachers_and_their_ensemble_and_the_student():
    names = teaching.teachers(STUDENT)
    rows = teaching.table(STUDENT, names).set_index("Model")
    assert rows.index.tolist() == [*names, "their ensemble", "cnn-student (student)"]
    for name, title in [*((name, name) for name in names), ("cnn-student", "cnn-student (student)")]:
        scores = read_card(name).score("test")
        assert rows.loc[title, "Accuracy"] == wording.percent_with_interval(scores.accuracy, scores.accuracy_ci)
    assert rows.loc["their ensemble", "Size"] == wording.DASH
    assert teaching.teachers(read_card("catboost")) == ()
