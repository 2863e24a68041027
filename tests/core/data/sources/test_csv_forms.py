"""CSVs of many forms: separators, encodings, names of columns, words, and rows that cannot be read."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.data.importing import import_dataset
from core.data.shipped import shipped_manifest
from core.data.sources.base import MAX_BAD, ReadOptions
from core.data.sources.fer_csv import parse_pixels
from core.data.store import current_import
from core.emotions import CSV_EMOTIONS
from core.exceptions import InputError
from tests.fixtures import synthetic


def csv_text(folder: Path) -> str:
    return synthetic.write_csv(folder / "made.csv").read_text()


def each_row(text: str, change: Callable[[int, list[str]], str], header: str | None = "emotion,pixels,Usage") -> str:
    rows = [change(number, line.split(",")) for number, line in enumerate(text.splitlines()[1:])]
    return "\n".join(([header] if header is not None else []) + rows) + "\n"


def with_words(number: int, fields: list[str]) -> str:
    return ",".join([CSV_EMOTIONS[int(fields[0])].upper(), *fields[1:]])


ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

FORMS: dict[str, Callable[[str], str | bytes]] = {
    "trailing comma in each row": lambda text: each_row(text, lambda n, fields: ",".join(fields) + ","),
    "trailing comma everywhere": lambda text: text.replace("\n", ",\n"),
    "no header": lambda text: each_row(text, lambda n, fields: ",".join(fields), header=None),
    "no header, other order": lambda text: each_row(text, lambda n, f: ",".join([f[2], f[0], f[1]]), header=None),
    "unnamed column of row numbers": lambda text: each_row(
        text, lambda n, f: ",".join([str(n), *f]), header=",emotion,pixels,Usage"
    ),
    "row numbers without a header": lambda text: each_row(text, lambda n, f: ",".join([str(n), *f])),
    "first column of equal values": lambda text: each_row(text, lambda n, f: ",".join(["0", *f])),
    "semicolons": lambda text: text.replace(",", ";"),
    "tabs": lambda text: text.replace(",", "\t"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "CRLF and quotes": lambda text: each_row(text, lambda n, f: ",".join(f'"{x}"' for x in f)).replace("\n", "\r\n"),
    "old Mac lines": lambda text: text.replace("\n", "\r"),
    "other names": lambda text: text.replace("emotion,pixels,Usage", " Label , PIXELS,usage"),
    "0.0": lambda text: each_row(text, lambda n, f: ",".join([f"{f[0]}.0", *f[1:]])),
    "words": lambda text: each_row(text, with_words),
    "usage in small letters": lambda text: text.lower(),
    "empty lines and end-of-file marks": lambda text: text.replace("\n", "\n\n") + "\x1a\x00\n,,\n",
    "Arabic digits": lambda text: each_row(text, lambda n, f: ",".join([f[0], f[1].translate(ARABIC), f[2]])),
    "no-break spaces": lambda text: each_row(text, lambda n, f: ",".join([f[0], f[1].replace(" ", "\u00a0"), f[2]])),
    "lists of pixels": lambda text: each_row(
        text, lambda n, f: ",".join([f[0], '"[' + f[1].replace(" ", ", ") + ']"', f[2]])
    ),
    "no usage": lambda text: each_row(text, lambda n, f: ",".join(f[:2]), header="emotion,pixels"),
}


@pytest.mark.case("d11", "d12")
@pytest.mark.parametrize("form", FORMS)
def test_forms_of_the_csv_are_read(shipped: Path, form: str) -> None:
    changed = FORMS[form](csv_text(shipped))
    path = shipped / "fer2013.csv"
    path.write_bytes(changed if isinstance(changed, bytes) else changed.encode())
    report = import_dataset(path)
    assert (report.images, report.matched) == (98, 98)
    columns = ["image_id", "usage", "split", "true_label"]
    manifest = current_import().manifest()
    assert manifest[columns].equals(shipped_manifest()[columns])


def test_row_numbers_are_kept(shipped: Path) -> None:
    path = shipped / "fer2013.csv"
    path.write_text(csv_text(shipped).replace("\n", "\n\n"))  # blank lines do not count
    import_dataset(path)
    data = current_import()
    manifest, faces = data.manifest(), data.faces()
    rows = path.read_text().split("\n\n")[1:]
    assert sorted(manifest["csv_row"]) == list(range(98))
    for face, row in zip(faces[:20], manifest["csv_row"][:20], strict=True):
        assert np.array_equal(face, parse_pixels(rows[row].split(",")[1]))


def test_imports_of_images_have_no_row_numbers(imported: Path) -> None:
    assert (current_import().manifest()["csv_row"] == -1).all()


PIXELS = " ".join(["7"] * 2304)

REFUSED = {
    "two columns of pixels": (f"emotion,pixels,Usage, pixels\n0,{PIXELS},Training,{PIXELS}\n", "2 columns for pixels"),
    "two labels": (f"emotion,label,pixels\n0,0,{PIXELS}\n", "2 columns for emotion"),
    "other columns": ("a,b\n1,2\n", r"neither a header nor a row of FER2013 \('a, b'\)"),
    "no pixels": ("emotion,Usage\n1,Training\n", r"no column pixels \(it has emotion, Usage\)"),
    "one column per pixel": ("label," + ",".join(f"pixel{n}" for n in range(2304)) + "\n", "2,305 columns"),
    "two columns of words without header": (f"a,b,{PIXELS}\n", "2 of its columns may be the emotion"),
    "only a header": ("emotion,pixels,Usage\n", "no rows to import"),
    "nothing": ("\n\n", "The CSV is empty"),
    "junk at the end": (
        f"emotion,pixels,Usage\n0,{PIXELS},Training\nProcessed 1 row\n",
        r"1 row cannot be read \(line 3\)",
    ),
    "too many fields": (f"emotion,pixels,Usage\n0,{PIXELS},Training,1,2\n", "more fields than the first row"),
    "negative pixels": (f"emotion,pixels,Usage\n0,-{PIXELS},Training\n", "not all whole numbers from 0 to 255"),
    "huge pixels": (f"emotion,pixels,Usage\n0,{PIXELS}99999999999999999999,Training\n", "not all whole numbers"),
    "unknown usage": (f"emotion,pixels,Usage\n0,{PIXELS},Holdout\n", "the usage 'Holdout' is not known"),
}


@pytest.mark.case("d11", "d12")
@pytest.mark.parametrize("kind", REFUSED)
def test_csvs_that_are_ambiguous_or_damaged_are_refused_in_a_sentence(shipped: Path, kind: str) -> None:
    text, message = REFUSED[kind]
    path = shipped / "f.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as error:
        import_dataset(path)
    assert len(str(error.value)) <= 300


@pytest.mark.case("d15")
@pytest.mark.parametrize(
    "row", [f"7,{PIXELS},Training", f"joy,{PIXELS},Training", f"3,{PIXELS},Later", "3,1 2,Training"]
)
def test_rows_with_a_bad_emotion_usage_or_pixels_can_be_left_out(shipped: Path, row: str) -> None:
    path = shipped / "fer2013.csv"
    path.write_text(csv_text(shipped) + row + "\n")
    with pytest.raises(InputError, match=r"1 row cannot be read \(line 100\)"):
        import_dataset(path)
    report = import_dataset(path, ReadOptions(skip_bad=True))
    assert report.images == 98
    assert len(report.skipped) == 1 and report.skipped[0].startswith("line 100: ")


@pytest.mark.case("d13", "d15")
@pytest.mark.parametrize("skip_bad", [False, True])
def test_reading_stops_after_a_thousand_bad_rows(shipped: Path, skip_bad: bool) -> None:
    path = shipped / "fer2013.csv"
    path.write_text("emotion,pixels,Usage\n" + "0,1,Training\n" * (2 * MAX_BAD))
    with pytest.raises(InputError, match="At least 1,000 rows cannot be read"):
        import_dataset(path, ReadOptions(skip_bad=skip_bad))


def test_at_most_ten_bad_rows_are_named(shipped: Path) -> None:
    path = shipped / "fer2013.csv"
    path.write_text("emotion,pixels,Usage\n" + "0,1,Training\n" * 12)
    with pytest.raises(InputError) as error:
        import_dataset(path)
    assert str(error.value).count("line ") <= 10
