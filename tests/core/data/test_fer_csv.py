"""The CSV: its rows find their pictures of the archive, and its class order is translated."""

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
def test_rows_of_the_original_csv_find_their_own_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    sample, manifest = SHARED / "csv_sample.csv", shipped_manifest()
    with sample.open("rb") as file:
        images = read_csv(file, sample.stat().st_size, False, no_progress)
    facts = images.table.assign(
        brightness=measures.brightness(images.faces),
        contrast=measures.contrast(images.faces),
        phash=measures.perceptual_hash(images.faces),
    )
    found = match_rows(facts, manifest)
    answers = pd.read_csv(SHARED / "csv_sample_ids.csv")
    truth = answers.sort_values("row")["image"].str.replace(r"\.jpg$", "", regex=True).to_numpy()
    own = (found.fillna("").to_numpy() == truth).mean()
    wrong = (found.notna().to_numpy() & (found.fillna("").to_numpy() != truth)).mean()
    with capsys.disabled():
        print(f"\nCSV sample, {len(truth)} rows: {own:.2%} find their own picture, {wrong:.2%} a wrong one")
    assert own >= 0.99


@pytest.mark.parametrize("header", ["emotion,pixels,Usage", "emotion, Usage, pixels"])
def test_a_csv_lines_up_with_the_shipped_manifest(shipped: Path, tmp_path: Path, header: str) -> None:
    path = synthetic.write_csv(tmp_path / "fer2013.csv", header) if "pixels,U" in header else None
    if path is None:  # icml_face_data.csv names the columns with spaces and in another order
        rows = pd.read_csv(synthetic.write_csv(tmp_path / "plain.csv"))
        path = tmp_path / "icml_face_data.csv"
        rows.rename(columns={"Usage": " Usage", "pixels": " pixels"})[["emotion", " Usage", " pixels"]].to_csv(
            path, index=False
        )
    report = import_dataset(path)
    assert report.images == len(synthetic.pictures())
    manifest = current_import().manifest()
    known = shipped_manifest().set_index("image_id")
    matched = manifest[manifest["image_id"].isin(known.index)].set_index("image_id")
    assert len(matched) == report.matched > 0.9 * len(manifest)
    assert (matched["true_label"] == known.loc[matched.index, "true_label"]).all()
    assert (matched["split"] == known.loc[matched.index, "split"]).all()


def test_rows_without_a_picture_keep_a_name_of_their_own(shipped: Path, tmp_path: Path) -> None:
    path = synthetic.write_csv(tmp_path / "fer2013.csv")
    path.write_text(path.read_text() + "3," + " ".join(["255", "0"] * 1152) + ",Training\n")
    report = import_dataset(path)
    assert report.unmatched >= 1
    assert current_import().manifest()["image_id"].str.startswith("csv/Training/").any()
