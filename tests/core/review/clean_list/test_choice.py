"""The text of --drop."""

import pytest

from core.exceptions import LONGEST_MESSAGE, InputError
from core.review.clean_list import DEFAULT_DROP, RULES, Choice, parse_drop
from core.review.doubts import DOUBTFUL_BELOW


@pytest.mark.parametrize(
    ("text", "drop", "below", "written"),
    [
        ("none", (), DOUBTFUL_BELOW, "none"),
        ("", (), DOUBTFUL_BELOW, "none"),
        ("blank, exact,blank", ("exact", "blank"), DOUBTFUL_BELOW, "exact,blank"),
        ("doubtful", ("doubtful",), DOUBTFUL_BELOW, "doubtful:0.05"),
        ("doubtful:.2,near", ("near", "doubtful"), 0.2, "near,doubtful:0.2"),
        ("doubtful:1", ("doubtful",), 1.0, "doubtful:1"),
    ],
)
def test_rules_are_read_in_any_order_and_written_in_their_own(text, drop, below, written):
    choice = parse_drop(text)
    assert (choice.drop, choice.doubtful_below, choice.text) == (drop, below, written)
    assert parse_drop(written) == choice


def test_by_default_everything_is_left_out_that_needs_no_limit():
    assert Choice().drop == DEFAULT_DROP
    assert [name for name in RULES if name not in DEFAULT_DROP] == ["near", "doubtful"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exakt", "unknown reason 'exakt'; choose from exact, near, blank, conflicts, marked, doubtful, none."),
        ("exact,none", "unknown reason 'none'"),
        ("near:0.98", "near takes no score, only doubtful does; write near instead of near:0.98."),
        ("doubtful:", "doubtful takes a score from 0 to 1, such as doubtful:0.05, not ''."),
        ("doubtful:5", "not '5'"),
        ("doubtful:-0.1", "not '-0.1'"),
        ("doubtful:nan", "not 'nan'"),
        ("doubtful:" + "9" * 500, "doubtful takes a score"),
        ("x" * 5000, "unknown reason"),
    ],
)
def test_other_texts_are_refused_with_the_right_ones(text, message):
    with pytest.raises(InputError) as caught:
        parse_drop(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) <= LONGEST_MESSAGE
