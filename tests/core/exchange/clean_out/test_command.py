"""`export-clean`: its sentences, and the report."""

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.data.shipped import shipped_manifest
from core.exceptions import LONGEST_MESSAGE
from core.exchange.clean_out import FORMS
from core.exchange.clean_out import export as export_module
from core.exchange.clean_out.cleaned import Cleaned
from core.exchange.clean_out.report import report
from core.review import clean_list as rules
from core.review.clean_list import facts as facts_module
from core.review.clean_list import parse_drop


def test_the_report_says_what_was_left_out_and_why_with_the_command(imported, tmp_path, capsys):
    assert main(["export-clean", str(tmp_path / "clean"), "--drop", "exact,blank"]) == 0
    assert "92 images, without 6" in capsys.readouterr().out
    text = (tmp_path / "clean" / "README.md").read_text()
    assert text.startswith("# A clean list of FER2013\n\n92 of 98 images are kept, 6 are left out.")
    assert "| exact | 5 | 5 |" in text and "| blank | 1 | 1 |" in text
    assert "    python -m core export-clean DIR --form folder --drop exact,blank\n" in text
    listed = pd.read_csv(tmp_path / "clean" / "clean-list.csv", keep_default_na=False)
    assert listed.columns.tolist() == ["image_id", "keep", "reason", "label"]
    assert listed["keep"].sum() == 92 and len(listed) == 98


def test_the_report_on_fer2013_has_the_counts_of_the_manifest():
    manifest = shipped_manifest()
    choice = parse_drop("exact,blank")
    faces = np.zeros((len(manifest), 1, 1), np.uint8)  # a report needs no pixels
    cleaned = Cleaned(choice, rules.clean_list(choice, rules.Facts(manifest)), manifest, faces, "0" * 16)
    text = report(cleaned, "the command")
    assert "34,033 of 35,887 images are kept, 1,854 are left out." in text
    assert "| exact | 1,853 | 1,842 |" in text and "| blank | 12 | 1 |" in text
    assert "| all | 25,836 | 24,707 | 2,873 | 2,765 | 7,178 | 6,561 |" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--drop", "exact,blnk"], "unknown reason 'blnk'; choose from exact, near, blank"),
        (["--drop", "doubtful:2"], "doubtful takes a score from 0 to 1"),
        (["--form", "tar"], "unknown form 'tar'; choose from folder, zip, csv."),
    ],
)
def test_unknown_names_are_refused_with_the_right_ones_and_nothing_is_written(
    arguments, message, imported, tmp_path, capsys
):
    assert main(["export-clean", str(tmp_path / "clean"), *arguments]) == 1
    error = capsys.readouterr().err
    assert message in error and len(error) <= LONGEST_MESSAGE + len("Error: \n")
    assert not list(tmp_path.glob("*clean*"))


def test_without_images_the_command_says_how_to_import_them(shipped, tmp_path, capsys):
    assert main(["export-clean", str(tmp_path / "clean")]) == 1
    assert "no data set is imported yet; run `python -m core import PATH`" in capsys.readouterr().err
    assert not list(tmp_path.glob("*clean*"))


@pytest.mark.parametrize(("rule", "remedy"), [("near", "core audit"), ("doubtful", "core doubts")])
def test_a_rule_that_lacks_its_facts_names_the_command_that_finds_them(
    rule, remedy, imported, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(facts_module, "load_pairs", lambda: None)
    monkeypatch.setattr(facts_module, "doubts", lambda split: None)
    assert main(["export-clean", str(tmp_path / "clean"), "--drop", rule]) == 1
    error = capsys.readouterr().err
    assert remedy in error and f"leave {rule} out of --drop" in error


def test_near_copies_and_doubtful_labels_are_left_out_and_missing_scores_are_said(
    imported, tmp_path, capsys, monkeypatch
):
    pairs = pd.DataFrame({"image_id": ["test/sad/PublicTest_0"], "copy_id": ["x"], "correlation": [0.97]})
    scores = pd.DataFrame({"image_id": ["test/happy/PublicTest_0", "test/happy/PublicTest_1"], "score": [0.01, 0.2]})
    monkeypatch.setattr(facts_module, "load_pairs", lambda: pairs)
    monkeypatch.setattr(facts_module, "doubts", {"test": scores, "training": None}.get)
    assert main(["export-clean", str(tmp_path / "clean"), "--drop", "near,doubtful"]) == 0
    printed = capsys.readouterr()
    assert "94 images, without 4" in printed.out
    assert "The Training images have no doubt scores" in printed.err
    assert "The Training images have no doubt scores" in (tmp_path / "clean" / "README.md").read_text()
    listed = pd.read_csv(tmp_path / "clean" / "clean-list.csv", keep_default_na=False).set_index("image_id")
    assert listed.loc[~listed["keep"], "reason"].to_dict() == {
        "test/happy/PublicTest_0": "doubtful",
        "test/sad/PublicTest_0": "near",
        "test/fear/PublicTest_0": "near",  # an exact copy
        "test/neutral/PrivateTest_1": "near",  # an exact copy
    }


def test_emotions_without_images_are_named_with_the_option_that_imports_the_rest(
    imported, tmp_path, capsys, monkeypatch
):
    manifest = export_module.required_import().manifest()
    disgust = manifest[(manifest["true_label"] == "disgust") & (manifest["split"] == "test")]
    scores = {"test": disgust[["image_id"]].assign(score=0.0), "training": disgust[["image_id"]].assign(score=0.0)[:0]}
    monkeypatch.setattr(facts_module, "doubts", scores.get)
    assert main(["export-clean", str(tmp_path / "clean"), "--drop", "doubtful"]) == 0
    assert "No image of disgust is left in test: to import this list, add `--allow-missing`." in capsys.readouterr().err
    assert main(["import", str(tmp_path / "clean")]) == 1
    assert main(["import", str(tmp_path / "clean"), "--allow-missing"]) == 0


def test_a_list_that_keeps_nothing_is_refused(imported, tmp_path, capsys, monkeypatch):
    manifest = export_module.required_import().manifest()
    everything = manifest[["image_id"]].assign(score=0.5)
    monkeypatch.setattr(facts_module, "doubts", {"test": everything, "training": everything[:0]}.get)
    for form in FORMS:
        assert main(["export-clean", str(tmp_path / "clean"), "--drop", "doubtful:1", "--form", form]) == 1
        assert "no image would be left without doubtful:1; leave out less." in capsys.readouterr().err
    assert not list(tmp_path.glob("*clean*"))
