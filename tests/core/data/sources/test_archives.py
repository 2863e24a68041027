"""Archives within archives and folders, other kinds of archives, and files that are no archive."""

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.data.importing import import_dataset
from core.data.sources import opening
from core.exceptions import InputError
from tests.fixtures import synthetic


def zip_bytes(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tar_bytes(files: dict[str, bytes], kind: int = tarfile.REGTYPE) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.type, member.linkname = len(data) if kind == tarfile.REGTYPE else 0, kind, "/etc/passwd"
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def csv_bytes(folder: Path) -> bytes:
    return synthetic.write_csv(folder / "made.csv").read_bytes()


def two_tops() -> dict[str, bytes]:
    return {f"FER/archive (1)/{name}": data for name, data in synthetic.files().items()}


FORMS: dict[str, Callable[[Path], tuple[str, bytes]]] = {
    "two top folders": lambda folder: ("a.zip", zip_bytes(two_tops())),
    "capitals": lambda folder: ("A.ZIP", zip_bytes({name.upper(): data for name, data in synthetic.files().items()})),
    "zip in a zip": lambda folder: ("a.zip", zip_bytes({"readme.txt": b"x", "b.zip": zip_bytes(synthetic.files())})),
    "tar": lambda folder: ("a.tar", tar_bytes(synthetic.files())),
    "tar with ./": lambda folder: ("a.tar", tar_bytes({f"./{n}": data for n, data in synthetic.files().items()})),
    "tar.gz": lambda folder: ("a.tar.gz", gzip.compress(tar_bytes(synthetic.files()))),
    "tar.xz": lambda folder: ("a.txz", lzma.compress(tar_bytes(synthetic.files()))),
    "tar.gz in a zip": lambda folder: ("a.zip", zip_bytes({"fer.tgz": gzip.compress(tar_bytes(synthetic.files()))})),
    "csv.gz": lambda folder: ("fer2013.csv.gz", gzip.compress(csv_bytes(folder))),
    "csv with capitals in a zip": lambda folder: ("a.zip", zip_bytes({"FER/FER2013.CSV": csv_bytes(folder)})),
    "csv of another name in a zip": lambda folder: ("a.zip", zip_bytes({"faces.csv": csv_bytes(folder)})),
    "csv in a tar.gz": lambda folder: (
        "fer2013.tar.gz",
        gzip.compress(tar_bytes({"f/fer2013.csv": csv_bytes(folder)})),
    ),
    "zip called csv": lambda folder: ("fer2013.csv", zip_bytes(synthetic.files())),
    "csv called zip": lambda folder: ("archive.zip", csv_bytes(folder)),
    "csv called FER2013.csv": lambda folder: ("FER2013.csv", csv_bytes(folder)),
}


@pytest.mark.case("d9")
@pytest.mark.parametrize("form", FORMS)
def test_archives_of_many_forms_are_read_as_files_uploads_and_in_a_folder(shipped: Path, form: str) -> None:
    name, data = FORMS[form](shipped)
    folder = shipped / "source"
    folder.mkdir()
    (folder / name).write_bytes(data)
    upload = io.BytesIO(data)
    upload.name = name
    for source in (folder / name, folder, upload):
        report = import_dataset(source)
        assert (report.images, report.matched) == (98, 98)


@pytest.mark.case("d10")
@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (98, "PPMd"), (99, "AES")])
def test_an_unknown_compression_method_is_named(shipped: Path, method: int, name: str) -> None:
    data = bytearray(zip_bytes(synthetic.files()))
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        position = data.find(signature)
        while position >= 0:
            data[position + offset : position + offset + 2] = method.to_bytes(2, "little")
            position = data.find(signature, position + 4)
    path = shipped / "a.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"compressed by {name}, which this Python cannot read; unpack it"):
        import_dataset(path)


UNSAFE = {
    "parent": (tar_bytes({"../evil.jpg": b"x"}), "points outside the archive"),
    "absolute": (tar_bytes({"/etc/evil.jpg": b"x"}), "points outside the archive"),
    "link": (tar_bytes({"train/happy/link.jpg": b""}, tarfile.SYMTYPE), "is a link or another special file"),
    "device": (tar_bytes({"train/happy/null.jpg": b""}, tarfile.CHRTYPE), "is a link or another special file"),
}


