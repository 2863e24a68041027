"""The documentation lists every command, page, slice and setting, and its numbers, links and versions are correct."""

import re
import tomllib
from pathlib import Path

import pytest

from core import __version__, paths
from core.__main__ import build_parser, main
from core.classifiers.families import CLASSIFIERS
from core.commands import COMMANDS
from core.commands.models.markdown import accuracy_row, models_markdown
from core.evaluation.attribution.methods import METHODS
from core.evaluation.slices import SLICES
from core.models.card import LEADING_ROLES
from core.models.store import read_card, read_cards
from core.recognition.recognizer import DEFAULT_MODELS
from core.review.marks import KINDS
from core.vision.detectors import DETECTORS
from dashboard.navigation import PAGES

MAX_README_WORDS = 900

SETTINGS = sorted(
    {
        name
        for folder in ("core", "dashboard")
        for file in (paths.ROOT / folder).rglob("*.py")
        for name in re.findall(r"FERSCOPE_[A-Z_]+", file.read_text(encoding="utf-8"))
    }
)
"""Environment variables that appear in the code."""

DOCUMENTS = [
    paths.ROOT / "README.md",
    paths.ROOT / "CHANGELOG.md",
    paths.ROOT / "LICENSES.md",
    *sorted(paths.ROOT.glob("docs/*.md")),
]


def document(name: str) -> str:
    """Return the text of a file, by its path in the project."""
    return (paths.ROOT / name).read_text(encoding="utf-8")


def percent(share: float) -> str:
    return f"{share:.1%}".replace("%", " %")


def readme_row(name: str) -> str:
    """Return the row of a model in the table of README.md."""
    card = read_card(name)
    label, test, leak_free, _, _, macro_f1, size = accuracy_row(card)
    ece = f"{card.score('test').ece:.3f} / {card.score('private').ece:.3f}"
    return f"| {' | '.join([label, test, leak_free, macro_f1, ece, size, f'{card.ms_per_face:.1f}'])} |"


def others_row(name: str) -> str:
    """Return the row of a model in the table of docs/others.md."""
    scores = read_card(name).scores
    accuracies = " / ".join(percent(scores[key].accuracy) for key in ("test", "public", "private"))
    return f"| FERscope's `{name}` | {accuracies} | all 7,178 / PublicTest / PrivateTest |"


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes from the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_has_at_most_the_maximum_number_of_words():
    assert len(document("README.md").split()) <= MAX_README_WORDS


@pytest.mark.parametrize("name", [name for name, card in read_cards()[0].items() if card.role in LEADING_ROLES])
def test_the_readme_has_a_row_with_the_stored_metrics_of_each_leading_model(name):
    assert readme_row(name) in document("README.md").splitlines()


def test_models_md_equals_the_output_of_the_models_command(capsys):
    assert main(["models", "--markdown"]) == 0
    written = capsys.readouterr().out
    assert written == models_markdown()
    assert written == document("docs/models.md"), "run: python -m core models --markdown > docs/models.md"


@pytest.mark.parametrize("name", DEFAULT_MODELS)
def test_others_md_has_a_row_with_the_stored_accuracies_of_each_default_model(name):
    assert others_row(name) in document("docs/others.md")


@pytest.mark.parametrize(
    ("file", "entry"),
    [
        *(("docs/commands.md", f"| `{command}` |") for command in COMMANDS),
        *(("docs/pages.md", f"| {page.title} |") for page in PAGES),
        *(("docs/pages.md", f"| {entry.title} |") for entry in SLICES.values()),
        *(("docs/pages.md", f"| `{name}` |") for name in SLICES),
        *(("docs/detection.md", f"| `{name}` |") for name in DETECTORS),
        *(("docs/contributing.md", f"`{family}`") for family in CLASSIFIERS),
        *(("docs/deployment.md", f"| `{setting}` |") for setting in SETTINGS),
        *(("docs/explanations.md", f"| `{method}` |") for method in METHODS),
        *(("docs/marks.md", f"| `{kind}` | {entry.title} | {entry.shortcut} |") for kind, entry in KINDS.items()),
    ],
)
def test_each_command_and_page_and_slice_and_detector_and_family_and_setting_is_documented(file, entry):
    assert entry in document(file)


def test_the_search_for_settings_finds_known_settings():
    assert {"FERSCOPE_DATA", "FERSCOPE_MAX_STREAMS", "FERSCOPE_TURN_URLS"} <= set(SETTINGS)


def test_every_command_in_the_documents_exists():
    text = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert set(re.findall(r"python -m core ([a-z][a-z-]*)", text)) <= set(COMMANDS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_relative_links_point_to_existing_files_and_headings(path):
    for target in re.findall(r"\]\((?!https?://)([^)]+)\)", path.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        linked = path.parent / name if name else path
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked.read_text(encoding="utf-8")), target


def test_the_printed_version_and_the_changelog_and_the_citation_agree_with_core(capsys):
    with pytest.raises(SystemExit):
        build_parser().parse_args(["--version"])
    assert capsys.readouterr().out == f"FERscope {__version__}\n"
    assert re.search(rf"^## {re.escape(__version__)} \(", document("CHANGELOG.md"), re.MULTILINE)
    assert re.search(rf"^version: {re.escape(__version__)}$", document("CITATION.cff"), re.MULTILINE)
    project = tomllib.loads(document("pyproject.toml"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "core.__version__"}


def requirements(name: str) -> list[str]:
    """Return the packages in a requirements file, spelled as in the lock file. Included files are not followed."""
    lines = [line.partition("#")[0].strip() for line in document(name).splitlines()]
    packages = [re.split(r"[<>=!~;\[ ]", line)[0] for line in lines if line and not line.startswith("-")]
    return [package.lower().replace("_", "-") for package in packages]


@pytest.mark.parametrize("name", [path.name for path in sorted(paths.ROOT.glob("requirements*.txt"))])
def test_every_required_package_is_in_the_lock_file(name):
    locked = set(re.findall(r"^([a-z0-9.\-]+)==", document("requirements.lock"), re.MULTILINE))
    missing = set(requirements(name)) - locked
    assert not missing, f"run `make lock`: {missing}"


@pytest.mark.parametrize("name", [path.name for path in sorted(paths.ROOT.glob("requirements*"))])
def test_requirements_files_name_no_package_index_except_that_of_pytorch(name):
    addresses = re.findall(r"https?://\S+", document(name))
    assert set(addresses) <= {"https://download.pytorch.org/whl/cpu"}


def test_the_readme_links_to_every_document_in_docs():
    text = document("README.md")
    assert [
        path.name for path in sorted(Path(paths.ROOT / "docs").glob("*.md")) if f"docs/{path.name}" not in text
    ] == []
