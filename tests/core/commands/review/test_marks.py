"""The command `marks`: add, list, remove, export and import."""

import errno
import json
from pathlib import Path

import pytest

from core import paths
from core.__main__ import main
from core.exceptions import LONGEST_MESSAGE
from core.review import store

IMAGE, OTHER = "test/sad/PublicTest_0", "train/happy/Training_3"
NOTE = "=1+1, \"so\" 'it'\nsays; 👩‍🚀"


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Run `marks` and return its output. If the exit code is 1, return its error message."""
    assert main(["marks", *arguments]) == code
    out, err = capsys.readouterr()
    if code:
        assert out == "" and err.startswith("Error: ") and err.count("\n") == 1
        assert len(err) <= LONGEST_MESSAGE + len("Error: \n")
        return err
    assert err == ""
    return out


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict]:
    return json.loads(run(capsys, "list", "--json", *arguments))


def test_a_mark_is_listed_with_its_label_note_and_time_until_it_is_removed(shipped, capsys):
    assert listed(capsys) == []
    assert run(capsys, "list") == "There are no marks of this data set yet.\n"
    out = run(capsys, "add", IMAGE, "wrong-label", "--label", "fear", "--note", NOTE)
    assert out == f"{IMAGE} is marked: wrong-label, right label fear.\n"
    run(capsys, "add", OTHER, "not-a-face")
    first, second = sorted(listed(capsys), key=lambda mark: mark["image_id"])
    assert list(first) == ["image_id", "kind", "label", "note", "time"]
    assert {**first, "time": ""} == {
        "image_id": IMAGE,
        "kind": "wrong-label",
        "label": "fear",
        "note": NOTE,
        "time": "",
    }
    assert (second["kind"], second["label"], second["note"]) == ("not-a-face", None, "")
    assert listed(capsys, "--kind", "not-a-face") == [second] and listed(capsys, "--kind", "interesting") == []
    assert run(capsys, "remove", OTHER) == f"{OTHER} is no longer marked: not-a-face.\n"
    assert listed(capsys) == [first]
    assert run(capsys, "list", "--kind", "not-a-face") == "There are no marks of this kind.\n"


def test_the_table_has_one_line_per_mark(shipped, capsys):
    run(capsys, "add", IMAGE, "wrong-label", "--label", "fear", "--note", "two\nlines \x1b[2J")
    table = run(capsys, "list")
    (line,) = [line for line in table.splitlines() if IMAGE in line]
    assert "wrong-label" in line and "fear" in line and "two lines" in line and "\x1b" not in table


def test_spaces_around_an_id_that_was_copied_make_no_difference(shipped, capsys):
    run(capsys, "add", f" {IMAGE} ", "interesting")
    assert [mark["image_id"] for mark in listed(capsys)] == [IMAGE]
    run(capsys, "remove", f"{IMAGE}\t")
    assert listed(capsys) == []


def test_only_the_named_kind_is_removed(shipped, capsys):
    for kind in ("ambiguous", "interesting"):
        run(capsys, "add", IMAGE, kind)
    run(capsys, "remove", IMAGE, "ambiguous")
    assert [mark["kind"] for mark in listed(capsys)] == ["interesting"]
    assert f"{IMAGE} has no mark ambiguous" in run(capsys, "remove", IMAGE, "ambiguous", code=1)
    assert f"{OTHER} has no mark; `marks list` prints all marks." in run(capsys, "remove", OTHER, code=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "PublicTest_0.jpg", "ambiguous"), "unknown image 'PublicTest_0.jpg'; did you mean test/"),
        (("add", "x\udcff" * 1000, "ambiguous"), "unknown image 'x"),
        (("remove", "x\udcff"), "unknown image 'x"),
        (("add", IMAGE, "wrong-label", "--label", "bored"), "unknown label 'bored'; choose from angry"),
        (("add", IMAGE, "ambiguous", "--label", "fear"), "only wrong-label takes a label"),
        (("add", IMAGE, "ambiguous", "--note", "x" * 501), "the note has 501 characters"),
        (("import", "missing.csv"), "cannot be read (No such file or directory)"),
        (("import", "."), "is not a file"),
        (("export", "."), "is not a file"),
        (("export", "missing/marks.csv"), "missing is no folder"),
    ],
)
def test_bad_input_is_refused_with_one_sentence(shipped, capsys, arguments, message, monkeypatch):
    monkeypatch.chdir(shipped)
    assert message in run(capsys, *arguments, code=1)
    assert listed(capsys) == []


@pytest.mark.parametrize("arguments", [(), ("add", IMAGE), ("add", IMAGE, "wrong"), ("list", "--kind", "x"), ("sort",)])
def test_bad_usage_has_exit_code_2(shipped, capsys, arguments):
    with pytest.raises(SystemExit) as end:
        main(["marks", *arguments])
    assert end.value.code == 2


def test_what_was_exported_is_imported_as_the_same_marks(shipped, capsys):
    run(capsys, "add", IMAGE, "wrong-label", "--label", "fear", "--note", NOTE)
    run(capsys, "add", IMAGE, "ambiguous", "--note", "'=1")
    run(capsys, "add", OTHER, "interesting")
    before, file, again = listed(capsys), shipped / "marks.csv", shipped / "again.csv"
    assert run(capsys, "export", str(file)) == f"{file}: 3 marks.\n"
    (paths.DATA_DIR / "marks.sqlite3").unlink()
    assert run(capsys, "import", str(file)) == f"{file}: 3 marks, 3 of them new, 0 changed.\n"
    assert listed(capsys) == before
    assert run(capsys, "import", str(file)) == f"{file}: 3 marks, 0 of them new, 0 changed.\n"
    run(capsys, "add", OTHER, "interesting", "--note", "changed")
    run(capsys, "add", OTHER, "ambiguous")
    assert run(capsys, "import", str(file)) == f"{file}: 3 marks, 0 of them new, 1 changed.\n"
    run(capsys, "remove", OTHER, "ambiguous")
    run(capsys, "export", str(again))
    assert again.read_bytes() == file.read_bytes()


def test_an_import_with_one_bad_row_adds_nothing(shipped, capsys):
    file = shipped / "marks.csv"
    run(capsys, "add", IMAGE, "ambiguous")
    run(capsys, "export", str(file))
    run(capsys, "remove", IMAGE)
    with file.open("a", encoding="utf-8") as opened:
        opened.write("fer2013,nobody,ambiguous,,,2026-01-01T00:00:00Z\n")
    assert "Row 3: unknown image 'nobody'" in run(capsys, "import", str(file), code=1)
    file.write_text(file.read_text(encoding="utf-8").replace("fer2013", "0123456789abcdef"), encoding="utf-8")
    message = run(capsys, "import", str(file), code=1)
    assert "Row 2: it is about the data set '0123456789abcdef', but 'fer2013' is in use" in message
    assert listed(capsys) == []


def test_an_export_without_marks_is_a_list_that_can_be_imported(shipped, capsys):
    file = shipped / "marks.csv"
    assert run(capsys, "export", str(file)) == f"{file}: 0 marks.\n"
    assert run(capsys, "import", str(file)) == f"{file}: 0 marks, 0 of them new, 0 changed.\n"


def test_an_export_to_a_full_disk_names_the_file_and_leaves_nothing(shipped, capsys, monkeypatch):
    def refuse(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")  # names no file, as the system does in this case

    monkeypatch.setattr(Path, "write_bytes", refuse)
    message = run(capsys, "export", str(shipped / "marks.csv"), code=1)
    assert message == f"Error: {shipped / 'marks.csv'}: No space left on device; free some disk space.\n"
    assert not list(shipped.glob("*marks.csv*"))


def test_a_damaged_file_is_named_on_standard_error_and_the_mark_is_stored(shipped, capsys):
    (paths.DATA_DIR / "marks.sqlite3").write_bytes(b"nonsense" * 1000)
    assert main(["marks", "add", IMAGE, "ambiguous"]) == 0
    out, err = capsys.readouterr()
    (aside,) = paths.DATA_DIR.glob("marks-damaged-*")
    assert out == f"{IMAGE} is marked: ambiguous.\n"
    assert err.startswith("Note: marks.sqlite3 was damaged.") and aside.name in err
    assert len(store.marks("fer2013")) == 1
