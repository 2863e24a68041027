"""What is known of a film before it is read, and what is refused."""

import os
import socket
import threading
from fractions import Fraction

import av
import numpy as np
import PIL.Image
import pytest

from core.exceptions import InputError
from core.video.files.reading.opening import film_formats, open_film
from core.vision.formats import MAX_PIXELS
from tests.core.video.files.films import images, numbered, write_film, write_sound


def facts(path):
    with open_film(path) as film:
        return film.facts


def refusal(path):
    with pytest.raises(InputError) as raised, open_film(path):
        pass
    message = str(raised.value)
    assert len(message) <= 300 and message.endswith("."), message
    return message


def test_the_facts_of_a_plain_film(tmp_path):
    found = facts(write_film(tmp_path / "film.mp4", images(15), sound_s=0.5))
    assert found.seconds == pytest.approx(0.5)
    assert found.frames_per_s == pytest.approx(30)
    assert (found.size_wh, found.zero) == ((96, 64), 0)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_the_size_is_that_of_the_upright_image_with_square_pixels(tmp_path, rotation):
    film = write_film(tmp_path / "film.mp4", images(2), rotation=rotation, pixel_aspect=Fraction(3, 2))
    assert facts(film).size_wh == ((64, 144) if rotation != 180 else (144, 64))


def test_a_start_that_is_not_zero_is_the_beginning_of_the_film(tmp_path):
    found = facts(write_film(tmp_path / "film.mp4", images(15), start_s=2))
    assert found.zero == 2 and found.seconds == pytest.approx(0.5)


def test_a_film_that_does_not_say_how_long_it_is_has_no_length(tmp_path):
    assert facts(write_film(tmp_path / "film.h264", images(5))).seconds is None


def test_an_absurd_pixel_ratio_is_ignored(tmp_path):
    assert facts(write_film(tmp_path / "film.mp4", images(2), pixel_aspect=Fraction(100, 1))).size_wh == (96, 64)


@pytest.mark.parametrize("name", ["missing.mp4", "missing/film.mp4", "nul\0.mp4", "a" * 300 + ".mp4"])
def test_a_name_without_a_file(tmp_path, name):
    assert "check" in refusal(tmp_path / name)


def test_a_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "film.mp4")
    assert "device or a pipe" in refusal(tmp_path / "film.mp4")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    film = write_film(tmp_path / "film.mp4", images(2))
    film.chmod(0)
    assert "permissions" in refusal(film)


def test_an_empty_file(tmp_path):
    (tmp_path / "film.mp4").touch()
    assert "is empty" in refusal(tmp_path / "film.mp4")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"),
        (b'<?xml version="1.0"?>\n<html></html>', "is a web page"),
        (b"#EXTM3U\n#EXTINF:3,\nfilm.ts\n", "is a list of addresses"),
        ("Ein Text über einen Film.\n".encode() * 50, "is a text"),
        (b"1\n00:00:00,000 --> 00:00:02,000\nHello\n", "has no pictures"),
        (bytes(range(256)) * 40, "not a film in a known format"),
        (b"PK\x03\x04" + bytes(100), "not a film in a known format"),
    ],
)
def test_files_of_other_kinds(tmp_path, content, words):
    (tmp_path / "film.mp4").write_bytes(content)
    assert words in refusal(tmp_path / "film.mp4")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP", "AVIF"])
def test_an_image_that_is_called_a_film(tmp_path, kind):
    PIL.Image.fromarray(numbered(1)).save(tmp_path / "film.mp4", kind)
    assert f"is an image ({kind})" in refusal(tmp_path / "film.mp4")


def test_sound_alone(tmp_path):
    assert "has sound but no pictures" in refusal(write_sound(tmp_path / "sound.mp4"))


def test_the_cover_of_a_piece_of_music_is_no_film(tmp_path):
    # a mark in the header makes the only video stream of this film a cover
    film = write_film(tmp_path / "film.mkv", images(1), sound_s=0.2, codec="mjpeg", pix_fmt="yuvj420p")
    with av.open(str(film)) as source, av.open(str(tmp_path / "song.mp4"), "w") as song:
        streams = {stream.index: song.add_stream_from_template(stream) for stream in source.streams}
        streams[0].disposition = av.stream.Disposition.attached_pic
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                song.mux(packet)
    with av.open(str(tmp_path / "song.mp4")) as song:
        assert song.streams.video[0].disposition & av.stream.Disposition.attached_pic
    assert "has sound but no pictures" in refusal(tmp_path / "song.mp4")


@pytest.mark.parametrize("chosen", [0, 1])
def test_of_several_streams_the_default_is_read(tmp_path, chosen):
    with av.open(str(tmp_path / "film.mkv"), "w") as out:
        sizes = [(96, 64), (80, 48)]
        streams = [out.add_stream("mpeg4", rate=30) for _ in sizes]
        for stream, (stream.width, stream.height) in zip(streams, sizes, strict=True):
            stream.disposition = av.stream.Disposition.default if stream is streams[chosen] else 0
        for number in range(3):
            for stream, size in zip(streams, sizes, strict=True):
                frame = av.VideoFrame.from_ndarray(numbered(number, size))
                frame.pts, frame.time_base = number, Fraction(1, 30)
                out.mux(stream.encode(frame))
        for stream in streams:
            out.mux(stream.encode(None))
    assert facts(tmp_path / "film.mkv").size_wh == sizes[chosen]


