"""Every case has a test, and every marked test names a known case."""

import re

from core import paths
from tests.project.cases import CASES

MARK = re.compile(r"mark\.case\(([^)]*)\)")


def test_every_case_has_a_test_and_every_marked_test_a_known_case() -> None:
    used = {
        key
        for path in (paths.ROOT / "tests").rglob("test_*.py")
        if path.name != "test_cases.py"
        for arguments in MARK.findall(path.read_text(encoding="utf-8"))
        for key in re.findall(r'"(\w+)"', arguments)
    }
    assert used == set(CASES)
