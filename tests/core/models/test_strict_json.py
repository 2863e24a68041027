"""JSON that only Python reads is refused, and messages stay short whatever a file contains."""

import json

import pytest

from core.exceptions import LONGEST_MESSAGE, shortened, unknown_name
from core.files import ContentError, json_bytes, json_line
from core.models.card import Calibration
from core.models.strict_json import DEEPEST, parse_json
from tests.core.models.test_typed_json import Part


def test_json_is_read_as_other_programs_read_it():
    value = {"a": [1, -2.5, None, True, "\u00e9 \u00df"], "b": {"c": []}, "\u4e2d": 999_999_999_999_999_999}
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value
    assert parse_json(b"[" * DEEPEST + b"]" * DEEPEST)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"NaN", "a number in it is not finite"),
        (b"[-Infinity]", "a number in it is not finite"),
        (b"1e999", "a number in it is not finite"),
        (b"1" * 19, "more than 18 digits"),
        (b"9" * 100_000, "more than 18 digits"),
        (b'{"a": 1, "a": 2}', "a key in it occurs twice"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested too deeply"),
        (b"[" * 10**6, "nested too deeply"),
        (b'"\\ud800"', "cannot be shown"),
        (b'{"\\u0000": 1}', "cannot be shown"),
        (b'"\xff"', "not UTF-8"),
        (b'{"a": 1,\n}', "line 2 cannot be read"),
        (b"", "line 1 cannot be read"),
    ],
)
def test_what_only_python_reads_is_refused(content, message):
    with pytest.raises(ContentError, match=message):
        parse_json(content)


def test_nan_is_never_written_as_json():
    assert json_line({"a": [0.5, None]}) == '{"a": [0.5, null]}'
    for write in (lambda: json_line([float("nan")]), lambda: json_bytes(Part(share=float("inf")))):
        with pytest.raises(ValueError, match="not JSON compliant"):
            write()
    with pytest.raises(ContentError, match=r"temperature must be from 0\.01 to 100, not nan"):
        Calibration(float("nan"), "val", 0.5, 0.8, 0.9)


def test_a_foreign_value_is_shortened_to_one_line_that_can_be_shown():
    assert shortened("a\n b") == "a b"
    assert shortened("x" * 10**7, 20) == "x" * 17 + "..."
    assert shortened("a\x1b\ud800") == "a\ufffd\ufffd"


def test_the_error_for_an_unknown_name_is_short_however_many_names_are_known():
    assert str(unknown_name("model", "x", ["a", "b"])) == "unknown model 'x'; choose from a, b."
    message = str(unknown_name("model", "x" * 1000, [f"model-{number}" for number in range(10_000)]))
    assert len(message) <= LONGEST_MESSAGE and message.endswith(", ...")