def test_an_encrypted_film(tmp_path):
    encryption = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
        "encryption_kid": "a7e61c373e219033c21091fa607bf3b8",
    }
    assert "is encrypted" in refusal(write_film(tmp_path / "film.mp4", images(5), container_options=encryption))


def test_an_unknown_codec_is_named(tmp_path):
    film = write_film(tmp_path / "film.mp4", images(5))
    content = film.read_bytes()
    place = content.rindex(b"avc1")
    film.write_bytes(content[:place] + b"zqx1" + content[place + 4 :])
    level = av.logging.get_level()
    assert "video codec zqx1" in refusal(film)
    assert av.logging.get_level() == level


def test_a_film_that_is_larger_than_the_limit(tmp_path):
    side = int(MAX_PIXELS**0.5) + 2
    film = write_film(
        tmp_path / "film.avi",
        [np.zeros((side, side), np.uint8)],
        codec="rawvideo",
        pix_fmt="gray",
        source_format="gray",
    )
    assert "megapixels" in refusal(film)


def test_8k_is_read(tmp_path):
    film = write_film(
        tmp_path / "film.mp4", [np.full((4320, 7680, 3), 90, np.uint8)], codec="mjpeg", pix_fmt="yuvj420p"
    )
    with open_film(film) as opened:
        assert opened.facts.size_wh == (7680, 4320)


def test_an_mp4_without_its_index_is_an_unfinished_recording(tmp_path):
    content = write_film(tmp_path / "film.mp4", images(20)).read_bytes()
    (tmp_path / "film.mp4").write_bytes(content[: len(content) // 2])
    assert "recording was not finished" in refusal(tmp_path / "film.mp4")


def test_a_film_of_which_nothing_can_be_decoded(tmp_path):
    film = write_film(tmp_path / "film.mp4", images(5))
    content = bytearray(film.read_bytes())
    start = content.index(b"mdat") + 4
    content[start : content.index(b"moov") - 4] = bytes(content.index(b"moov") - 4 - start)
    film.write_bytes(content)
    assert "No frame of film.mp4 can be decoded" in refusal(film)


@pytest.mark.parametrize("name", ["hls", "dash", "concat", "image2", "png_pipe", "tty", "lavfi", "rtsp", "x11grab"])
def test_formats_that_open_something_else_are_not_read(name):
    formats = film_formats().split(",")
    assert name not in formats and {"mp4", "matroska", "webm", "avi", "mpegts", "flv", "ogg"} <= set(formats)


def playlists(address):
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{address}\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile '{address}'\n",
        "dash": f'<?xml version="1.0"?><MPD type="static" xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet '
        f'mimeType="video/mp4"><Representation id="1"><BaseURL>{address}</BaseURL></Representation></AdaptationSet>'
        "</Period></MPD>",
        "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
    }


@pytest.mark.parametrize("kind", ["hls", "concat", "dash", "sdp"])
@pytest.mark.parametrize("name", ["film.mp4", "film.m3u8", "film.mpd", "film.sdp"])
def test_lists_do_not_lead_to_other_files(tmp_path, kind, name):
    secret = write_film(tmp_path / "secret.ts", images(5))
    (tmp_path / name).write_text(playlists(secret)[kind])
    assert "is a list of addresses" in refusal(tmp_path / name)


@pytest.mark.parametrize("kind", ["hls", "concat", "dash"])
def test_lists_do_not_lead_to_the_network(tmp_path, kind):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/film.ts"
        (tmp_path / "film.mp4").write_text(playlists(address)[kind])
        visited = threading.Event()

        def wait_for_a_visit():
            try:
                server.accept()[0].close()
                visited.set()
            except TimeoutError:
                pass

        waiting = threading.Thread(target=wait_for_a_visit)
        waiting.start()
        refusal(tmp_path / "film.mp4")
        waiting.join()
        assert not visited.is_set()


def test_an_mp4_that_points_to_another_file_does_not_read_it(tmp_path):
    content = write_film(tmp_path / "film.mp4", images(5)).read_bytes()
    # the samples are said to be in another file, which exists
    (tmp_path / "other.mp4").write_bytes(content)
    place = content.index(b"dref")
    alias = b"url \x00\x00\x00\x00" + f"file://{tmp_path}/other.mp4".encode() + b"\0"
    box = (len(alias) + 4).to_bytes(4) + alias
    start, growth = place - 4, len(box) - 12
    assert content[place + 16 : place + 20] == b"url "
    changed = bytearray(content[: place + 12] + box + content[place + 24 :])
    changed[start : start + 4] = (int.from_bytes(content[start : start + 4]) + growth).to_bytes(4)
    for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
        at = changed.index(name) - 4
        changed[at : at + 4] = (int.from_bytes(changed[at : at + 4]) + growth).to_bytes(4)
    data = changed.index(b"mdat") + 4
    changed[data : changed.index(b"moov") - 4] = bytes(changed.index(b"moov") - 4 - data)
    (tmp_path / "film.mp4").write_bytes(changed)
    refusal(tmp_path / "film.mp4")
