"""Sources that would cost minutes or gigabytes are refused at once and in little memory."""

import os
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core import paths
from core.data.importing import import_dataset
from core.data.sources import containers
from core.exceptions import InputError
from tests.fixtures import synthetic

MOST_BYTES = 50_000_000
"""Memory that refusing a costly source may take."""


def equal_columns(path: Path) -> None:
    path.write_text(",".join(["a"] * 300_000) + "\n")


def many_columns(path: Path) -> None:
    path.write_text("," * 10_000_000 + "\n")


def different_columns(path: Path) -> None:
    path.write_text(",".join(map(str, range(200_000))) + "\n")


def columns_in_a_row(path: Path) -> None:
    path.write_text("emotion,pixels,Usage\n0,1 2,Training" + "," * 90_000 + "\n")


def bad_rows(path: Path) -> None:
    path.write_text("emotion,pixels,Usage\n" + "0,1,Training\n" * 2_000_000)


def one_row(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"emotion,pixels,Usage\n0,")
        for _ in range(200):
            file.write(b"7 " * 500_000)


def one_quoted_row(path: Path) -> None:
    path.write_text('emotion,pixels,Usage\n0,"' + "7 \n" * 2_000_000)


def link_to_zeros(path: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    os.mkfifo(path)


COSTLY: dict[Callable[[Path], None], str] = {
    equal_columns: "more than 100,000 characters",
    many_columns: "more than 100,000 characters",
    different_columns: "more than 100,000 characters",
    columns_in_a_row: "more than 100 columns",
    bad_rows: "At least 1,000 rows cannot be read",
    one_row: "more than 100,000 characters",
    one_quoted_row: "At least 1,000 rows cannot be read",
    link_to_zeros: "is a device or pipe",
    pipe: "is a device or pipe",
}


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.case("d13")
@pytest.mark.parametrize("write", COSTLY, ids=lambda write: write.__name__)
def test_costly_csvs_are_refused_in_little_memory(shipped: Path, traced: None, write: Callable[[Path], None]) -> None:
    path = shipped / "x.csv"
    write(path)
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    with pytest.raises(InputError, match=COSTLY[write]) as error:
        import_dataset(path)
    assert tracemalloc.get_traced_memory()[1] - before < MOST_BYTES
    assert len(str(error.value)) <= 300


MEASURE = "import resource, sys; from core.__main__ import main; main(sys.argv[1:]); print(resource.getrusage(resource.RUSAGE_SELF).ru_utime)"  # noqa: E501 (one program)


def cpu_seconds(path: Path, data_dir: Path) -> float:
    """Return the CPU time of a process that imports `path`."""
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, "import", str(path)],
        env={**os.environ, "FERSCOPE_DATA": str(data_dir)},
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(result.stdout.splitlines()[-1])


@pytest.mark.case("d13")
@pytest.mark.parametrize("write", [equal_columns, different_columns, bad_rows], ids=lambda write: write.__name__)
def test_refusing_a_costly_csv_takes_less_time_than_ten_imports_of_a_small_one(
    shipped: Path, write: Callable[[Path], None]
) -> None:
    small = cpu_seconds(synthetic.write_csv(shipped / "small.csv"), shipped / "data")
    write(shipped / "x.csv")
    assert cpu_seconds(shipped / "x.csv", shipped / "data") < 10 * small


def test_a_folder_with_far_too_many_files_is_refused(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_FILES", 20)
    synthetic.write_folder(shipped / "many", synthetic.files())
    with pytest.raises(InputError, match="contains more than 20 files, far more than FER2013 has"):
        import_dataset(shipped / "many")


def test_links_that_lead_in_a_circle_end(shipped: Path) -> None:
    folder = synthetic.write_folder(shipped / "source", synthetic.files())
    (folder / "train" / "happy" / "again").symlink_to(folder)
    assert import_dataset(folder).images == 98


def test_links_to_other_folders_are_followed(shipped: Path) -> None:
    elsewhere = synthetic.write_folder(shipped / "elsewhere", synthetic.files())
    (shipped / "source").mkdir()
    for split in ("train", "test"):
        (shipped / "source" / split).symlink_to(elsewhere / split)
    assert import_dataset(shipped / "source").images == 98


def test_a_file_limit_does_not_matter(shipped: Path, archive: Path) -> None:
    """An archive is read through one open file, however many images it has."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
    try:
        assert import_dataset(archive).images == 98
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_broken_links_are_images_that_cannot_be_read(shipped: Path) -> None:
    folder = synthetic.write_folder(shipped / "source", synthetic.files())
    (folder / "train/happy/Training_0.jpg").unlink()
    (folder / "train/happy/Training_0.jpg").symlink_to("gone.jpg")
    with pytest.raises(InputError, match=r"1 image cannot be read \(train/happy/Training_0\.jpg\)"):
        import_dataset(folder)


def test_real_folders_come_before_links_and_skipped_links_are_named(shipped: Path) -> None:
    folder = synthetic.write_folder(shipped / "source", synthetic.files())
    (folder / "all").symlink_to("train")
    report = import_dataset(folder)
    assert (report.matched, report.unmatched) == (98, 0)
    assert "Links to folders that are read anyway: all." in report.notes
