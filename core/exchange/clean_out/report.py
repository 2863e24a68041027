"""The report on a clean list: what was left out and why, how the classes changed, and how the list was made."""

import pandas as pd

from core.columns import SPLIT_DTYPE
from core.data.shipped import FER2013_FINGERPRINT, is_fer2013
from core.emotions import EMOTIONS
from core.exchange.clean_out.cleaned import Cleaned
from core.review.clean_list import CORRECTED, RULES, class_counts, reason_counts

SPLITS = tuple(map(str, SPLIT_DTYPE.categories))

ALLOW_MISSING = "No image of {emotions} is left in {split}: to import this list, add `--allow-missing`."


def report(cleaned: Cleaned, command: str) -> str:
    """Return the report as Markdown. `command` is the command that writes this list."""
    kept, total = cleaned.size, len(cleaned.listed)
    parts = [
        f"# A clean list of {data_name(cleaned)}",
        f"{kept:,} of {total:,} images are kept, {total - kept:,} are left out.",
        *notes(cleaned),
        "## What was left out, and why",
        _reasons(cleaned),
        "## Images of each emotion",
        _classes(cleaned),
        "## How it was made",
        f"    {command}",
        f"The fingerprint of the images and labels before cleaning is `{cleaned.data_fingerprint}`. `clean-list.csv` "
        "has one row per image: `image_id`, `keep`, `reason` and `label`, which is the corrected label if the reason "
        f"is `{CORRECTED}`.",
        "## How to use it",
        "    python -m core import PATH\n    python -m core train cnn-seed --data PATH --as NAME",
        "PATH is this folder or zip. The first command makes it the data set in use. The second trains on its train "
        "images, and evaluates on the val and test images of the data set in use.",
        "FER2013's images are research data of others: do not publish them.",
    ]
    return "\n\n".join(parts) + "\n"


def data_name(cleaned: Cleaned) -> str:
    """Return the name of the data set within a sentence."""
    is_known = cleaned.data_fingerprint == FER2013_FINGERPRINT or is_fer2013(cleaned.manifest)
    return "FER2013" if is_known else f"the data set {cleaned.data_fingerprint}"


def notes(cleaned: Cleaned) -> list[str]:
    """Return sentences about what is missing: doubt scores, or all images of an emotion."""
    sentences = []
    for split, rows in cleaned.written().groupby("split"):
        if missing := [emotion for emotion in EMOTIONS if emotion not in set(rows["label"])]:
            sentences.append(ALLOW_MISSING.format(emotions=", ".join(missing), split=split))
    return [*cleaned.notes, *sentences]


def _reasons(cleaned: Cleaned) -> str:
    counts = reason_counts(cleaned.listed, cleaned.manifest)
    if counts.empty:
        return "Nothing."
    rows = [["reason", "images", "for no other reason", *SPLITS]]
    rows += [[name, *(f"{int(n):,}" for n in row)] for name, row in zip(counts.index, counts.to_numpy(), strict=True)]
    meanings = [f"- `{name}`: {_meaning(name)}." for name in map(str, counts.index)]
    return "\n\n".join([_table(rows), "An image with several reasons counts for each of them.", "\n".join(meanings)])


def _meaning(name: str) -> str:
    return "kept, with the label that a mark calls right" if name == CORRECTED else RULES[name].meaning


def _classes(cleaned: Cleaned) -> str:
    counts = class_counts(cleaned.listed, cleaned.manifest)
    rows = [["emotion", *(f"{split} {when}" for split in SPLITS for when in ("before", "after"))]]
    for emotion in EMOTIONS:
        rows.append([emotion, *_numbers(counts.loc[[(emotion, split) for split in SPLITS]])])
    rows.append(["all", *_numbers(counts.groupby(level="split").sum().loc[list(SPLITS)])])
    return _table(rows)


def _numbers(counts: pd.DataFrame) -> list[str]:
    """Return before and after of each split as texts, from one row per split."""
    return [f"{n:,}" for n in counts[["before", "after"]].to_numpy().ravel()]


def _table(rows: list[list[str]]) -> str:
    """Return a Markdown table; its first row has the headings, its first column names, the others numbers."""
    line = ["---", *["---:"] * (len(rows[0]) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], line, *rows[1:]])
