"""Who taught a model, in words and figures."""

from dataclasses import replace

from core.models.store import read_card
from dashboard.components import wording
from dashboard.pages.models import teaching

STUDENT = read_card("cnn-student")


def test_the_story_is_that_of_the_recipe():
    story = teaching.story(STUDENT)
    assert story.startswith("**cnn-student**: 70 % of each target is the mean prediction of 2 teachers")
    assert (
        "80 epochs, over 16 augmented copies of the images. Training starts from the weights of cnn-teacher-1." in story
    )
    assert "val" not in story
    alone = replace(STUDENT, recipe=STUDENT.recipe | {"teachers": ["x"], "start": "", "fit_on": "train+val"})
    assert "1 teacher for" in teaching.story(alone)
    assert teaching.story(alone).endswith("It was trained on train and val.")
    steady = replace(STUDENT, recipe=STUDENT.recipe | {"steady_targets": True, "views": 6})
    assert "2 teachers for 3 crops of the face and their mirror images" in teaching.story(steady)
    assert "80 epochs, each with new augmented copies of the images" in teaching.story(steady)


def test_the_table_has_each_teacher_their_ensemble_and_the_student():
    names = teaching.teachers(STUDENT)
    rows = teaching.table(STUDENT, names).set_index("Model")
    assert rows.index.tolist() == [*names, "their ensemble", "cnn-student (student)"]
    for name, title in [*((name, name) for name in names), ("cnn-student", "cnn-student (student)")]:
        scores = read_card(name).score("test")
        assert rows.loc[title, "Accuracy"] == wording.percent_with_interval(scores.accuracy, scores.accuracy_ci)
    assert rows.loc["their ensemble", "Size"] == wording.DASH
    assert teaching.teachers(read_card("catboost")) == ()
