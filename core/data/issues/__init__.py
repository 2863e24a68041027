"""Data quality issues that the manifest shows. Each kind has its own file and one line in `ISSUES`."""

from core.data.issues import blank, conflicts, copies, leaks
from core.data.issues.base import Issue

ISSUES: dict[str, Issue] = {
    "duplicates": copies.ISSUE,
    "leaks": leaks.ISSUE,
    "conflicts": conflicts.ISSUE,
    "blanks": blank.ISSUE,
}
