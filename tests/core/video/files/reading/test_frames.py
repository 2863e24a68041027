"""The frames of intact films: which they are, when they are shown, and how they look."""

from fractions import Fraction

import av
import numpy as np
import pytest

from core.exceptions import InputError
from core.video.files.reading.clock import FilmClock
from core.video.files.reading.conversion import on_white
from core.video.files.reading.frames import FilmFrames
from core.video.files.reading.opening import open_film
from core.video.files.reading.tones import HDR_TABLES, HLG, PQ
from tests.core.video.files.films import images, is_upright, number_in, numbered, write_film


def read(path, start_s=0.0, end_s=None):
    """Return (number, time in seconds, number on the image) per frame, and the notes."""
    with open_film(path) as film:
        frames = FilmFrames(film, start_s, end_s)
        rows = [(frame.number, frame.time_s, number_in(frame.image())) for frame in frames]
        assert frames.frames == len(rows)
        return rows, frames.notes()


def first_image(path):
    with open_film(path) as film:
        return next(iter(FilmFrames(film))).image()


def check(path, times, within=1e-6):
    rows, notes = read(path)
    assert [(number, shown) for number, _, shown in rows] == [(index, index) for index in range(len(times))]
    assert [time_s for _, time_s, _ in rows] == pytest.approx(times, abs=within)
    assert notes == []


@pytest.mark.parametrize("rate", [24, 30, Fraction(30_000, 1001)])
@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize(("suffix", "within"), [("mp4", 1e-6), ("ts", 2e-5), ("mkv", 6e-4)])
def test_each_frame_comes_once_at_its_time(tmp_path, rate, b_frames, suffix, within):
    film = write_film(tmp_path / f"film.{suffix}", images(30), rate=rate, b_frames=b_frames)
    check(film, [float(index / Fraction(rate)) for index in range(30)], within)


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [
        *[("webm", "libvpx"), ("webm", "libvpx-vp9"), ("mp4", "libx265"), ("mpg", "mpeg2video"), ("mov", "mjpeg")],
        *[("avi", "mjpeg"), ("flv", "libx264"), ("ogv", "libvpx"), ("mkv", "ffv1"), ("nut", "libx264")],
    ],
)
def test_films_of_many_formats(tmp_path, suffix, codec):
    film = write_film(
        tmp_path / f"film.{suffix}", images(12), codec=codec, pix_fmt="yuvj420p" if codec == "mjpeg" else "yuv420p"
    )
    rows, notes = read(film)
    assert [(number, shown) for number, _, shown in rows] == [(index, index) for index in range(12)]
    assert np.diff([time_s for _, time_s, _ in rows]) == pytest.approx(1 / 30, abs=2e-3)
    assert notes == []


