"""The clean list: which images of the data set to keep, with which label, and why the others are left out."""

from core.review.clean_list.choice import DEFAULT_DROP, Choice, parse_drop
from core.review.clean_list.counts import class_counts, reason_counts, rule_count
from core.review.clean_list.facts import Facts, stored_facts
from core.review.clean_list.listing import clean_list
from core.review.clean_list.rules import CORRECTED, RULES, Rule

__all__ = [
    "CORRECTED",
    "DEFAULT_DROP",
    "RULES",
    "Choice",
    "Facts",
    "Rule",
    "class_counts",
    "clean_list",
    "parse_drop",
    "reason_counts",
    "rule_count",
    "stored_facts",
]
