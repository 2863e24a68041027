"""The whole report as one HTML file."""

from pathlib import Path

from core.exchange.plain_text import escape_html
from core.exchange.report import faces, origin, results
from core.exchange.report.markup import Section
from core.exchange.report.material import Material

STYLES = Path(__file__).with_name("report.css")

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content security policy: the file loads nothing from anywhere, and runs no scripts."""


def report(material: Material) -> bytes:
    """Return the report as HTML in UTF-8. It is the same for the same material."""
    sections = [make(material) for make in (results.who_is_right, results.figures, results.emotions)]
    sections += [make(material) for make in (results.confusions, results.calibration, results.risk)]
    sections += [make(material) for make in (faces.worst_errors, faces.marks, origin.models, origin.how_made)]
    title = f"{material.names[0]} and {material.names[1]} compared by FERscope"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape_html(title)}</title>\n<style>\n{STYLES.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n<main>\n<header>{results.verdict_html(material)}</header>\n{_contents(sections)}\n"
        + "\n".join(section.html for section in sections)
        + "\n</main>\n</body>\n</html>\n"
    ).encode("utf-8", "replace")


def _contents(sections: list[Section]) -> str:
    links = "".join(f'<li><a href="#{section.name}">{escape_html(section.title)}</a></li>' for section in sections)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'