def test_an_animated_gif_is_a_film(tmp_path):
    check(write_film(tmp_path / "film.gif", images(5), codec="gif", pix_fmt="rgb8", rate=10), [0, 0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_variable_rate_is_kept(tmp_path, b_frames):
    times = [0, 0.04, 0.2, 0.21, 0.35, 1.0, 1.5, 1.51, 1.52, 3.0]
    check(write_film(tmp_path / "film.mp4", images(10), times=times, b_frames=b_frames), times, 1e-5)


def test_a_start_that_is_not_zero_is_taken_off_exactly(tmp_path):
    film = write_film(tmp_path / "film.ts", images(10), start_s=7 / 3)
    rows, _ = read(film)
    assert rows[0][1] == 0
    assert [time_s for _, time_s, _ in rows] == pytest.approx([index / 30 for index in range(10)], abs=2e-5)


def test_pictures_that_begin_after_the_sound_begin_late(tmp_path):
    rows, _ = read(write_film(tmp_path / "film.mkv", images(10), start_s=0.5, sound_s=1))
    assert rows[0][1] == pytest.approx(0.5, abs=0.025)


def test_a_film_without_time_stamps_is_counted_at_25_frames_per_second(tmp_path):
    rows, notes = read(write_film(tmp_path / "film.h264", images(10), b_frames=2))
    assert [time_s for _, time_s, _ in rows] == pytest.approx([index / 25 for index in range(10)])
    assert len(notes) == 1 and "no time stamps" in notes[0] and "25 frames per second" in notes[0]


def test_a_film_of_one_frame(tmp_path):
    check(write_film(tmp_path / "film.mp4", images(1)), [0])


@pytest.mark.parametrize("gop", [5, 12, 250])
@pytest.mark.parametrize("b_frames", [0, 2])
@pytest.mark.parametrize("start_s", [0.01, 0.5, 0.517, 0.99])
@pytest.mark.parametrize("suffix", ["mp4", "ts"])
def test_a_later_start_gives_the_same_frames_as_the_whole_film(tmp_path, gop, b_frames, start_s, suffix):
    film = write_film(tmp_path / f"film.{suffix}", images(30), gop=gop, b_frames=b_frames, start_s=1)
    whole, _ = read(film)
    part, notes = read(film, start_s, 0.8)
    assert part == [row for row in whole if start_s <= row[1] < 0.8] and notes == []


def test_open_groups_of_pictures_are_counted_from_a_later_start(tmp_path):
    options = {"x265-params": "open-gop=1:keyint=8:min-keyint=8:bframes=3:b-adapt=0:scenecut=0:log-level=none"}
    film = write_film(tmp_path / "film.mp4", images(40), codec="libx265", options=options)
    whole, _ = read(film)
    assert [row for row in whole if row[1] >= 0.9] == read(film, 0.9)[0]


def test_frames_before_a_later_start_are_not_decoded(tmp_path, monkeypatch):
    film = write_film(tmp_path / "film.mp4", images(48), gop=12)
    decoded = []
    from core.video.files.reading import frames

    original = frames.decode
    monkeypatch.setattr(frames, "decode", lambda stream, packet: decoded.append(packet) or original(stream, packet))
    assert [number for number, _, _ in read(film, 1.3)[0]] == list(range(39, 48))
    assert len(decoded) == 12 + 1  # the last group of pictures, and the end


def test_a_start_after_the_end_gives_no_frames(tmp_path):
    assert read(write_film(tmp_path / "film.mp4", images(10)), 5.0) == ([], [])


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turned_films_are_turned_upright(tmp_path, rotation, flip):
    upright = numbered(37)
    # what the camera stores: turning it by `rotation` counterclockwise, then mirroring, must give the upright image
    stored = np.rot90(upright[:, ::-1] if flip else upright, -rotation // 90)
    image = first_image(write_film(tmp_path / "film.mp4", [stored], rotation=rotation, flip=flip))
    assert image.shape == upright.shape and is_upright(image) and number_in(image) == 37
    assert image.flags.c_contiguous


def test_pixels_that_are_not_square_are_made_square(tmp_path):
    narrow = numbered(5, (64, 64))
    image = first_image(write_film(tmp_path / "film.mp4", [narrow], pixel_aspect=Fraction(2, 1)))
    assert image.shape == (64, 128, 3) and number_in(image) == 5


@pytest.mark.parametrize("size_wh", [(95, 63), (1, 1), (17, 64), (64, 33)])
def test_odd_sides_are_kept(tmp_path, size_wh):
    image = first_image(
        write_film(tmp_path / "film.mkv", [np.full((*size_wh[::-1], 3), 90, np.uint8)], codec="ffv1", pix_fmt="yuv420p")
    )
    assert image.shape == (*size_wh[::-1], 3) and np.abs(image.astype(int) - 90).max() <= 2


GRAY, RED, GREEN = (128, 128, 128), (200, 40, 40), (20, 160, 60)


@pytest.mark.parametrize("color", [(0, 0, 0), (255, 255, 255), GRAY, RED, GREEN])
@pytest.mark.parametrize(
    "pix_fmt", ["yuv420p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuva420p", "bgr0", "gbrp10le"]
)
def test_colours_come_back(tmp_path, color, pix_fmt):
    film = write_film(tmp_path / "film.mkv", [np.full((32, 48, 3), color, np.uint8)], codec="ffv1", pix_fmt=pix_fmt)
    assert np.abs(first_image(film).astype(int) - color).max() <= 4


@pytest.mark.parametrize(("colorspace", "color_range"), [(1, 1), (1, 2), (5, 1), (5, 2), (9, 1)])
def test_colours_of_each_standard_come_back(tmp_path, colorspace, color_range):
    film = tmp_path / "film.mkv"
    source = av.VideoFrame.from_ndarray(np.full((32, 48, 3), RED, np.uint8))
    frame = source.reformat(format="yuv444p", dst_colorspace=colorspace, dst_color_range=color_range)
    with av.open(str(film), "w") as out:
        stream = out.add_stream("ffv1", rate=30)
        stream.width, stream.height, stream.pix_fmt = 48, 32, "yuv444p"
        stream.codec_context.colorspace, stream.codec_context.color_range = colorspace, color_range
        frame.pts, frame.time_base = 0, Fraction(1, 30)
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert np.abs(first_image(film).astype(int) - RED).max() <= 4


def test_a_gray_film(tmp_path):
    film = write_film(
        tmp_path / "film.mkv", [np.full((32, 48), 77, np.uint8)], codec="ffv1", pix_fmt="gray", source_format="gray"
    )
    assert np.unique(first_image(film)).tolist() == [77]


def test_transparent_parts_are_white(tmp_path):
    picture = np.zeros((32, 48, 4), np.uint8)
    picture[:, 24:] = 10, 20, 30, 255
    picture[:, :8] = 0, 0, 0, 128
    image = first_image(
        write_film(tmp_path / "film.apng", [picture] * 2, codec="apng", pix_fmt="rgba", source_format="rgba")
    )
    assert image[0, 0].tolist() == [127] * 3 and image[0, 12].tolist() == [255] * 3
    assert image[0, 40].tolist() == [10, 20, 30]
    assert on_white(picture).dtype == np.uint8


def test_an_image_may_be_drawn_on_without_changing_later_frames(tmp_path):
    film = write_film(tmp_path / "film.apng", [numbered(3)] * 3, codec="apng", pix_fmt="rgb24")
    with open_film(film) as opened:
        for frame in FilmFrames(opened):
            image = frame.image()
            assert number_in(image) == 3 and (image == numbered(3)).all()
            image[:] = 0


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_hdr_is_shown_as_on_an_ordinary_screen(tmp_path, transfer):
    ordinary, hdr = (
        write_film(
            tmp_path / f"{curve}.mkv",
            images(3),
            codec="ffv1",
            pix_fmt="yuv420p10le",
            colors={"colorspace": 9, "color_range": 1, "color_trc": curve, "color_primaries": 9},
        )
        for curve in (1, transfer)
    )
    assert (first_image(hdr) == HDR_TABLES[transfer][first_image(ordinary)]).all()
    _, notes = read(hdr)
    assert len(notes) == 1 and "HDR" in notes[0]


def test_the_tables_for_hdr_are_right_for_known_brightnesses():
    # signal of PQ at 0, 100 and 203 nits (ITU-R BT.2100), as parts of 255
    dark, skin, white = HDR_TABLES[PQ][[0, round(0.508 * 255), round(0.581 * 255)]]
    assert dark == 0 and 175 <= skin <= 195 and 235 <= white <= 248 and HDR_TABLES[PQ][255] == 255
    assert 235 <= HDR_TABLES[HLG][round(0.75 * 255)] <= 248  # the signal of white, by ITU-R BT.2408
    for table in HDR_TABLES.values():
        assert (np.diff(table.astype(int)) >= 0).all()


def test_unknown_colour_standards_do_not_stop_a_film(tmp_path):
    film = write_film(tmp_path / "film.mkv", images(2), codec="ffv1", colors={"colorspace": 8, "color_trc": 7})
    assert [shown for _, _, shown in read(film)[0]] == [0, 1]


def test_the_size_may_change_in_the_middle(tmp_path):
    film = tmp_path / "film.ts"
    parts = [
        write_film(tmp_path / f"{index}.ts", images(6, size), start_s=index / 5)
        for index, size in enumerate([(96, 64), (128, 96)])
    ]
    film.write_bytes(b"".join(part.read_bytes() for part in parts))
    with open_film(film) as opened:
        frames = FilmFrames(opened)
        shapes = [frame.image().shape for frame in frames]
    assert shapes == [(64, 96, 3)] * 6 + [(96, 128, 3)] * 6
    assert "The size of the frames changes once in the film." in frames.notes()


def test_two_reads_give_the_same(tmp_path):
    film = write_film(tmp_path / "film.mp4", images(20), b_frames=2)
    assert read(film) == read(film)


def clock():
    return FilmClock(Fraction(1, 1000), Fraction(0), 0.04, rate_is_known=True)


def test_equal_and_swapped_time_stamps_stay_in_order_without_moving_the_rest():
    times = list(map(clock().time_s, [0, 40, 40, 120, 80, 160, 200]))
    assert times == sorted(set(times)) and times[-1] == pytest.approx(0.2)


def test_after_a_jump_back_times_go_on_from_the_frame_before():
    film_clock = clock()
    times = [film_clock.time_s(pts) for pts in [0, 40, 80, 10, 50, 90]] + [film_clock.time_s(5000)]
    assert times[:3] == pytest.approx([0, 0.04, 0.08])
    assert times == sorted(set(times))
    back = clock()
    assert [back.time_s(pts) for pts in [0, 1000, 2000, 0, 40, 80]] == pytest.approx([0, 1, 2, 2.04, 2.08, 2.12])
    assert back.notes() == [
        "The time stamps of the film jump back in one place; its times go on from the frame before."
    ]


def test_a_pixel_format_that_cannot_be_converted_is_a_sentence(tmp_path, monkeypatch):
    from core.video.files.reading import conversion

    film = write_film(tmp_path / "film.mp4", images(2))

    class Scaler:
        def reformat(self, *arguments, **options):
            raise av.error.OSError(95, "Operation not supported")

    monkeypatch.setattr(conversion, "VideoReformatter", Scaler)
    with pytest.raises(InputError, match="stores its pixels as yuv420p"), open_film(film):
        pass
