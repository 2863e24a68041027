"""Decoding image files, errors for files that are refused, and conversions of images."""

import warnings

import cv2
import numpy as np
import PIL.Image
import pytest

from core.exceptions import InputError
from core.vision.formats import FORMATS
from core.vision.images import decode_image, encode_png, read_bytes, to_gray
from tests.fixtures.pictures import BLUE, GREEN, RED, WHITE, encode, png_of_zeros, red_blue_image


@pytest.mark.parametrize("file_format", FORMATS)
def test_all_formats_keep_size_orientation_and_colours(file_format):
    image = decode_image(encode(red_blue_image(), file_format))
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
@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_gray_files_become_rgb_and_transparent_ones_are_blended_with_white(file_format, mode, color, expected):
    image = decode_image(encode(PIL.Image.new(mode, (3, 2), color), file_format))
    assert image.shape == (2, 3, 3)
    np.testing.assert_array_equal(image[0, 0], expected)


def test_palette_images_become_rgb_and_their_transparent_colours_become_white():
    image = red_blue_image().convert("P")
    assert tuple(decode_image(encode(image))[0, 0]) == RED
    transparent = encode(image, transparency=image.getpixel((0, 0)))
    assert tuple(decode_image(transparent)[0, 0]) == WHITE
    assert tuple(decode_image(transparent)[0, 39]) == BLUE
    assert tuple(decode_image(encode(image, transparency=bytes([0] * 256)))[0, 39]) == WHITE


@pytest.mark.parametrize("file_format", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(file_format):
    image = decode_image(encode(PIL.Image.new("CMYK", (16, 16), (0, 255, 255, 0)), file_format))
    np.testing.assert_allclose(image[8, 8], RED, atol=12)


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
@pytest.mark.parametrize(("value", "expected"), [(0, 0), (257, 1), (32896, 128), (65535, 255)])
def test_16_bit_gray_is_scaled_to_8_bits_and_not_clipped(file_format, value, expected):
    data = encode(PIL.Image.fromarray(np.full((2, 3), value, np.uint16)), file_format)
    np.testing.assert_array_equal(decode_image(data), np.full((2, 3, 3), expected, np.uint8))


def test_16_bit_colour_is_scaled_to_8_bits():
    bgr = np.zeros((2, 3, 3), np.uint16)
    bgr[..., 2] = 65535
    bgr[..., 0] = 32896
    data = cv2.imencode(".png", bgr)[1].tobytes()
    np.testing.assert_array_equal(decode_image(data)[0, 0], (255, 0, 128))


def test_strips_of_a_large_image_are_put_together_in_order():
    rows = np.arange(2000, dtype=np.uint16).astype(np.uint8)
    image = np.broadcast_to(rows[:, np.newaxis, np.newaxis], (2000, 1200, 3))
    np.testing.assert_array_equal(decode_image(encode_png(np.ascontiguousarray(image))), image)


# EXIF orientation -> index of the corner in which a viewer shows the top left corner of the stored pixels.
CORNERS = {1: (0, 0), 2: (0, -1), 3: (-1, -1), 4: (-1, 0), 5: (0, 0), 6: (0, -1), 7: (-1, -1), 8: (-1, 0)}


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", CORNERS)
def test_exif_orientation_is_applied(file_format, orientation):
    stored = PIL.Image.new("RGB", (32, 16), WHITE)
    stored.paste(RED, (0, 0, 8, 8))
    exif = PIL.Image.Exif()
    exif[0x0112] = orientation
    image = decode_image(encode(stored, file_format, exif=exif))
    assert image.shape == ((16, 32, 3) if orientation < 5 else (32, 16, 3))
    np.testing.assert_allclose(image[CORNERS[orientation]], RED, atol=30)


def test_damaged_exif_data_is_ignored():
    assert decode_image(encode(red_blue_image(), "JPEG", exif=b"Exif\x00\x00nonsense")).shape == (20, 40, 3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"just some text, no image at all", "not an image in a supported format"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1", "damaged"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
        (png_of_zeros(8001, 5000, rows=0), "40.0 megapixels; images may have up to 40"),
        (png_of_zeros(10_000, 10_000, rows=0), "100.0 megapixels"),
        (png_of_zeros(60_000, 60_000, rows=0), "more than 40 megapixels"),
        (png_of_zeros(8000, 5000, rows=0), "damaged"),
        (png_of_zeros(0, 10, rows=0), "not an image|damaged"),
    ],
)
def test_files_that_are_unsupported_or_damaged_or_too_large_are_refused(data, message):
    with pytest.raises(InputError, match=message):
        decode_image(data)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9])
def test_files_that_end_too_early_are_refused(file_format, share):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    data = encode(PIL.Image.fromarray(noise), file_format)
    with pytest.raises(InputError, match=r"damaged or incomplete|not an image"):
        decode_image(data[: int(len(data) * share)])


def test_warnings_are_ignored_only_while_decoding():
    with pytest.raises(InputError):
        decode_image(png_of_zeros(10_000, 10_000, rows=0))
    # pyproject.toml turns warnings into errors in all tests.
    with pytest.raises(UserWarning, match="still an error"):
        warnings.warn("still an error", UserWarning, stacklevel=1)


def test_read_bytes_returns_the_content_of_an_image_file(tmp_path):
    path = tmp_path / "image.png"
    path.write_bytes(encode(red_blue_image()))
    np.testing.assert_array_equal(decode_image(read_bytes(path)), np.asarray(red_blue_image()))


def test_read_bytes_refuses_folders_and_missing_files(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*nothing.png"):
        decode_image(read_bytes(tmp_path / "nothing.png"))
    with pytest.raises(InputError, match="There is no file"):
        decode_image(read_bytes(tmp_path))


def test_a_huge_file_is_refused_for_its_megabytes_on_disk_and_in_memory(tmp_path):
    path = tmp_path / "huge.bmp"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # sparse, so it takes no disk space
    with pytest.raises(InputError, match="954 MB; images may have up to 60 MB"):
        read_bytes(path)
    with pytest.raises(InputError, match="62 MB; images may have up to 60 MB"):
        decode_image(bytes(62 * 1024**2))


def test_encode_png_is_lossless():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    np.testing.assert_array_equal(decode_image(encode_png(image)), image)
    assert tuple(decode_image(encode_png(image[..., 0]))[0, 0]) == (image[0, 0, 0],) * 3


def test_to_gray_weights_the_channels_as_in_bt_601():
    assert [int(to_gray(np.full((1, 1, 3), color, np.uint8))[0, 0]) for color in (RED, GREEN, BLUE)] == [76, 150, 29]


def test_a_lock_lets_only_one_image_be_decoded_at_a_time(monkeypatch):
    held = []

    class Lock:
        def __enter__(self):
            held.append("taken")

        def __exit__(self, *_):
            held.append("free")

        def note_size(self, size_bytes):
            held.append(size_bytes)

        def return_memory(self):
            held.append("returned")

    real_open = PIL.Image.open
    monkeypatch.setattr("core.vision.images.image_lock", Lock())
    monkeypatch.setattr(PIL.Image, "open", lambda *a, **k: held.append("open") or real_open(*a, **k))
    decode_image(encode(red_blue_image()))
    assert held == ["taken", "open", 3 * 40 * 20, "returned", "free"]
