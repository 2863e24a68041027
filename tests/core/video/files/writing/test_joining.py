"""Annotated films with the sound of their source: its time, its format, and damaged sound."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from core.exceptions import InputError
from core.video.files.reading.opening import open_film
from core.video.files.writing.film import FilmWriter
from core.video.files.writing.joining import join_film
from core.video.files.writing.sound import DAMAGED_SOUND, NO_SOUND
from tests.core.video.files.writing.flashes import (
    RATE,
    flashes_in,
    flashing,
    tones_in,
    write_flashing,
)

FLASHES_S = (0.6, 1.4, 2.2)
SECONDS = 3.0
FRAME_S = 1 / RATE


def written(folder: Path, zero_s: float = 0.0, end_s: float = SECONDS, flashes_s=FLASHES_S) -> FilmWriter:
    """Return the writer of a flashing film in segments of one second."""
    folder.mkdir(exist_ok=True)
    writer = FilmWriter(folder, zero_s)
    for time_s, image in flashing(end_s, flashes_s):
        if time_s >= zero_s:
            writer.write_annotated(image, time_s)
        if round(time_s * RATE) % RATE == RATE - 1:
            writer.end_segment()
    writer.end_segment()
    return writer


def joined(source: Path, zero_s: float = 0.0, end_s: float = SECONDS, flashes_s=FLASHES_S) -> tuple[Path, list[str]]:
    film = source.with_name("film.annotated.mp4")
    notes = join_film(written(source.parent / "parts", zero_s, end_s, flashes_s), source, film)
    assert not list(source.parent.glob("**/segment-joined*"))
    return film, notes


def sound_of(film: Path) -> str | None:
    """Return the codec of the sound, or None if the film is silent."""
    with av.open(str(film)) as container:
        streams = container.streams.audio
        return streams[0].codec_context.codec.canonical_name if streams else None


SOURCES = [
    ("film.mp4", {}, "aac"),
    ("film.ts", {"start_s": 5.0}, "aac"),
    ("film.mkv", {"start_s": 2.5, "rate": 44_100, "layout": "stereo"}, "aac"),
    ("mp3.mkv", {"sound": "libmp3lame", "start_s": 1.2, "rate": 44_100}, "mp3"),
    ("opus.webm", {"sound": "libopus", "video": "libvpx"}, "opus"),
    ("flac.mkv", {"sound": "flac", "start_s": 1.0}, "flac"),
    ("pcm.mov", {"sound": "pcm_s16le", "rate": 22_050}, "aac"),
    ("pcm.mkv", {"sound": "pcm_s16le", "start_s": 3.0, "rate": 44_100, "layout": "stereo"}, "aac"),
    ("ac3.ts", {"sound": "ac3", "start_s": 7.0, "layout": "5.1"}, "aac"),
]


@pytest.mark.parametrize("zero_s", [0.0, 1.23])
@pytest.mark.parametrize(("name", "choices", "codec"), SOURCES, ids=[name for name, *_ in SOURCES])
def test_sound_and_pictures_agree(tmp_path, name, choices, codec, zero_s):
    source = write_flashing(tmp_path / name, SECONDS, FLASHES_S, **choices)
    with open_film(source) as opened:
        # In transport streams, the sound begins a little before the pictures.
        shift_s = choices.get("start_s", float(opened.facts.zero)) - float(opened.facts.zero)
        if name.endswith(".ts"):
            shift_s = min(opened.stream.start_time * opened.stream.time_base - float(opened.facts.zero), FRAME_S)
    film, notes = joined(source, zero_s)
    tones_s = tones_in(film)
    expected_s = [flash_s - zero_s + float(shift_s) for flash_s in FLASHES_S if flash_s > zero_s]
    assert tones_s == pytest.approx(expected_s, abs=0.004)
    assert flashes_in(film) == pytest.approx(tones_s, abs=FRAME_S)
    assert (sound_of(film), notes) == (codec, [])


@pytest.mark.parametrize("name", ["late.mp4", "late.mov"])
def test_sound_that_begins_later_keeps_its_time(tmp_path, name):
    choices = {"sound": "pcm_s16le"} if name.endswith("mov") else {}
    source = write_flashing(tmp_path / name, SECONDS, FLASHES_S, sound_from_s=1.1, **choices)
    film, _ = joined(source)
    assert tones_in(film) == pytest.approx([1.4, 2.2], abs=0.004)


def test_sound_after_the_end_of_the_film_is_cut(tmp_path):
    source = write_flashing(tmp_path / "film.mp4", 10.0, FLASHES_S)
    film, _ = joined(source, end_s=2.0)
    with av.open(str(film)) as container:
        assert container.duration / 1e6 == pytest.approx(2.0, abs=0.03)
    assert tones_in(film) == pytest.approx([0.6, 1.4], abs=0.004)


def test_loud_sound_in_six_channels_is_not_clipped(tmp_path):
    film, _ = joined(write_flashing(tmp_path / "film.ts", SECONDS, FLASHES_S, sound="ac3", layout="5.1"))
    with av.open(str(film)) as container:
        assert container.streams.audio[0].channels == 2
        peak = max(float(np.abs(frame.to_ndarray()).max()) for frame in container.decode(audio=0))
    assert 0.6 < peak < 1


def remuxed(source: Path, target: Path, changed) -> Path:
    """Copy a film, with the packets of its sound as `changed(index, time in seconds, packet)` returns them, or None."""
    with av.open(str(source)) as film, av.open(str(target), "w") as out:
        streams = [out.add_stream_from_template(stream, opaque=True) for stream in film.streams]
        index = 0
        for packet in film.demux():
            if not packet.size:
                continue
            number = packet.stream_index
            if packet.stream.type == "audio":
                packet = changed(index, float(packet.pts * packet.time_base), packet)
                index += 1
            if packet is not None:
                packet.stream = streams[number]
                out.mux(packet)
    return target


def replaced(packet: av.Packet, content: bytes) -> av.Packet:
    """Return a packet of the same time with another content."""
    other = av.Packet(content)
    other.pts, other.dts, other.duration = packet.pts, packet.dts, packet.duration
    other.time_base = packet.time_base
    return other


def garbage(packet: av.Packet) -> av.Packet:
    """Return a packet of the same time that no decoder of AAC accepts."""
    return replaced(packet, b"\xfe" + 59 * b"\xff")


def test_damaged_parts_of_the_sound_are_left_out(tmp_path):
    whole = write_flashing(tmp_path / "whole.mp4", SECONDS, FLASHES_S)
    source = remuxed(
        whole, tmp_path / "film.mp4", lambda _, time_s, packet: garbage(packet) if 0.8 < time_s < 1.2 else packet
    )
    film, notes = joined(source)
    assert notes == [DAMAGED_SOUND]
    assert tones_in(film) == pytest.approx(FLASHES_S, abs=0.004)


def test_sound_that_cannot_be_read_at_all_is_left_out(tmp_path):
    whole = write_flashing(tmp_path / "whole.mp4", SECONDS, FLASHES_S)
    source = remuxed(whole, tmp_path / "film.mp4", lambda _, time_s, packet: garbage(packet))
    film, notes = joined(source)
    assert (sound_of(film), notes) == (None, [NO_SOUND])
    assert flashes_in(film) == pytest.approx(FLASHES_S, abs=1e-3)


@pytest.mark.parametrize("sound", ["aac", "pcm_s16le"])
def test_a_gap_in_the_sound_does_not_move_the_rest(tmp_path, sound):
    whole = write_flashing(tmp_path / "whole.mkv", SECONDS, FLASHES_S, sound=sound)
    source = remuxed(whole, tmp_path / "film.mkv", lambda _, time_s, packet: None if 0.8 < time_s < 1.3 else packet)
    film, notes = joined(source)
    assert tones_in(film) == pytest.approx(FLASHES_S, abs=0.004)
    assert notes == []


def test_one_wrong_time_stamp_does_not_move_the_rest(tmp_path):
    def changed(index: int, time_s: float, packet: av.Packet) -> av.Packet:
        if index == 20:
            packet.pts += round(Fraction(3, 2) / packet.time_base)
        return packet

    whole = write_flashing(tmp_path / "whole.ts", SECONDS, FLASHES_S)
    film, notes = joined(remuxed(whole, tmp_path / "film.mkv", changed))
    assert tones_in(film)[-1] == pytest.approx(FLASHES_S[-1], abs=FRAME_S)
    assert notes == [DAMAGED_SOUND]


def test_the_sound_goes_on_where_time_stamps_jump_back(tmp_path):
    part = write_flashing(tmp_path / "part.ts", SECONDS, FLASHES_S).read_bytes()
    source = tmp_path / "film.ts"
    source.write_bytes(part + part)
    flashes_s = [*FLASHES_S, *(SECONDS + flash_s for flash_s in FLASHES_S)]
    film, _ = joined(source, end_s=2 * SECONDS, flashes_s=flashes_s)
    assert tones_in(film) == pytest.approx(flashes_s, abs=0.06)


def test_sound_that_is_converted_may_change_its_rate_and_channels(tmp_path):
    first = write_flashing(tmp_path / "first.ts", SECONDS, FLASHES_S, sound="mp2", rate=48_000)
    second = write_flashing(tmp_path / "second.ts", SECONDS, FLASHES_S, sound="mp2", rate=32_000, layout="stereo")
    source = tmp_path / "film.ts"
    source.write_bytes(first.read_bytes() + second.read_bytes())
    flashes_s = [*FLASHES_S, *(SECONDS + flash_s for flash_s in FLASHES_S)]
    film, _ = joined(source, end_s=2 * SECONDS, flashes_s=flashes_s)
    assert sound_of(film) == "aac"
    assert tones_in(film) == pytest.approx(flashes_s, abs=0.06)


def test_copied_sound_keeps_its_rate_because_players_stop_at_a_change(tmp_path):
    with av.open(str(write_flashing(tmp_path / "other.mkv", 1.0, [], sound="libmp3lame", rate=32_000))) as other:
        content = bytes(list(other.demux(audio=0))[10])

    def changed(index: int, time_s: float, packet: av.Packet) -> av.Packet:
        return replaced(packet, content) if index == 40 else packet

    whole = write_flashing(tmp_path / "whole.mkv", SECONDS, FLASHES_S, sound="libmp3lame", rate=44_100)
    film, notes = joined(remuxed(whole, tmp_path / "film.mkv", changed))
    with av.open(str(film)) as container:
        assert {frame.sample_rate for frame in container.decode(audio=0)} == {44_100}
    assert tones_in(film) == pytest.approx(FLASHES_S, abs=0.03)
    assert notes == [DAMAGED_SOUND]


def test_a_source_without_sound_gives_a_silent_film_without_a_note(tmp_path):
    source = tmp_path / "film.mp4"
    with av.open(str(source), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, width=64, height=64, pix_fmt="yuv420p")
        for _ in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        out.mux(stream.encode(None))
    film, notes = joined(source)
    assert (sound_of(film), notes) == (None, [])


def test_a_source_that_was_deleted_gives_a_silent_film_with_a_note(tmp_path):
    film, notes = joined(tmp_path / "film.mp4")
    assert (sound_of(film), notes) == (None, [NO_SOUND])


def test_sound_and_pictures_alternate_in_the_file(tmp_path):
    film, _ = joined(write_flashing(tmp_path / "film.mp4", SECONDS, FLASHES_S))
    ends_s = {"video": 0.0, "audio": 0.0}
    with av.open(str(film)) as container:
        packets = sorted((packet for packet in container.demux() if packet.size), key=lambda packet: packet.pos)
        for packet in packets:
            ends_s[packet.stream.type] = float(packet.pts * packet.time_base)
            assert abs(ends_s["video"] - ends_s["audio"]) < 1.1


def test_a_missing_segment_is_named(tmp_path):
    writer = written(tmp_path / "parts")
    (tmp_path / "parts" / "segment-000001.nut").unlink()
    with pytest.raises(InputError, match=r"segment-000001.nut is missing or damaged; delete its folder"):
        join_film(writer, tmp_path / "none", tmp_path / "film.mp4")
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize("content", [b"", b"not a segment " * 100])
def test_a_damaged_segment_is_named(tmp_path, content):
    writer = written(tmp_path / "parts")
    (tmp_path / "parts" / "segment-000002.nut").write_bytes(content)
    with pytest.raises(InputError, match=r"segment-000002.nut is missing or damaged"):
        join_film(writer, tmp_path / "none", tmp_path / "film.mp4")


def test_the_length_of_a_film_does_not_depend_on_its_segments(tmp_path):
    lengths = set()
    for name, ends in (("one", ()), ("two", (2,)), ("four", (0, 1, 2))):
        (tmp_path / name).mkdir()
        writer = FilmWriter(tmp_path / name)
        for number in range(4):
            writer.write_annotated(np.zeros((64, 64, 3), np.uint8), number / 5)
            if number in ends:
                writer.end_segment()
        writer.end_segment()
        film = tmp_path / f"{name}.mp4"
        join_film(writer, tmp_path / "none", film)
        with av.open(str(film)) as container:
            [stream] = container.streams.video
            lengths.add(float(stream.duration * stream.time_base))
    assert list(lengths) == pytest.approx([0.8])


def test_without_frames_no_film_is_written(tmp_path):
    assert join_film(FilmWriter(tmp_path), tmp_path / "none", tmp_path / "film.mp4") == []
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_film_is_replaced_only_when_the_new_one_is_whole(tmp_path):
    target = tmp_path / "film.mp4"
    target.write_bytes(b"earlier")
    writer = written(tmp_path / "parts")
    last = tmp_path / "parts" / "segment-000002.nut"
    content = last.read_bytes()
    last.unlink()
    with pytest.raises(InputError):
        join_film(writer, tmp_path / "none", target)
    assert target.read_bytes() == b"earlier"
    last.write_bytes(content)
    join_film(writer, tmp_path / "none", target)
    assert flashes_in(target) == pytest.approx(FLASHES_S, abs=1e-3)
