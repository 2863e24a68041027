"""Annotated films: the frames and their times, the encoders, killed runs and full disks."""

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import av
import numpy as np
import pytest

from core.exceptions import InputError
from core.recognition.reading import Reading
from core.video.files.writing import encoders
from core.video.files.writing.film import FilmWriter
from core.video.files.writing.joining import join_film
from core.vision.faces import Face
from core.vision.images import Image
from tests.core.video.files.films import is_upright, number_in, numbered

SIZE_WH = (192, 160)
VARIABLE_S = [0.0, 0.01, 0.5, 0.533, 0.5671, 1.9, 1.95, 2.0, 3.7, 5.9, 6.0]


def images(count: int) -> list[Image]:
    return [numbered(number, SIZE_WH) for number in range(count)]


def add_all(writer: FilmWriter, pictures: Iterable[Image], times_s: Iterable[float]) -> None:
    for picture, time_s in zip(pictures, times_s, strict=True):
        writer.write_annotated(picture, time_s)
    writer.end_segment()


def joined(writer: FilmWriter, folder: Path) -> Path:
    film = folder / "film.annotated.mp4"
    join_film(writer, folder / "no-such-source.mp4", film)
    return film


def film_of(folder: Path, pictures: Sequence[Image], times_s: Sequence[float], zero_s: float = 0.0) -> Path:
    writer = FilmWriter(folder, zero_s)
    add_all(writer, pictures, times_s)
    return joined(writer, folder)


def frames_of(film: Path) -> list[tuple[float, int]]:
    """Return the time and the number of each frame."""
    with av.open(str(film)) as container:
        return [(frame.time, number_in(frame.to_ndarray(format="rgb24"))) for frame in container.decode(video=0)]


@pytest.mark.parametrize(
    "times_s", [[index / 24 for index in range(40)], [index / 30 for index in range(40)], VARIABLE_S]
)
def test_every_frame_is_shown_at_its_time(tmp_path, times_s):
    frames = frames_of(film_of(tmp_path, images(len(times_s)), times_s))
    assert [number for _, number in frames] == list(range(len(times_s)))
    assert [time_s for time_s, _ in frames] == pytest.approx(times_s, abs=1e-4)


def test_the_film_is_of_a_kind_that_browsers_play(tmp_path):
    film = film_of(tmp_path, images(3), [0.0, 0.04, 0.08])
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.codec.canonical_name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == SIZE_WH
        assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (1, 5, 1, 1)
        assert container.duration / 1e6 == pytest.approx(0.12, abs=0.002)
    content = film.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_colours_stay_as_they_are(tmp_path):
    colors = [(200, 40, 40), (40, 200, 40), (40, 40, 200), (255, 255, 255), (0, 0, 0)]
    picture = np.zeros((160, 200, 3), np.uint8)
    for index, color in enumerate(colors):
        picture[:, 40 * index : 40 * (index + 1)] = color
    with av.open(str(film_of(tmp_path, [picture] * 3, [0.0, 0.1, 0.2]))) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24")
    assert np.allclose(shown[80, 20::40], colors, atol=6)


@pytest.mark.parametrize("step_s", [0.04, 0.7])
def test_key_frames_are_at_most_two_seconds_apart(tmp_path, step_s):
    times_s = list(np.arange(0, 9, step_s))
    film = film_of(tmp_path, [numbered(1, SIZE_WH)] * len(times_s), times_s)
    with av.open(str(film)) as container:
        keys_s = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.size and p.is_keyframe]
    assert keys_s[0] == 0
    assert len(keys_s) > 3
    assert max(np.diff([*keys_s, times_s[-1]])) <= 2


def packets_of(film: Path) -> list[tuple[int, int]]:
    with av.open(str(film)) as container:
        return [(packet.pts, packet.duration) for packet in container.demux(video=0) if packet.size]


def test_segments_leave_no_trace_in_the_film(tmp_path):
    whole = film_of(tmp_path, images(20), [index / 30 for index in range(20)])
    (tmp_path / "parts").mkdir()
    writer = FilmWriter(tmp_path / "parts")
    for index in range(20):
        writer.write_annotated(numbered(index, SIZE_WH), index / 30)
        if index in (0, 1, 9, 18):
            writer.end_segment()
    writer.end_segment()
    assert writer.segments == 5
    parts = joined(writer, tmp_path / "parts")
    assert packets_of(parts) == packets_of(whole)
    assert frames_of(parts) == frames_of(whole)


def test_a_run_that_was_killed_is_continued_after_its_last_whole_segment(tmp_path):
    earlier = FilmWriter(tmp_path)
    add_all(earlier, images(10), [index / 30 for index in range(10)])
    earlier.write_annotated(numbered(99, SIZE_WH), 10 / 30)
    writer = FilmWriter(tmp_path, segments=earlier.segments, size_wh=earlier.size_wh)
    add_all(writer, images(20)[10:], [index / 30 for index in range(10, 20)])
    del earlier
    frames = frames_of(joined(writer, tmp_path))
    assert [number for _, number in frames] == list(range(20))
    assert [time_s for time_s, _ in frames] == pytest.approx([index / 30 for index in range(20)], abs=1e-4)


def test_an_unfinished_segment_lies_under_a_temporary_name(tmp_path):
    writer = FilmWriter(tmp_path)
    writer.write_annotated(numbered(1, SIZE_WH), 0.0)
    assert writer.segments == 0
    assert [path.suffix for path in tmp_path.iterdir()] in ([], [".new"])
    writer.end_segment()
    assert [path.name for path in tmp_path.iterdir()] == ["segment-000000.nut"]


