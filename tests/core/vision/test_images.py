"""What decode_image makes of real files, and the sentences for what it refuses."""

import io
import struct
import warnings
import zlib

import cv2
import numpy as np
import PIL.Image
import pytest

from core.exceptions import InputError
from core.vision.images import FORMATS, decode_image, encode_png, read_bytes, to_gray

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encode(picture: PIL.Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def flag() -> PIL.Image.Image:
    """Red on the left, blue on the right; 40 x 20."""
    picture = PIL.Image.new("RGB", (40, 20), RED)
    picture.paste(BLUE, (20, 0, 40, 20))
    return picture


def declared_png(width: int, height: int) -> bytes:
    """A PNG that says how big it is, and holds no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", FORMATS)
def test_formats_keep_size_order_and_colours(kind):
    image = decode_image(encode(flag(), kind))
    assert image.shape == (20, 40, 3)
    assert image.dtype == np.uint8
    np.testing.assert_allclose(image[10, 5], RED, atol=12)
    np.testing.assert_allclose(image[10, 35], BLUE, atol=12)


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("1", 1, WHITE),
        ("L", 77, (77, 77, 77)),
        ("LA", (77, 255), (77, 77, 77)),
        ("LA", (77, 0), WHITE),
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (0, 0, 0, 51), (204, 204, 204)),
    ],
)
def test_modes_of_png(mode, color, expected):
    image = decode_image(encode(PIL.Image.new(mode, (3, 2), color)))
    assert image.shape == (2, 3, 3)
    np.testing.assert_array_equal(image[0, 0], expected)


def test_palette_and_its_transparent_colour():
    picture = flag().convert("P")
    assert tuple(decode_image(encode(picture))[0, 0]) == RED
    transparent = encode(picture, transparency=picture.getpixel((0, 0)))
    assert tuple(decode_image(transparent)[0, 0]) == WHITE
    assert tuple(decode_image(transparent)[0, 39]) == BLUE
    assert tuple(decode_image(encode(picture, transparency=bytes([0] * 256)))[0, 39]) == WHITE


def test_cmyk_jpeg():
    image = decode_image(encode(PIL.Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG"))
    np.testing.assert_allclose(image[8, 8], RED, atol=12)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (257, 1), (32896, 128), (65535, 255)])
def test_sixteen_bits_of_gray_are_scaled_not_clipped(value, expected):
    data = encode(PIL.Image.fromarray(np.full((2, 3), value, np.uint16)))
    np.testing.assert_array_equal(decode_image(data), np.full((2, 3, 3), expected, np.uint8))


def test_sixteen_bits_of_colour():
    bgr = np.zeros((2, 3, 3), np.uint16)
    bgr[..., 2] = 65535
    bgr[..., 0] = 32896
    data = cv2.imencode(".png", bgr)[1].tobytes()
    np.testing.assert_array_equal(decode_image(data)[0, 0], (255, 0, 128))


# Where a viewer shows the corner that is stored top left (red), by EXIF orientation.
TURNS = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", TURNS)
def test_exif_turns(kind, orientation):
    stored = PIL.Image.new("RGB", (32, 16), WHITE)
    stored.paste(RED, (0, 0, 8, 8))
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    image = decode_image(encode(stored, kind, exif=exif))
    assert image.shape == ((16, 32, 3) if orientation < 5 else (32, 16, 3))
    np.testing.assert_allclose(image[TURNS[orientation]], RED, atol=30)


def test_damaged_exif_does_not_cost_the_picture():
    assert decode_image(encode(flag(), "JPEG", exif=b"Exif\x00\x00nonsense")).shape == (20, 40, 3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_first_picture_of_an_animation(kind):
    frames = [PIL.Image.new("RGB", (8, 8), color) for color in (RED, GREEN)]
    data = encode(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    assert tuple(decode_image(data)[0, 0]) == RED


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"just some text, no picture at all", "not a picture in a known format"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1", "HEIC"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00heicmif1", "HEIC"),
        (encode(flag(), "GIF"), "use JPEG, PNG, WebP or BMP"),
        (encode(flag(), "TIFF"), "use JPEG, PNG, WebP or BMP"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (declared_png(8001, 6250), "50 megapixels"),
        (declared_png(10_000, 10_000), "50 megapixels"),
        (declared_png(60_000, 60_000), "50 megapixels"),
        (declared_png(8000, 6250), "damaged"),
        (declared_png(0, 10), "not a picture|damaged"),
    ],
)
def test_refusals(data, sentence):
    with pytest.raises(InputError, match=sentence):
        decode_image(data)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9])
def test_files_cut_short_are_refused(kind, share):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode(PIL.Image.fromarray(noise), kind)
    with pytest.raises(InputError, match=r"damaged or cut short|not a picture"):
        decode_image(data[: int(len(data) * share)])


def test_random_damage_gives_a_picture_or_a_sentence():
    rng = np.random.default_rng(0)
    for kind in FORMATS:
        intact = np.frombuffer(encode(flag(), kind), np.uint8)
        for _ in range(100):
            damaged = intact.copy()
            damaged[rng.integers(0, len(intact), 4)] = rng.integers(0, 256, 4)
            try:
                assert decode_image(damaged.tobytes()).ndim == 3
            except InputError as error:
                assert str(error).endswith((".", ")."))


def test_no_warning_escapes_and_none_is_lost_afterwards():
    with pytest.raises(InputError):
        decode_image(declared_png(10_000, 10_000))
    with pytest.raises(UserWarning, match="still an error"):
        warnings.warn("still an error", UserWarning, stacklevel=1)


def test_read_bytes(tmp_path):
    path = tmp_path / "flag.png"
    path.write_bytes(encode(flag()))
    np.testing.assert_array_equal(decode_image(read_bytes(path)), np.asarray(flag()))


def test_read_bytes_refuses_what_is_no_file(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*nothing.png"):
        decode_image(read_bytes(tmp_path / "nothing.png"))
    with pytest.raises(InputError, match="There is no file"):
        decode_image(read_bytes(tmp_path))


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.bmp"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # sparse: takes no room on the disk
    with pytest.raises(InputError, match="50 megapixels"):
        decode_image(read_bytes(path))


def test_encode_png_is_lossless():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    np.testing.assert_array_equal(decode_image(encode_png(image)), image)
    assert tuple(decode_image(encode_png(image[..., 0]))[0, 0]) == (image[0, 0, 0],) * 3


def test_to_gray_weighs_red_green_and_blue():
    assert [int(to_gray(np.full((1, 1, 3), color, np.uint8))[0, 0]) for color in (RED, GREEN, BLUE)] == [76, 150, 29]
