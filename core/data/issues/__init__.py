"""The kinds of data quality issues. Each kind has a module in this folder and an entry in `ISSUES`."""

from core.data.issues import blank, conflicts, copies, leaks
from core.data.issues.base import Issue

ISSUES: dict[str, Issue] = {
    "duplicates": copies.ISSUE,
    "leaks": leaks.ISSUE,
    "conflicts": conflicts.ISSUE,
    "blanks": blank.ISSUE,
}
