"""Import of the original CSV: rows are matched to images of the archive, and class numbers become emotions."""

from pathlib import Path

import pandas as pd
import pytest

from core import paths
from core.callbacks import no_progress
from core.data import measures
from core.data.importing import import_dataset
from core.data.shipped import shipped_manifest
from core.data.sources.fer_csv import read_csv
from core.data.sources.matching import match_rows
from core.data.store import current_import
from tests.fixtures import synthetic

SHARED = paths.ROOT.parent / "shared" / "fer2013"


@pytest.mark.skipif(not SHARED.exists(), reason="the sample of the original CSV is not on this machine")
def test_at_least_99_percent_of_the_sample_rows_match_the_image_with_the_same_face(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sample, manifest = SHARED / "csv_sample.csv", shipped_manifest()
    with sample.open("rb") as file:
        images = read_csv(file, sample.stat().st_size, False, no_progress)
    facts = images.table.assign(
        brightness=measures.brightness(images.faces),
        contrast=measures.contrast(images.faces),
        phash=measures.perceptual_hash(images.faces),
    )
    matched = match_rows(facts, manifest)
    sample_ids = pd.read_csv(SHARED / "csv_sample_ids.csv")
    expected = sample_ids.sort_values("row")["image"].str.replace(r"\.jpg$", "", regex=True).to_numpy()
    correct = (matched.fillna("").to_numpy() == expected).mean()
    wrong = (matched.notna().to_numpy() & (matched.fillna("").to_numpy() != expected)).mean()
    with capsys.disabled():
        print(f"\nCSV sample, {len(expected)} rows: {correct:.2%} match the correct image, {wrong:.2%} a wrong one")
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
