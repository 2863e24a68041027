"""Import of the original CSV: rows are matched to images of the archive, and class numbers become emotions."""

from pathlib import Path

import pandas as pd
import pytest

from core import paths
from core.callbacks import no_progress
from core.data.importing import import_dataset
from core.data.shipped import shipped_manifest
from core.data.sources import read_source
from core.data.sources.base import DEFAULT_OPTIONS
from core.data.store import current_import
from tests.fixtures import synthetic

SHARED = paths.ROOT.parent / "shared" / "fer2013"


@pytest.mark.skipif(not SHARED.exists(), reason="the sample of the original CSV is not on this machine")
def test_at_least_99_percent_of_the_sample_rows_match_the_image_with_the_same_face(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sample, manifest = SHARED / "csv_sample.csv", shipped_manifest()
    matched = read_source(sample, manifest, DEFAULT_OPTIONS, no_progress).table.set_index("csv_row").sort_index()
    sample_ids = pd.read_csv(SHARED / "csv_sample_ids.csv").set_index("row").sort_index()
    expected = sample_ids["image"].str.replace(r"\.jpg$", "", regex=True)
    assert matched.index.equals(expected.index.astype(matched.index.dtype))
    correct = (matched["image_id"] == expected).mean()
    is_listed = matched["image_id"].isin(manifest["image_id"]).mean()
    with capsys.disabled():
        print(f"\nCSV sample, {len(expected)} rows: {is_listed:.2%} are recognised, {correct:.2%} as the right image")
    assert is_listed == 1
    assert correct >= 0.99


@pytest.mark.parametrize("name", ["fer2013.csv", "icml_face_data.csv"])
def test_matched_rows_have_the_labels_and_splits_of_the_shipped_manifest(
    shipped: Path, tmp_path: Path, name: str
) -> None:
    path = synthetic.write_csv(tmp_path / "fer2013.csv")
    if name == "icml_face_data.csv":  # has spaces in column names and another column order
        rows = pd.read_csv(path)
        path = tmp_path / name
        rows.rename(columns={"Usage": " Usage", "pixels": " pixels"})[["emotion", " Usage", " pixels"]].to_csv(
            path, index=False
        )
    report = import_dataset(path)
    assert report.images == len(synthetic.images())
    manifest = current_import().manifest()
    expected = shipped_manifest().set_index("image_id")
    matched = manifest[manifest["image_id"].isin(expected.index)].set_index("image_id")
    assert len(matched) == report.matched > 0.9 * len(manifest)
    assert (matched["true_label"] == expected.loc[matched.index, "true_label"]).all()
    assert (matched["split"] == expected.loc[matched.index, "split"]).all()


def test_a_row_without_a_matching_image_gets_an_image_id_that_starts_with_csv(shipped: Path, tmp_path: Path) -> None:
    path = synthetic.write_csv(tmp_path / "fer2013.csv")
    stripes = " ".join(["255", "0"] * 1152)
    path.write_text(path.read_text() + f"3,{stripes},Training\n")
    report = import_dataset(path)
    assert report.unmatched >= 1
    assert current_import().manifest()["image_id"].str.startswith("csv/Training/").any()
