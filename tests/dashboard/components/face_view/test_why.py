"""Why a model says what it says, in the view of one face."""

from pathlib import Path

import numpy as np
import pytest

from core.evaluation.attribution.explanation import Explanation
from core.evaluation.attribution.methods import METHODS
from core.exceptions import InputError
from dashboard import keys, resources
from dashboard.components.face_view import why
from dashboard.components.face_view.maps import places_text
from tests.dashboard.components.face_view.opening import checked, html_of, open_view

HAPPY, SAD = "test/happy/PublicTest_0", "test/sad/PublicTest_0"


def values(**parts: float) -> np.ndarray:
    """Return a map, (48, 48), with values in some of its nine parts, such as upper_left=1."""
    rows, columns = ("upper", "middle", "lower"), ("left", "middle", "right")
    made = np.zeros((48, 48), np.float32)
    for name, value in parts.items():
        row, column = name.split("_")
        top, left = 16 * rows.index(row), 16 * columns.index(column)
        made[top : top + 16, left : left + 16] = value
    return made


def test_maps_are_shown_for_the_predicted_and_for_the_true_label(models_and_faces: Path) -> None:
    said = {
        name: str(resources.predictions.scored(name).set_index("image_id").loc[SAD, "predicted_label"])
        for name in ("cnn", "catboost")
    }
    html = html_of(open_view(SAD))
    expected = sum(1 if label == "sad" else 2 for label in said.values())
    assert html.count('alt="What speaks for') == expected
    for name, label in said.items():
        assert f'alt="What speaks for {label} in {name}. ' in html
    assert "for <strong>sad</strong>, " in html


def test_the_text_of_a_map_names_the_parts_that_speak_most(
    models_and_faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        resources.attributions,
        "explain",
        lambda model, face, labels, method: [
            Explanation("occlusion", label, values(lower_left=1, upper_right=-1)) for label in labels
        ],
    )
    expected = "Most for it: bottom left; most against it: top right"
    assert f'alt="What speaks for happy in cnn. {expected}"' in html_of(open_view(HAPPY))


def test_the_legend_does_not_need_colours_and_the_method_is_named(models_and_faces: Path) -> None:
    html = html_of(open_view(HAPPY))
    assert ">+</span> speaks for the label" in html and ">−</span> speaks against it" in html
    assert METHODS["occlusion"].description in html
    assert "docs/explanations.md" in html


def test_one_method_needs_no_switch_and_several_have_one(
    models_and_faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not open_view(HAPPY).get("button_group")
    monkeypatch.setattr(why, "methods_for", lambda classifier: ("contributions", "occlusion"))
    chosen: list[str | None] = []

    def explain(model: str, face: np.ndarray, labels: tuple[str, ...], method: str | None = None) -> list[Explanation]:
        chosen.append(method)
        return [Explanation(method or "contributions", label, values(upper_left=1)) for label in labels]

    monkeypatch.setattr(resources.attributions, "explain", explain)
    app = open_view(HAPPY)
    assert set(chosen) == {None}
    chosen.clear()
    checked(app.button_group(key=keys.FACE_METHOD).set_value(METHODS["occlusion"].title).run())
    assert set(chosen) == {"occlusion"}


def test_an_explanation_that_fails_is_a_sentence_and_the_other_model_is_explained(
    models_and_faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explain = resources.attributions.explain

    def fail(model: str, *arguments: object) -> list[Explanation]:
        if model == "cnn":
            raise InputError("cnn fails on <changed> faces.")
        return explain(model, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(resources.attributions, "explain", fail)
    html = html_of(open_view(HAPPY))
    assert "cnn fails on &lt;changed&gt; faces." in html
    assert "in catboost. " in html


def test_the_strongest_parts_are_named_only_where_something_speaks() -> None:
    both = Explanation("occlusion", "sad", values(upper_left=1, lower_right=-2))
    assert places_text(both) == "Most for it: top left; most against it: bottom right"
    assert places_text(Explanation("occlusion", "sad", values(middle_middle=-1))) == "Most against it: centre"
    assert places_text(Explanation("occlusion", "sad", values())) == "Nothing speaks for or against it"
