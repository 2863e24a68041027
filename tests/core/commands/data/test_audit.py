"""`core audit`: its counts, with and without images, and of other data sets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from core import paths
from core.__main__ import main
from core.data.near_copies import load_pairs, search
from core.data.store import required_import
from tests.fixtures.models import write_model

Audit = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture
def audit(capsys: pytest.CaptureFixture[str]) -> Audit:
    def run(*arguments: str) -> tuple[dict[str, Any], str]:
        assert main(["audit", "--json", *arguments]) == 0
        output = capsys.readouterr()
        assert output.out.count("\n") == 1
        return json.loads(output.out), output.err

    return run


def test_the_counts_of_fer2013_without_its_images(
    audit: Audit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path)
    counts, err = audit()
    near = counts.pop("near_copies")
    doubtful = counts.pop("doubtful")
    assert counts == {  # the facts of FER2013
        "images": 35887,
        "usage": {"Training": 28709, "PublicTest": 3589, "PrivateTest": 3589},
        "exact_copies": {"groups": 1516, "images": 3369, "surplus": 1853, "label_conflicts": 57, "leaked": 568},
        "blank": 12,
    }
    assert set(near) == {"0.98", "0.95"}
    assert [near[limit]["unaligned"] for limit in near] == [625, 764]  # facts of FER2013 as well
    assert [near[limit]["test_images"] for limit in near] == [820, 1151]
    assert set(doubtful) == {"test", "training"} and doubtful["test"] == 308
    assert err == ""


def test_another_data_set_is_searched_and_a_second_call_knows_the_result(audit: Audit, imported: Path) -> None:
    counts, err = audit()
    assert counts["exact_copies"] == {"groups": 4, "images": 9, "surplus": 5, "label_conflicts": 2, "leaked": 2}
    assert counts["images"] == 98 and counts["blank"] == 1
    assert counts["near_copies"]["0.95"]["test_images"] >= 2 and "Search for near copies" in err
    assert counts["doubtful"] == {"test": None, "training": None}
    assert audit() == (counts, "")


def test_without_images_near_copies_of_another_data_set_are_null(audit: Audit, shipped: Path) -> None:
    counts, err = audit()
    assert counts["near_copies"] is None and "no images are imported" in err


def test_after_ctrl_c_the_next_call_goes_on(audit: Audit, imported: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(search, "CHUNK", 10)
    searched, pairs_of = [], search._Training.pairs_of

    def interrupted(training: search._Training, tests: np.ndarray) -> search.Pairs:
        if len(searched) == 2:
            searched.append(-1)
            raise KeyboardInterrupt
        searched.append(len(tests))
        return pairs_of(training, tests)

    monkeypatch.setattr(search._Training, "pairs_of", interrupted)
    assert main(["audit"]) == 130
    assert "No file is left half-written" in capsys.readouterr().err
    counts, _ = audit()
    assert searched == [10, 10, -1, 8] and counts["near_copies"]


def test_a_search_again_reports_time_and_memory(audit: Audit, imported: Path) -> None:
    first, _ = audit()
    pairs = load_pairs()
    (required_import().folder / "near-copies-1.parquet").write_bytes(b"damaged")
    again, err = audit("--again")
    assert again == first and "s of CPU time" in err
    pd.testing.assert_frame_equal(load_pairs(), pairs)


def test_a_search_again_needs_images(shipped: Path, capsys) -> None:
    assert main(["audit", "--again"]) == 1
    assert "no data set is imported yet" in capsys.readouterr().err


def test_the_tables_have_the_counts_and_what_copies_are_worth(imported: Path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    write_model("good", skill=3, seed=1)
    assert main(["audit"]) == 0
    out = capsys.readouterr().out
    for name, count in (("groups of exact copies", "4"), ("blank images", "1"), ("images ", "98")):
        assert any(name in line and line.rstrip(" │").endswith(f" {count}") for line in out.splitlines()), name
    assert "doubtful labels of test images" in out and "not known" in out
    assert "an exact copy (n = 2)" in out and "good" in out
