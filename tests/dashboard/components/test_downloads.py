"""Names of downloaded files, and the bytes of CSV files."""

import pandas as pd
import pytest
import streamlit as st
from hypothesis import given, strategies

from dashboard.components import downloads


@pytest.mark.case("p5")
@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("photo-annotated.png", "photo-annotated.png"),
        ("-dash.png", "dash.png"),
        ("../../etc/passwd.csv", "_.._etc_passwd.csv"),
        ("a:b\\c?.png", "a_b_c_.png"),
        ("two\nlines.png", "two lines.png"),
        ("smile 😀.png", "smile 😀.png"),
        ("....png", "file.png"),
        ("x" * 5000 + "-annotated.png", "x" * 53 + "…" + "x" * 16 + "-annotated.png"),
    ],
)
def test_downloads_have_names_that_every_system_can_save(name, saved):
    assert downloads.safe_name(name) == saved


@pytest.mark.property
@pytest.mark.case("p5")
@given(strategies.text())
def test_every_name_is_short_and_not_empty_and_has_no_path(text):
    saved = downloads.safe_name(f"{text}-annotated.png")
    assert 0 < len(saved) <= 100 and saved.endswith(".png")
    assert not set('/\\:*?"<>|\n\r\0') & set(saved) and saved[0] not in "-. "
    saved.encode()


@pytest.mark.case("p7")
def test_every_csv_button_defuses_formulas(monkeypatch):
    offered = {}
    monkeypatch.setattr(st, "download_button", lambda label, make, **options: offered.update(make=make, **options))
    downloads.csv_button(lambda: pd.DataFrame({"image": ["=1+1"]}), "readings")
    assert offered["make"]() == b"image\n'=1+1\n"
    assert offered["file_name"] == "readings.csv"
