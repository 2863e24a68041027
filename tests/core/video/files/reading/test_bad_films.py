"""Damaged films give the frames that are whole, the time that is lost, and sentences about both."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exceptions import InputError
from core.video.files.reading.frames import FilmFrames
from core.video.files.reading.opening import open_film
from tests.core.video.files.films import images, number_in, numbered, write_film

RATE = 30


def noisy(count):
    """Yield numbered images with noise, so that each frame takes many bytes."""
    noise = np.random.default_rng(0)
    for number in range(count):
        image = numbered(number, (160, 96)).astype(int) + noise.integers(-15, 16, (96, 160, 3))
        yield image.clip(0, 255).astype(np.uint8)


def read(path, start_s=0.0, end_s=None):
    """Return (number, time in seconds, number on the image) per frame, the seconds lost and the notes."""
    with open_film(path) as film:
        frames = FilmFrames(film, start_s, end_s)
        rows = [(frame.number, frame.time_s, number_in(frame.image())) for frame in frames]
        times = [time_s for _, time_s, _ in rows]
        assert times == sorted(set(times))
        return rows, frames.lost_s, frames.notes()


def places(path):
    """Return the place and size in the file of each video packet, in the order of decoding."""
    with av.open(str(path)) as container:
        return [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]


def damage(path, packets):
    """Overwrite most of the bytes of some packets of a film."""
    content, found = bytearray(path.read_bytes()), places(path)
    for index in packets:
        place, size = found[index]
        content[place : place + size] = bytes([0x55]) * size
    path.write_bytes(content)


def assert_right(rows):
    """Check that frames show what belongs to their time."""
    assert all(shown == round(time_s * RATE) for _, time_s, shown in rows)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_reading_goes_on_after_damage_in_the_middle(tmp_path, suffix):
    film = write_film(tmp_path / f"film.{suffix}", noisy(60), gop=12)
    damage(film, range(24, 36))
    rows, lost_s, notes = read(film)
    assert_right(rows)
    assert {shown for _, _, shown in rows} >= {*range(24), *range(36, 60)}
    assert lost_s == pytest.approx((60 - len(rows)) / RATE, abs=0.01) and lost_s > 0.3
    assert len(notes) == 1 and notes[0].startswith("One part of the film could not be decoded, 0.")


def test_pauses_in_a_film_of_variable_rate_are_no_damage(tmp_path):
    pauses = [index / RATE + (index > 10) * 0.7 + (index > 35) * 0.5 for index in range(50)]
    rows, lost_s, notes = read(write_film(tmp_path / "film.mkv", images(50), times=pauses))
    assert len(rows) == 50 and lost_s == 0 and notes == []


def test_two_damaged_parts_are_added_up(tmp_path):
    film = write_film(tmp_path / "film.mp4", noisy(120), gop=6)
    damage(film, [*range(18, 24), *range(90, 96)])
    rows, lost_s, notes = read(film)
    assert_right(rows)
    assert lost_s == pytest.approx(12 / RATE, abs=0.05)
    assert notes == [f"2 parts of the film could not be decoded, {lost_s:.1f} s in all."]


def test_frames_after_damage_keep_their_numbers(tmp_path):
    film = write_film(tmp_path / "film.mp4", noisy(48), gop=6)
    damage(film, range(12, 18))
    assert [number for number, _, shown in read(film)[0] if shown >= 24] == list(range(24, 48))


def test_damage_outside_of_what_is_read_is_not_counted(tmp_path):
    film = write_film(tmp_path / "film.mp4", noisy(120), gop=6)
    damage(film, range(60, 66))
    assert read(film, end_s=1.5)[1:] == (0, [])
    assert read(film, start_s=3.5)[1:] == (0, [])
    rows, lost_s, _ = read(film, start_s=2.1)
    assert rows[0][2] == 66 and lost_s == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("suffix", ["ts", "mkv"])
def test_a_film_that_is_cut_in_half_ends_early(tmp_path, suffix):
    film = write_film(tmp_path / f"film.{suffix}", noisy(120), sound_s=4)
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    rows, lost_s, notes = read(film)
    assert 30 < len(rows) < 90
    if suffix == "mkv":  # a transport stream does not say how long it should be
        assert_right(rows)
        assert lost_s == pytest.approx(4 - len(rows) / RATE, abs=0.2)
        assert any(note.endswith("of the film are missing: the file is incomplete.") for note in notes)


def test_an_mp4_whose_index_is_at_its_beginning_may_be_cut_in_half(tmp_path):
    film = write_film(tmp_path / "film.mp4", noisy(120), container_options={"movflags": "faststart"})
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    rows, lost_s, notes = read(film)
    assert_right(rows)
    assert 30 < len(rows) < 90 and lost_s == pytest.approx(4 - len(rows) / RATE, abs=0.1)
    assert any("the file is incomplete" in note for note in notes)


def test_a_cut_film_is_not_missed_beyond_the_end_that_was_asked_for(tmp_path):
    film = write_film(tmp_path / "film.mkv", noisy(120))
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert read(film, end_s=0.5)[1:] == (0, [])


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_sound_that_is_longer_than_the_pictures_is_no_damage(tmp_path, suffix):
    film = write_film(tmp_path / f"film.{suffix}", images(15), sound_s=5)
    rows, lost_s, notes = read(film)
    assert len(rows) == 15 and lost_s == 0 and notes == []


def test_a_film_without_a_key_frame_at_the_beginning_starts_at_the_next(tmp_path):
    film = write_film(tmp_path / "film.ts", noisy(48), gop=12)
    place, _ = places(film)[4]  # packets of this container have the place of their first piece of 188 bytes
    film.write_bytes(film.read_bytes()[:376] + film.read_bytes()[place // 188 * 188 :])
    rows, lost_s, notes = read(film)
    assert [shown for _, _, shown in rows] == list(range(12, 48))
    assert lost_s == pytest.approx(8 / RATE, abs=0.05)
    assert notes[0].startswith("One part of the film could not be decoded")


def test_time_stamps_that_jump_back_go_on(tmp_path):
    parts = [write_film(tmp_path / f"{index}.ts", images(20)).read_bytes() for index in range(3)]
    (tmp_path / "film.ts").write_bytes(b"".join(parts))
    rows, lost_s, notes = read(tmp_path / "film.ts")
    assert [shown for _, _, shown in rows] == [*range(20)] * 3
    assert np.diff([time_s for _, time_s, _ in rows]) == pytest.approx(1 / RATE, abs=1e-3)
    assert lost_s == 0
    assert notes == ["The time stamps of the film jump back in 2 places; its times go on from the frame before."]


@pytest.mark.parametrize("start_s", [0.1, 0.7, 1.0, 1.6])
def test_a_later_start_in_a_film_whose_time_stamps_jump_back(tmp_path, start_s):
    parts = [write_film(tmp_path / f"{index}.ts", images(30), gop=6).read_bytes() for index in range(2)]
    (tmp_path / "film.ts").write_bytes(b"".join(parts))
    whole, part = read(tmp_path / "film.ts")[0], read(tmp_path / "film.ts", start_s=start_s)[0]
    assert part == [row for row in whole if row[1] >= start_s]


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "ts"])
def test_a_film_that_does_not_start_at_0_is_not_taken_for_incomplete(tmp_path, suffix):
    film = write_film(tmp_path / f"film.{suffix}", images(10), start_s=2.5)
    with open_film(film) as opened:
        assert opened.facts.seconds == pytest.approx(10 / RATE, abs=0.05)
    rows, lost_s, notes = read(film)
    assert [time_s for _, time_s, _ in rows] == pytest.approx([number / RATE for number in range(10)], abs=1e-3)
    assert lost_s == 0 and notes == []


def test_a_long_gap_without_frames_is_noted(tmp_path):
    film = write_film(tmp_path / "film.mp4", images(4), times=[0, 0.1, 30.1, 30.2])
    rows, lost_s, notes = read(film)
    assert len(rows) == 4 and lost_s == 0
    assert notes == ["The film has a gap without frames, of up to 30 s."]


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("ts", "libx264"), ("ts", "libx265"), ("webm", "libvpx-vp9"), ("avi", "mpeg4"), ("mpg", "mpeg2video")],
)
def test_damaged_films_are_read_alike_each_time(tmp_path, suffix, codec):
    film = write_film(tmp_path / f"film.{suffix}", noisy(36), codec=codec, gop=9)
    content, random = bytearray(film.read_bytes()), np.random.default_rng(3)
    for place in random.integers(len(content) // 10, len(content), 12):
        content[place] ^= 0xFF
    film.write_bytes(content)

    def pixels():
        with open_film(film) as opened:
            return [(frame.number, frame.time_s, frame.image().tobytes()) for frame in FilmFrames(opened)]

    first = pixels()
    assert first and all(pixels() == first for _ in range(3))


@cache
def content_of(suffix, codec):
    with TemporaryDirectory() as folder:
        film = write_film(Path(folder) / f"film.{suffix}", images(12, (64, 48)), codec=codec, gop=4, sound_s=0.4)
        return film.read_bytes()


KINDS = [
    ("mp4", "libx264"),
    ("ts", "libx264"),
    ("mkv", "libx265"),
    ("webm", "libvpx-vp9"),
    ("avi", "mpeg4"),
    ("mpg", "mpeg2video"),
    ("flv", "libx264"),
    ("mov", "mpeg4"),
]


def check(path, content):
    path.write_bytes(content)
    try:
        _, lost_s, notes = read(path)
    except InputError as error:
        assert len(str(error)) <= 300 and str(error).endswith(".")
    else:
        assert lost_s >= 0 and all(note.endswith(".") for note in notes)


@pytest.mark.property
@given(st.sampled_from(KINDS), st.data())
def test_films_with_changed_bytes(tmp_path, kind, draw):
    content = bytearray(content_of(*kind))
    position = st.one_of(
        st.integers(0, 199), st.integers(0, len(content) - 1), st.integers(len(content) - 800, len(content) - 1)
    )
    for place, value in draw.draw(st.lists(st.tuples(position, st.integers(0, 255)), min_size=1, max_size=8)):
        content[place] = value
    check(tmp_path / "film", bytes(content))


@pytest.mark.property
@given(st.sampled_from(KINDS), st.data())
def test_films_that_lack_a_part_or_have_it_twice(tmp_path, kind, draw):
    content = content_of(*kind)
    start, end = sorted(draw.draw(st.tuples(st.integers(0, len(content)), st.integers(0, len(content)))))
    check(
        tmp_path / "film",
        content[:end] + content[start:] if draw.draw(st.booleans()) else content[:start] + content[end:],
    )


@pytest.mark.property
@given(st.binary(max_size=600), st.sampled_from(KINDS))
def test_random_bytes_after_the_start_of_a_film(tmp_path, random, kind):
    check(tmp_path / "film", content_of(*kind)[:64] + random)
