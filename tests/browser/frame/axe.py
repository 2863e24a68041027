"""axe-core in the pages of the app: finds barriers to people with disabilities, such as text of low contrast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
"""axe's names for the rules of WCAG 2.0 and 2.1, levels A and AA."""

SEVERE = ("serious", "critical")
"""axe's names for the impacts that the tests do not accept."""

EXCLUDED: dict[str, tuple[str, ...]] = {}
"""Faults of Streamlit's own elements that CSS cannot mend: selectors of the elements, per rule of axe."""

SKIPPED = (
    ".main-svg",  # axe cannot tell what is behind the text of a chart
    # The others of a kind look like the first ones, and axe needs seconds for hundreds of them.
    ".ferscope-face:nth-child(n + 4)",
    ".ferscope-grid button:nth-child(n + 8)",
    ".ferscope-groups section:nth-child(n + 8)",
    "tbody tr:nth-child(n + 8)",
)
"""Selectors of elements that axe does not examine."""

RUN = """async ([options, skipped, excluded]) => {
    const {violations} = await axe.run({include: [["body"]], exclude: skipped.map(selector => [selector])}, options);
    const isExcluded = (rule, target) => (excluded[rule] ?? []).some(
        selector => typeof target[0] === "string" && document.querySelector(target[0])?.matches(selector)
    );
    return violations.flatMap(({id, impact, nodes}) =>
        nodes.filter(node => !isExcluded(id, node.target)).map(node => [
            id, node.impact ?? impact, node.target.flat().join(" "), node.failureSummary.replace(/\\s+/g, " "),
        ])
    );
}"""


@dataclass(frozen=True)
class Violation:
    """An element that breaks a rule."""

    rule: str
    """axe's name of the rule, for example color-contrast."""
    impact: str
    """minor, moderate, serious or critical"""
    target: str
    """Selector of the element, after those of its iframes."""
    reason: str


def violations(page: Page, rules: Sequence[str] = ()) -> list[Violation]:
    """Return the violations on a page and in its iframes: of all rules of `STANDARDS`, or only of these `rules`."""
    for frame in page.frames:
        if not frame.evaluate("Boolean(window.axe)"):
            frame.evaluate(AXE_SCRIPT)
    only: dict[str, Any] = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    found = page.evaluate(RUN, [{"runOnly": only, "resultTypes": ["violations"]}, SKIPPED, EXCLUDED])
    return [Violation(*values) for values in found]


def severe(found: Sequence[Violation]) -> list[Violation]:
    return [violation for violation in found if violation.impact in SEVERE]
