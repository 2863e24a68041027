"""Model cards in the form of Hugging Face."""

from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.exchange import hf_card
from core.models import folders, store
from core.models.card import Calibration, Card
from core.training import card_notes

HOSTILE = (
    '---\nlicense: apache-2.0 # "x" \\ {y}: [z] | <b>bold</b> ![x](http://127.0.0.1:9/e.png) $x^2$ \x00\u2028\ud800'
)


def readme(card: Card, is_fer2013: bool = True) -> str:
    return hf_card.readme(card, card_notes.notes(card, store.read_history("cnn"), is_fer2013), is_fer2013)


def front_matter(text: str) -> dict[str, Any]:
    """Read the metadata as Hugging Face does: the lines between the first two lines of dashes."""
    assert text.startswith("---\n")
    return dict(yaml.safe_load(text[4:].split("\n---\n")[0]))


def body(text: str) -> str:
    return text[4:].split("\n---\n", 1)[1]


@pytest.mark.parametrize("name", folders.model_names())
def test_every_shipped_model_has_valid_metadata_with_its_results(name):
    card = store.read_card(name)
    data = front_matter(readme(card))
    assert (data["license"], data["pipeline_tag"], data["datasets"]) == ("mit", "image-classification", ["fer2013"])
    assert "facial-expression-recognition" in data["tags"]
    [entry] = data["model-index"]
    assert entry["name"] == name
    for result in entry["results"]:
        scores = card.score(result["dataset"]["config"])
        values = {metric["type"]: metric["value"] for metric in result["metrics"]}
        assert result["task"]["type"] == "image-classification"
        assert values["accuracy"] == pytest.approx(scores.accuracy, abs=1e-6)
        assert values["f1"] == pytest.approx(scores.macro_f1, abs=1e-6)
    assert [result["dataset"]["config"] for result in entry["results"]] == ["test", "leak_free", "public", "private"]


def test_the_text_has_the_notes_the_intervals_and_the_provenance():
    card = store.read_card("cnn")
    notes = card_notes.notes(card, store.read_history("cnn"), True)
    text = hf_card.readme(card, notes, True, [("Steadiness", "89.1 %")])
    for title in (*notes, "Evaluation", "How to use it", "Licence", "Provenance"):
        assert f"## {title}\n" in text
    assert "| All test images | 7,178 | 72.6 % (71.6 to 73.7) |" in text
    assert "- Steadiness: 89.1 %" in text
    assert f"- SHA-256 of the weights: {card.weights_sha256}" in text
    assert "The weights are in FERscope's own form." in text
    assert "not for" not in text.split("## Not for")[0].lower()  # the notes come in their order


def test_a_model_of_the_user_has_no_licence_and_another_data_set_has_its_fingerprint():
    card = replace(store.read_card("cnn"), role="own", data_fingerprint="0123456789abcdef")
    text = readme(card, is_fer2013=False)
    data = front_matter(text)
    assert "license" not in data and "datasets" not in data
    assert "Choose one before you publish the model" in text
    assert data["model-index"][0]["results"][0]["dataset"]["type"] == "0123456789abcdef"


def test_a_card_without_scores_has_no_results():
    text = readme(replace(store.read_card("cnn"), scores={}, calibration=None))
    assert "model-index" not in front_matter(text)
    assert "There are no stored results." in text


def test_foreign_texts_change_neither_the_metadata_nor_the_markdown():
    card = store.read_card("cnn")
    foreign = dict.fromkeys(("name", "parameters", "machine", "input"), HOSTILE)
    calibration = Calibration(1.0, HOSTILE[:90], 0.3, 0.8, 1.0)
    text = readme(replace(card, **foreign, family=HOSTILE[:90], recipe_name=HOSTILE[:90], calibration=calibration))
    data = front_matter(text)
    assert data["license"] == "mit"
    assert data["model-index"][0]["name"] == HOSTILE.replace("\ud800", "?")
    for sign in ("<b>", "![", " $x", "http://"):
        assert sign not in body(text)
    assert "\x00" not in text and text.encode()


@pytest.mark.property
@given(st.text())
def test_every_text_survives_the_metadata(text):
    data = front_matter("---\n" + hf_card.yaml({"name": text, "list": [{"a": {"b": [text, 0.5]}}, 1]}) + "---\n")
    kept = text.encode("utf-8", "replace").decode()
    assert data == {"name": kept, "list": [{"a": {"b": [kept, 0.5]}}, 1]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a_b *c* | d", r"a\_b \*c\* \| d"),
        ("# title", r"\# title"),
        ("1. first", r"1\. first"),
        ("72.6 %", "72.6 %"),
        ("two\nlines", "two lines"),
        ("www.example.org", r"www\.example.org"),
    ],
)
def test_markdown_shows_the_text_itself(text: str, expected: str) -> None:
    assert hf_card.plain(text) == expected