@pytest.mark.parametrize("kind", UNSAFE)
def test_unsafe_tars_are_refused(shipped: Path, kind: str) -> None:
    data, problem = UNSAFE[kind]
    path = shipped / "a.tar"
    path.write_bytes(data)
    with pytest.raises(InputError, match=problem):
        import_dataset(path)


REFUSED = {
    "a.zip": (b"Rar!\x1a\x07\x01\x00", "is a RAR archive; unpack it"),
    "b.zip": (b"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it"),
    "c.zip": (b"<!DOCTYPE html><title>Sign in</title>", "is a web page; the download may have needed a login"),
    "d.csv": (b"PAR1\x15\x04", "is a parquet file; write it as a CSV"),
    "e.npy": (b"\x93NUMPY\x01\x00", "is a NumPy array without labels"),
    "f.h5": (b"\x89HDF\r\n\x1a\n", "is an HDF5 file"),
    "g.pkl": (b"\x80\x04\x95\x00", "is a pickle, which FERscope never opens"),
    "h.jpg": (synthetic.jpeg(synthetic.draw_face(1)), "is a single JPEG image"),
    "i.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an Excel file; save it as a CSV"),
    "j.zip": (b"", "is empty; use archive.zip"),
    "k.zip": (bytes(range(256)), "is neither a zip or tar archive nor a CSV"),
    "l.gz": (gzip.compress(b"")[:12], "incomplete or damaged"),
    "m.tar": (tar_bytes({"train/happy/1.jpg": b"x"})[:300], "incomplete or damaged"),
    "n.zip": (zip_bytes({}), "contains no images, but no files"),
    "o.zip": (
        zip_bytes({"notes.txt": b"x", "a.py": b"x"}),
        r"contains no images, but only other files \(1 \.txt, 1 \.py",
    ),
    "q.xlsx": (zip_bytes({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}), "document of an office program"),
    "r.npz": (zip_bytes({"x.npy": b"x"}), "npz file of NumPy"),
    "s.json": (b'{"emotion": [1, 2]}', "is a JSON file; write it as a CSV"),
    "p.zip": (zip_bytes({"train/happy/1.jpg": b"no image"}), "1 image cannot be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_in_a_sentence_that_fits_them(shipped: Path, name: str) -> None:
    data, message = REFUSED[name]
    path = shipped / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as error:
        import_dataset(path)
    assert len(str(error.value)) <= 300


def test_archives_within_too_many_archives_are_refused(shipped: Path) -> None:
    data = zip_bytes(synthetic.files())
    for _ in range(opening.MAX_DEPTH + 1):
        data = zip_bytes({"inner.zip": data})
    (shipped / "outer.zip").write_bytes(data)
    with pytest.raises(InputError, match=r"lies in 3 archives within each other; unpack them"):
        import_dataset(shipped / "outer.zip")


def test_an_archive_that_unpacks_to_far_too_much_is_refused(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_TOTAL_BYTES", 3_000_000)
    (shipped / "bomb.csv.gz").write_bytes(gzip.compress(bytes(4_000_000)))
    with pytest.raises(InputError, match="unpacks to more than 0 GB, far more than FER2013 has"):
        import_dataset(shipped / "bomb.csv.gz")


@pytest.mark.case("d9")
def test_several_archives_are_refused_and_named(shipped: Path) -> None:
    data = zip_bytes({"train.zip": zip_bytes({}), "test.zip": zip_bytes({})})
    (shipped / "a.zip").write_bytes(data)
    with pytest.raises(InputError, match=r"2 files that could be the data set: train\.zip, test\.zip\. Name one"):
        import_dataset(shipped / "a.zip")


def test_images_beside_the_original_csv_are_mentioned(shipped: Path) -> None:
    data = zip_bytes({"fer2013.csv": csv_bytes(shipped), "sample/happy.jpg": synthetic.jpeg(synthetic.draw_face(1))})
    (shipped / "a.zip").write_bytes(data)
    assert (
        "Only fer2013.csv was read. Image files beside it that were not read: 1."
        in import_dataset(shipped / "a.zip").notes
    )
