"""The choice of what to leave out of a clean list, also as the text of `--drop`."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from core.exceptions import InputError, shortened, unknown_name
from core.review.clean_list.rules import RULES
from core.review.doubts import DOUBTFUL_BELOW

DOUBTFUL, NOTHING = "doubtful", "none"

DEFAULT_DROP = ("exact", "blank", "conflicts", "marked")
"""What is left out without `--drop`: what is wrong for certain. Near copies and doubtful labels need a limit."""


@dataclass(frozen=True)
class Choice:
    """What to leave out of a clean list."""

    drop: tuple[str, ...] = DEFAULT_DROP
    """Keys of `RULES`, in their order."""
    doubtful_below: float = DOUBTFUL_BELOW
    """Labels with a doubt score below this, 0..1, are left out by the rule `doubtful`."""

    @property
    def text(self) -> str:
        """The choice as a value of `--drop`, such as `exact,blank,doubtful:0.05`; `none` if nothing is left out."""
        words = [f"{name}:{self.doubtful_below:g}" if name == DOUBTFUL else name for name in self.drop]
        return ",".join(words) or NOTHING


def choice_of(names: Collection[str], doubtful_below: float = DOUBTFUL_BELOW) -> Choice:
    """Return the choice of these keys of `RULES`, in their order, each once."""
    return Choice(tuple(name for name in RULES if name in names), doubtful_below)


def parse_drop(text: str) -> Choice:
    """Return the choice that a value of `--drop` means, such as `exact,near,doubtful:0.05`, or `none`.

    Raises InputError for a name that is no rule, and for a score that is not between 0 and 1.
    """
    words = [word.strip() for word in text.split(",")]
    names: set[str] = set()
    below = DOUBTFUL_BELOW
    for word in words if words not in ([NOTHING], [""]) else []:
        name, colon, score = word.partition(":")
        if name not in RULES:
            raise unknown_name("reason", word, [*RULES, NOTHING])
        if colon and name != DOUBTFUL:
            raise InputError(f"{name} takes no score, only {DOUBTFUL} does; write {name} instead of {shortened(word)}.")
        below = _score(score) if colon else below
        names.add(name)
    return choice_of(names, below)


def _score(text: str) -> float:
    if not re.fullmatch(r"[0-9]{0,2}\.?[0-9]{1,20}", text) or not 0 <= float(text) <= 1:
        raise InputError(
            f"{DOUBTFUL} takes a score from 0 to 1, such as {DOUBTFUL}:{DOUBTFUL_BELOW:g}, not '{shortened(text)}'."
        )
    return float(text)
