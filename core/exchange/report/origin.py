"""The sections that say what was compared, and how the report was made."""

import platform
import shlex
from importlib.metadata import version

import pandas as pd

from core import __version__
from core.evaluation import slices
from core.evaluation.two_models import wording
from core.exchange.plain_text import escape_html
from core.exchange.report.markup import Section, box, paragraph, table
from core.exchange.report.material import Material
from core.models.card import Card
from core.training.descriptions import describe_model

LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "plotly")

NOT_FOR = (
    "A label says which expression a model predicts, not what a person feels. Do not use the models for decisions "
    "about people."
)


def models(material: Material) -> Section:
    """Describe both models in short."""
    cards = material.cards[:1] if material.is_same else material.cards
    facts = [_facts(card) for card in cards]
    columns = {
        f"{'AB'[i]}: {card.name}": list(each.values()) for i, (card, each) in enumerate(zip(cards, facts, strict=True))
    }
    body = table(pd.DataFrame({"Fact": list(facts[0]), **columns}), "The models", "facts")
    for card in cards:
        if about := describe_model(card):
            body += paragraph(f"{card.name}: {about}", "note")
    return Section("models", "The models", body + paragraph(NOT_FOR, "note"))


def _facts(card: Card) -> dict[str, str]:
    calibration = card.calibration
    scores = card.score("test")
    return {
        "Family": "predictions without a model" if not card.can_predict else card.family,
        "Made by": "others" if card.is_guest else "FERscope's recipe " + card.recipe_name,
        "Size": card.parameters or wording.DASH,
        "Trained": wording.DASH if card.is_guest else f"{card.trained}, seed {card.seed}",
        "Trained on the data set": wording.DASH if card.is_guest else card.data_fingerprint,
        "Values": "probabilities" if card.has_probabilities else "labels only",
        "Temperature": f"{calibration.temperature:.2f}" if calibration else wording.DASH,
        "Uncertain below": wording.percent(calibration.uncertain_below, 0) if calibration else wording.DASH,
        "Accuracy on all test images, by its card": wording.percent_with_interval(scores.accuracy, scores.accuracy_ci),
        "Time per face": wording.DASH if card.ms_per_face is None else f"{card.ms_per_face:.2f} ms",
    }


def command(material: Material) -> str:
    """Return the command that makes this report."""
    chosen = [] if material.slice_name == "test" else ["--slice", material.slice_name]
    options = [*chosen, "-o", "report.html"]
    if any(name.startswith("-") for name in material.names):
        return shlex.join(["python", "-m", "core", "report", *options, "--", *material.names])
    return shlex.join(["python", "-m", "core", "report", *material.names, *options])


def how_made(material: Material) -> Section:
    """Say by which command, versions, data and weights the report was made, and when."""
    facts = {
        "Command": f"<code>{escape_html(command(material))}</code>",
        "Made on": escape_html(material.time.replace("T", " ").replace("Z", " UTC")),
        "FERscope": escape_html(__version__),
        "Libraries": escape_html(
            ", ".join([f"Python {platform.python_version()}", *(f"{n} {version(n)}" for n in LIBRARIES)])
        ),
        **{name: escape_html(value) for name, value in material.data.items()},
        "Slice": escape_html(f"{slices.slice_title(material.slice_name)} ({material.slice_name})"),
        **{
            f"Weights of {'AB'[i]}, SHA-256": f"<code>{escape_html(card.weights_sha256)}</code>"
            if card.weights_sha256
            else "none: these are predictions without a model"
            for i, card in enumerate(material.cards)
        },
    }
    rows = "".join(f'<tr><th scope="row">{escape_html(k)}</th><td>{value}</td></tr>' for k, value in facts.items())
    body = box(f'<table class="facts"><tbody>{rows}</tbody></table>', "How this report was made")
    for name in material.of_visit:
        body += paragraph(
            f"{name} was added for one visit only: add its file with python -m core add before the command.", "note"
        )
    return Section("made", "How this report was made", body)
