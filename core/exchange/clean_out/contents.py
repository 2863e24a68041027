"""The files of a clean list: its images as PNGs or as fer2013.csv, the list itself, and the report."""

from collections.abc import Callable

from core.callbacks import StageProgress
from core.csv_out import csv_bytes
from core.exchange.clean_out.cleaned import Cleaned
from core.exchange.clean_out.report import report
from core.exchange.clean_out.sinks import Sink

LIST_NAME, REPORT_NAME, TABLE_NAME = "clean-list.csv", "README.md", "fer2013.csv"

LEVELS = tuple(map(str, range(256)))
"""Gray level -> its text."""

PROGRESS_IMAGES = 100  # images between two progress reports

WriteImages = Callable[[Sink, Cleaned, StageProgress], None]


def write_images(sink: Sink, cleaned: Cleaned, on_progress: StageProgress) -> None:
    """Write one PNG per image, which loses nothing, in folders for split and label."""
    import cv2

    for done, image in enumerate(cleaned.images(), start=1):
        encoded, png = cv2.imencode(".png", image.face)
        if not encoded:
            raise ValueError(f"{image.name} cannot be encoded")
        with sink.open(image.name) as file:
            file.write(png.tobytes())
        _report_progress(on_progress, done, cleaned.size)


def write_table(sink: Sink, cleaned: Cleaned, on_progress: StageProgress) -> None:
    """Write the images in the form of fer2013.csv: emotion (the number of the class there), pixels and Usage."""
    with sink.open(TABLE_NAME) as file:
        file.write(b"emotion,pixels,Usage\n")
        for done, image in enumerate(cleaned.images(), start=1):
            pixels = " ".join([LEVELS[level] for level in image.face.tobytes()])
            file.write(f"{image.number},{pixels},{image.usage}\n".encode())
            _report_progress(on_progress, done, cleaned.size)


def _report_progress(on_progress: StageProgress, done: int, total: int) -> None:
    if done % PROGRESS_IMAGES == 0 or done == total:
        on_progress("Writing images", done, total)


def write_list_and_report(sink: Sink, cleaned: Cleaned, command: str) -> None:
    """Write the list of all images, and the report on what was left out; `command` is the one that writes them."""
    with sink.open(LIST_NAME) as file:
        file.write(csv_bytes(cleaned.listed))
    write_report(sink, cleaned, command)


def write_report(sink: Sink, cleaned: Cleaned, command: str) -> None:
    """Write the report alone."""
    with sink.open(REPORT_NAME) as file:
        file.write(report(cleaned, command).encode())
