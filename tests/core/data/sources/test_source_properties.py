"""Random folders, archives and CSVs end in an import or in an InputError with a short message."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.importing import import_dataset
from core.data.shipped import shipped_manifest
from core.data.sources.base import ReadOptions
from core.data.sources.layout import understand
from core.data.sources.words import EMOTION_WORDS, NUMBERINGS, SPLIT_WORDS, parse_classes
from core.data.store import current_import
from core.exceptions import LONGEST_MESSAGE, InputError
from tests.core.data.sources.test_archives import tar_bytes, zip_bytes
from tests.fixtures import synthetic

FACES = [synthetic.jpeg(synthetic.draw_face(n)) for n in range(3)]

folders = st.sampled_from(
    [*EMOTION_WORDS, *SPLIT_WORDS, *"01234567", "Happy", "TRAIN", "images", "contempt", "..", "~"]
)
suffixes = st.sampled_from([".jpg", ".JPG", ".png", ".txt", ".csv", ".zip", ""])
stems = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\\\0"), min_size=1, max_size=8)
file_names = st.builds(
    lambda parts, stem, suffix: "/".join([*parts, stem + suffix]), st.lists(folders, max_size=4), stems, suffixes
)
contents = st.one_of(st.sampled_from(FACES), st.binary(max_size=40))
trees = st.dictionaries(file_names, contents, max_size=30)
options = st.builds(
    ReadOptions, st.booleans(), st.booleans(), st.one_of(st.none(), st.sampled_from(list(NUMBERINGS.values())))
)


def import_or_refuse(data: bytes, name: str, read_options: ReadOptions) -> None:
    """Import an upload; check the report, or the message of the refusal."""
    upload = io.BytesIO(data)
    upload.name = name
    try:
        report = import_dataset(upload, read_options)
    except InputError as error:
        assert 0 < len(str(error)) <= LONGEST_MESSAGE, str(error)
        assert str(error).isprintable()
    else:
        manifest = current_import().manifest()
        assert report.images == len(manifest) == report.matched + report.unmatched > 0
        assert manifest["image_id"].is_unique
        assert manifest["true_label"].notna().all()
        assert all(sentence.isprintable() for sentence in report.sentences())


@pytest.mark.property
@given(files=trees, read_options=options, kind=st.sampled_from([zip_bytes, tar_bytes]))
def test_random_archives(imported: Path, files, read_options, kind) -> None:
    import_or_refuse(kind(files), "a.zip", read_options)


@pytest.mark.property
@given(st.lists(st.text(max_size=30), max_size=20), st.text(max_size=10), st.booleans())
def test_any_names_are_understood(names: list[str], own_name: str, words_in_file_names: bool) -> None:
    understand([name for name in names if name.strip("/.")], own_name, words_in_file_names)


@pytest.mark.property
@given(st.binary(max_size=3000), stems, options)
def test_random_bytes(imported: Path, data: bytes, name: str, read_options: ReadOptions) -> None:
    import_or_refuse(data, name, read_options)


PIXELS = " ".join(map(str, synthetic.draw_face(1).ravel()))
headers = st.lists(st.sampled_from(["emotion", "pixels", "Usage", " pixels", "label", "", "x"]), max_size=5)
fields = st.one_of(
    st.sampled_from([PIXELS, "0", "3.0", "happy", "Training", "PublicTest", "val", "7", "", "-1", '"']),
    st.text(max_size=6),
)
tables = st.lists(st.lists(fields, max_size=5), max_size=8)


@pytest.mark.property
@given(
    headers,
    tables,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-8-sig"]),
    options,
)
def test_random_csvs(imported: Path, header, rows, separator, line_end, encoding, read_options) -> None:
    text = line_end.join(separator.join(row) for row in [header, *rows])
    import_or_refuse(text.encode(encoding, "surrogatepass"), "f.csv", read_options)


@pytest.mark.property
@given(st.integers(0, 2**31), st.integers(0, 400), st.sampled_from(["zip", "tar", "csv"]), options)
def test_damaged_sources(imported: Path, position: int, length: int, kind: str, read_options: ReadOptions) -> None:
    if kind == "csv":
        data = bytearray(synthetic.write_csv(imported / "f.csv").read_bytes())
    else:
        data = bytearray((zip_bytes if kind == "zip" else tar_bytes)(synthetic.files()))
    start = position % len(data)
    data[start : start + length] = bytes(byte ^ 0x5A for byte in data[start : start + length])
    import_or_refuse(bytes(data), f"a.{kind}", read_options)
    import_or_refuse(bytes(data[:start]), f"a.{kind}", read_options)
    assert len(shipped_manifest()) == 98


@pytest.mark.property
@given(st.text(max_size=60))
def test_random_classes(text: str) -> None:
    try:
        assert all(len(number) == 1 for number in parse_classes(text))
    except InputError as error:
        assert len(str(error)) <= LONGEST_MESSAGE