def test_without_new_frames_no_segment_is_written(tmp_path):
    writer = FilmWriter(tmp_path)
    writer.end_segment()
    assert (writer.segments, writer.size_wh, list(tmp_path.iterdir())) == (0, None, [])


def test_the_first_picture_is_shown_until_its_time_comes(tmp_path):
    frames = frames_of(film_of(tmp_path, images(3), [1.5, 1.6, 1.7], zero_s=1.0))
    assert [number for _, number in frames] == [0, 0, 1, 2]
    assert [time_s for time_s, _ in frames] == pytest.approx([0.0, 0.5, 0.6, 0.7], abs=1e-4)


def test_times_that_are_too_close_still_ascend(tmp_path):
    frames = frames_of(film_of(tmp_path, images(3), [0.0, 1e-9, 2e-9]))
    assert [number for _, number in frames] == [0, 1, 2]
    assert frames[0][0] < frames[1][0] < frames[2][0]


def test_a_frame_of_another_shape_is_fitted_into_the_film(tmp_path):
    pictures = [numbered(1, (320, 240)), numbered(2, (240, 320)), numbered(3, (640, 480)), numbered(4, (80, 60))]
    with av.open(str(film_of(tmp_path, pictures, [0.0, 0.1, 0.2, 0.3]))) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert {image.shape for image in shown} == {(240, 320, 3)}
    assert [number_in(shown[index]) for index in (0, 2, 3)] == [1, 3, 4]
    inner = shown[1][:, 70:250]
    assert number_in(inner) == 2
    assert is_upright(inner)
    assert max(shown[1][:, :66].max(), shown[1][:, 254:].max()) < 30


@pytest.mark.parametrize("encoder", ["libopenh264", "h264"])
def test_another_encoder_of_h264_is_used_if_the_first_is_missing(monkeypatch, tmp_path, encoder):
    monkeypatch.setattr(encoders, "is_usable", lambda name: name in (encoder, "mpeg4"))
    assert encoders.choose_encoder() == encoder
    assert FilmWriter(tmp_path).notes == []


def test_a_build_without_h264_writes_mpeg_4_and_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(encoders, "is_usable", lambda name: name == "mpeg4")
    writer = FilmWriter(tmp_path)
    assert "cannot write H.264" in " ".join(writer.notes)
    add_all(writer, images(len(VARIABLE_S)), VARIABLE_S)
    film = joined(writer, tmp_path)
    with av.open(str(film)) as container:
        assert container.streams.video[0].codec_context.codec.canonical_name == "mpeg4"
    frames = frames_of(film)
    assert [number for _, number in frames] == list(range(len(VARIABLE_S)))
    assert [time_s for time_s, _ in frames] == pytest.approx(VARIABLE_S, abs=1e-4)


def test_only_encoders_that_can_be_opened_are_usable():
    assert encoders.is_usable("mpeg4")
    assert not encoders.is_usable("no-such-encoder")
    assert not encoders.is_usable("h264_vaapi")


def test_labels_are_drawn_where_the_face_is_shown(tmp_path):
    reading = Reading(Face((1000, 1000, 2000, 2000)), {"model": (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)})
    writer = FilmWriter(tmp_path)
    writer.write(np.full((2160, 3840, 3), 90, np.uint8), [reading], "model", 0.0)
    writer.end_segment()
    assert writer.size_wh == (1920, 1080)
    with av.open(str(joined(writer, tmp_path))) as container:
        shown = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    differs = np.abs(shown - 90).max(axis=2) > 25
    assert differs[700, 495:505].any()
    assert differs[700, 995:1005].any()
    assert not differs[700, 520:980].any()
    assert not differs[:400].any()


FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from core.exceptions import InputError
from core.video.files.writing.film import FilmWriter
from core.video.files.writing.joining import join_film
folder, most_to_write, most_to_join = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
noise = np.random.default_rng(0).integers(0, 255, (160, 160, 3), np.uint8)
resource.setrlimit(resource.RLIMIT_FSIZE, (most_to_write, hard))
try:
    writer = FilmWriter(folder)
    for index in range(40):
        writer.write_annotated(np.roll(noise, 37 * index, axis=1), index / 30)
    writer.end_segment()
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_to_join, hard))
    join_film(writer, folder / "none", folder / "film.mp4")
except InputError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("most_to_write", "most_to_join", "left"),
    [(100, 1, []), (50_000, 1, []), (10**9, 100, ["segment-000000.nut"]), (10**9, 50_000, ["segment-000000.nut"])],
)
def test_a_full_disk_ends_the_run_with_a_sentence_and_leaves_whole_files_only(
    tmp_path, most_to_write, most_to_join, left
):
    pytest.importorskip("resource")
    command = [sys.executable, "-W", "error", "-c", FULL_DISK, tmp_path, str(most_to_write), str(most_to_join)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd(), timeout=120)
    assert done.stderr == ""
    assert done.stdout.startswith("There is no space left")
    assert sorted(path.name for path in tmp_path.iterdir()) == left


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    writer = FilmWriter(tmp_path / "missing")
    with pytest.raises(InputError, match="missing cannot be written"):
        add_all(writer, images(2), [0.0, 0.1])
    with pytest.raises(InputError, match="cannot be written") as raised:
        add_all(FilmWriter(tmp_path / ("x" * 400)), images(2), [0.0, 0.1])
    assert len(str(raised.value)) <= 300
