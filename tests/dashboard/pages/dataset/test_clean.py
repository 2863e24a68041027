"""The panel of the clean list: ticks, counts, downloads, and the zips that the server prepares."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.csv_out import csv_bytes
from core.data.importing import import_dataset
from core.data.shipped import load_manifest
from core.exceptions import InputError
from core.exchange.clean_out import Cleaned
from core.review import store
from core.review.clean_list import Choice, class_counts, clean_list, parse_drop
from core.review.data_set import data_set_name
from core.review.marks import Mark
from dashboard import keys
from dashboard.pages.dataset.clean import balance
from dashboard.resources import cleaning, doubts, near_copies
from dashboard.resources.cleaning import zips
from tests.dashboard.pages.visiting import page_text

LABELS = ["Exact copies", "Near copies", "Blank images", "Label conflicts", "Marked images", "Doubtful labels"]


def page() -> None:
    from dashboard.pages.dataset import clean

    clean.show()


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """One near copy beside two exact ones, and two doubtful test labels; none of the Training images has a score."""
    pairs = pd.DataFrame({"image_id": ["test/sad/PublicTest_0"], "copy_id": ["x"], "correlation": [0.97]})
    scores = pd.DataFrame({"image_id": ["test/happy/PublicTest_0", "test/happy/PublicTest_1"], "score": [0.01, 0.2]})
    monkeypatch.setattr(near_copies, "pairs", lambda: pairs)
    monkeypatch.setattr(doubts, "of", {"test": scores, "training": None}.get)


def open_panel(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception, app.exception
    return app


def tick(app: AppTest, name: str) -> AppTest:
    box = app.checkbox(keys.per_item(keys.CLEAN_RULE, name))
    (box.uncheck() if box.value else box.check()).run()
    assert not app.exception, app.exception
    return app


def button(app: AppTest, label: str):
    return next(button for button in app.button if button.label == label)


def ticked(app: AppTest) -> list[str]:
    return [box.label.partition(" · ")[0] for box in app.checkbox if box.value]


def test_each_rule_has_its_number_and_the_default_ones_are_ticked(imported: Path) -> None:
    app = open_panel()
    assert [box.label for box in app.checkbox] == [
        f"{title} · {n}" for title, n in zip(LABELS, (5, 3, 1, 4, 0, 1), strict=True)
    ]
    assert ticked(app) == ["Exact copies", "Blank images", "Label conflicts", "Marked images"]
    assert "**90 of 98 images stay**, 8 are left out." in page_text(app)
    assert "--drop exact,blank,conflicts,marked" in app.code[0].value
    assert "drop" not in app.query_params


def test_ticks_go_to_the_address_and_change_the_counts(imported: Path) -> None:
    app = tick(open_panel(), "near")
    assert app.query_params["drop"] in ("exact,near,blank,conflicts,marked", ["exact,near,blank,conflicts,marked"])
    assert "**89 of 98 images stay**" in page_text(app)
    for name in ("exact", "near", "blank", "conflicts", "marked"):
        tick(app, name)
    assert "".join(app.query_params["drop"]) == "none"
    assert "**98 of 98 images stay**, 0 are left out." in page_text(app)
    assert "Train keeps all its images." in page_text(app)


def test_a_link_sets_the_ticks_and_the_limit_of_doubtful_labels(imported: Path) -> None:
    app = open_panel(drop="blank,doubtful", below="0.3")
    assert ticked(app) == ["Blank images", "Doubtful labels"]
    assert app.slider(keys.CLEAN_BELOW).value == 0.3
    assert next(box.label for box in app.checkbox if "Doubtful" in box.label) == "Doubtful labels · 2"
    assert "**95 of 98 images stay**" in page_text(app)
    assert "--drop blank,doubtful:0.3" in app.code[0].value
    app.slider(keys.CLEAN_BELOW).set_value(0.05).run()
    assert "**96 of 98 images stay**" in page_text(app)


def test_images_without_scores_are_mentioned_only_if_doubtful_labels_are_ticked(imported: Path) -> None:
    note = "The Training images have no doubt scores"
    assert note not in page_text(open_panel())
    assert note in page_text(open_panel(drop="doubtful"))


@pytest.mark.parametrize("value", ["blnk", "near:3", "<b>,exact"])
def test_a_link_with_unknown_names_is_said_and_the_default_stays(value: str, imported: Path) -> None:
    app = open_panel(drop=value)
    assert "The link is not understood" in app.warning[0].value
    assert ticked(app) == ["Exact copies", "Blank images", "Label conflicts", "Marked images"]


@pytest.mark.parametrize("value", ["x", "7", "nan", ""])
def test_a_link_with_an_impossible_limit_shows_the_default(value: str, imported: Path) -> None:
    app = open_panel(drop="doubtful", below=value)
    assert app.slider(keys.CLEAN_BELOW).value == 0.05


def test_rules_without_their_facts_cannot_be_ticked_and_say_why(imported: Path, monkeypatch) -> None:
    monkeypatch.setattr(near_copies, "pairs", lambda: None)
    monkeypatch.setattr(doubts, "of", lambda split: None)
    app = open_panel(drop="near,doubtful,blank")
    assert [box.label for box in app.checkbox if box.disabled] == ["Near copies", "Doubtful labels"]
    text = page_text(app)
    assert "Near copies of this data set are not known yet" in text and "has no doubt scores" in text
    assert "**97 of 98 images stay**" in text


def test_marks_correct_labels_and_are_counted_at_once(imported: Path) -> None:
    store.add(data_set_name(), [Mark("train/fear/Training_9", "wrong-label", "sad", "", "2026-07-26T12:34:56Z")])
    app = open_panel()
    assert "1 of those that stay have a corrected label." in page_text(app)
    store.add(data_set_name(), [Mark("train/fear/Training_8", "not-a-face", None, "", "2026-07-26T12:34:56Z")])
    app.run()
    assert "**89 of 98 images stay**" in page_text(app)


def test_without_images_the_list_stays_and_the_notice_says_how_to_bring_them(shipped: Path) -> None:
    app = open_panel()
    assert "**90 of 98 images stay**" in page_text(app)
    assert [element.proto.label for element in app.get("download_button")][:1] == ["List as CSV"]
    assert "The list can be taken away, but not the images" in app.info[0].value
    assert "Prepare" not in str([button.label for button in app.button])


@pytest.mark.parametrize(("form", "title"), [("zip", "Images (zip)"), ("csv", "fer2013.csv (zip)")])
@pytest.mark.parametrize("read_only", ["", "1"])
def test_a_zip_is_prepared_on_a_press_and_can_be_imported(
    form: str, title: str, read_only: str, imported: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("FERSCOPE_READ_ONLY", read_only)
    app = open_panel()
    before = sorted(imported.rglob("*"))
    expected = clean_list(Choice())
    button(app, f"Prepare {title}").click().run()
    assert not app.exception, app.exception
    job = next(iter(zips._jobs()._jobs.values()))
    job.wait()
    app.run()
    assert f"Save {title}" in [element.proto.label for element in app.get("download_button")]
    assert sorted(imported.rglob("*")) == before  # nothing is stored beside the data
    path = tmp_path / "saved.zip"
    path.write_bytes(job.content())
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read("clean-list.csv") == csv_bytes(expected)
        assert f"--form {form} --drop exact,blank,conflicts,marked" in archive.read("README.md").decode()
    import_dataset(path)
    assert load_manifest()["image_id"].tolist() == expected.loc[expected["keep"], "image_id"].tolist()


def cleaned() -> Cleaned:
    from core.data.store import required_import

    data = required_import()
    return Cleaned(Choice(), clean_list(Choice()), data.manifest(), data.faces(), data.fingerprint)


def test_one_zip_is_written_at_a_time_and_a_stopped_one_leaves_nothing(imported: Path, monkeypatch) -> None:
    import threading

    go_on, begun = threading.Event(), threading.Event()

    def slow(file, form, cleaned, on_progress) -> None:
        begun.set()
        go_on.wait(30)
        on_progress("", 1, 1)

    monkeypatch.setattr(zips, "write_zip", slow)
    job = cleaning.prepare(("first",), "zip", cleaned())
    begun.wait(30)
    assert cleaning.prepare(("first",), "zip", cleaned()) is job and cleaning.find(("first",)) is job
    with pytest.raises(InputError, match="preparing a zip for somebody else"):
        cleaning.prepare(("second",), "zip", cleaned())
    job.stop()
    go_on.set()
    job.wait()
    assert not job.is_ready and job.error is None and cleaning.find(("first",)) is None
    with pytest.raises(InputError, match="prepare it again"):
        job.content()


def test_the_oldest_zips_are_deleted(imported: Path) -> None:
    jobs = []
    for number in range(zips.MOST_KEPT + 1):
        jobs.append(cleaning.prepare((number,), "zip", cleaned()))
        jobs[-1].wait()
    assert cleaning.find((0,)) is None and not jobs[0].is_ready
    assert all(zipfile.ZipFile(io.BytesIO(job.content())).testzip() is None for job in jobs[1:])


def test_a_full_disk_is_a_sentence_and_the_button_stays(imported: Path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    app = open_panel()
    monkeypatch.setattr(zips, "write_zip", full)
    button(app, "Prepare Images (zip)").click().run()
    next(iter(zips._jobs()._jobs.values())).wait()
    app.run()
    assert "cannot write the zip" in app.warning[0].value
    assert button(app, "Prepare Images (zip)")


def test_the_chart_and_its_finding_show_the_change_in_percent() -> None:
    index = pd.MultiIndex.from_product([balance.EMOTIONS, balance.SPLITS], names=["emotion", "split"])
    counts = pd.DataFrame({"before": 100, "after": 100}, index=index)
    counts.loc[("disgust", "train")] = [20, 15]
    counts.loc[("happy", "train")] = [200, 210]
    counts.loc[("sad", "val")] = [0, 0]
    changes = balance.changes(counts)
    assert changes.loc["disgust", "train"] == -25 and changes.loc["happy", "train"] == 5
    assert pd.isna(changes.loc["sad", "val"])
    assert balance.finding(counts) == (
        "In train, disgust changes most, by −25.0 %. Train's largest to smallest class: 10.0 to 1 before, 14.0 to 1 "
        "after."
    )
    grown = counts.copy()
    grown.loc[("fear", "train")] = [100, 140]  # by corrected labels
    assert balance.finding(grown).startswith("In train, fear changes most, by +40.0 %.")
    figure = balance.change_bars(counts)
    assert [bar.name for bar in figure.data] == ["train", "val", "test"]
    assert list(figure.data[0].x) == [0, -25, 0, 5, 0, 0, 0] and figure.data[0].text[1] == "−25.0 %"
    low, high = figure.layout.xaxis.range
    assert low < -25 and high > 5
    shown = balance.shown(counts)
    assert shown.iloc[1].tolist() == ["disgust", "20 → 15", "100 → 100", "100 → 100"]
    assert shown.iloc[-1].tolist() == ["all", "720 → 725", "600 → 600", "700 → 700"]


def test_the_panel_counts_what_the_list_says(imported: Path) -> None:
    choice = parse_drop("exact,blank")
    counts = class_counts(clean_list(choice), load_manifest())
    text = page_text(open_panel(drop="exact,blank"))
    assert balance.finding(counts) in text
    for cell in balance.shown(counts).to_numpy().ravel():
        assert f">{cell}<" in text
