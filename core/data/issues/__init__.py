"""Images that deserve a second look, found in the manifest: one file per kind, one line each in `ISSUES`."""

from core.data.issues import blank, conflicts, copies, leaks
from core.data.issues.base import Issue

ISSUES: dict[str, Issue] = {
    "duplicates": copies.ISSUE,
    "leaks": leaks.ISSUE,
    "conflicts": conflicts.ISSUE,
    "blanks": blank.ISSUE,
}
