"""Every format that people bring, and images that are refused by their header because of their size."""

import io
import threading

import numpy as np
import PIL.Image
import pytest
import skimage.data

from core.exceptions import InputError
from core.vision.formats import FORMAT_NAMES, SUFFIXES, SUFFIXES_BY_FORMAT, memory_per_pixel
from core.vision.images import decode_image
from tests.fixtures.pictures import BLUE, GREEN, RED, WHITE, encode, heic, png_of_zeros, red_blue_image

ASTRONAUT = skimage.data.astronaut()


def portrait(file_format: str, mode: str = "RGB", **options) -> bytes:
    return encode(PIL.Image.fromarray(ASTRONAUT).convert(mode), file_format, **options)


@pytest.mark.case("p1")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(portrait("GIF"), id="GIF"),
        pytest.param(portrait("TIFF"), id="TIFF"),
        pytest.param(portrait("TIFF", compression="tiff_lzw"), id="compressed TIFF"),
        pytest.param(portrait("TIFF", "CMYK"), id="CMYK TIFF"),
        pytest.param(portrait("AVIF"), id="AVIF"),
        pytest.param(portrait("AVIF", "RGBA"), id="AVIF with alpha"),
        pytest.param(heic("astronaut"), id="HEIC"),
        pytest.param(portrait("JPEG", progressive=True), id="progressive JPEG"),
        pytest.param(portrait("WEBP", "RGBA", lossless=True), id="lossless WebP with alpha"),
    ],
)
def test_the_portrait_looks_the_same_in_every_format(data):
    image = decode_image(data)
    assert (image.shape, image.dtype) == (ASTRONAUT.shape, np.uint8)
    assert np.abs(image.astype(int) - ASTRONAUT).mean() < 8


@pytest.mark.case("p1")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(encode(PIL.Image.new("F", (9, 8), 0.5), "TIFF"), (128, 128, 128), id="floats up to 1"),
        pytest.param(encode(PIL.Image.new("F", (9, 8), 77), "TIFF"), (77, 77, 77), id="floats up to 255"),
        pytest.param(encode(PIL.Image.new("F", (9, 8), -5), "TIFF"), (0, 0, 0), id="negative floats"),
        pytest.param(encode(PIL.Image.new("F", (9, 8), float("nan")), "TIFF"), (0, 0, 0), id="not a number"),
        pytest.param(encode(PIL.Image.new("I", (9, 8), 32896), "TIFF"), (128, 128, 128), id="32-bit integers"),
        pytest.param(encode(PIL.Image.new("I", (9, 8), 10**9), "TIFF"), WHITE, id="large integers"),
        pytest.param(encode(PIL.Image.new("1", (9, 8), 1), "TIFF", compression="group4"), WHITE, id="fax"),
        pytest.param(encode(PIL.Image.new("P", (9, 8), 0), "GIF", transparency=0), WHITE, id="transparent GIF"),
        pytest.param(encode(PIL.Image.new("YCbCr", (9, 8), (76, 85, 255)), "TIFF"), RED, id="YCbCr"),
    ],
)
def test_values_of_unusual_kinds_become_rgb(data, expected):
    np.testing.assert_allclose(decode_image(data), np.broadcast_to(expected, (8, 9, 3)), atol=2)


@pytest.mark.case("p1")
def test_heic_is_turned_once_and_its_primary_image_is_read_and_transparency_becomes_white():
    turned = decode_image(heic("turned"))
    assert turned.shape == (64, 32, 3)
    np.testing.assert_allclose(turned[2, -3], RED, atol=12)
    np.testing.assert_allclose(turned[2, 2], WHITE, atol=12)
    second = decode_image(heic("second_is_primary"))
    assert second.shape == (48, 64, 3)
    np.testing.assert_allclose(second[24, 32], GREEN, atol=12)
    transparent = decode_image(heic("transparent"))
    np.testing.assert_allclose(transparent[32, [5, 60]], [WHITE, BLUE], atol=12)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "GIF", "TIFF", "AVIF"])
def test_the_first_of_several_images_is_decoded(file_format):
    first, second = (PIL.Image.new("RGB", (8, 8), color) for color in (RED, GREEN))
    options = {"lossless": True} if file_format == "WEBP" else {}
    data = encode(first, file_format, save_all=True, append_images=[second], **options)
    np.testing.assert_allclose(decode_image(data)[0, 0], RED, atol=12)


def test_a_format_is_recognised_by_its_content_and_its_names_are_in_one_table():
    assert set(SUFFIXES) >= {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic"}
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)
    assert all(name in FORMAT_NAMES for name in SUFFIXES_BY_FORMAT)
    with pytest.raises(InputError, match=FORMAT_NAMES):
        decode_image(b"no image")


def test_heic_images_may_be_decoded_in_many_threads():
    results: list[int] = []
    data = heic("astronaut")
    threads = [threading.Thread(target=lambda: results.append(int(decode_image(data).sum()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8 and len(set(results)) == 1


@pytest.mark.case("p4")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(png_of_zeros(8000, 6250, 8, 6, rows=0), "50.0 megapixels", id="RGBA"),
        pytest.param(png_of_zeros(8000, 6250, 16, 4, rows=0), "50.0 megapixels", id="gray with alpha, 16 bits"),
        pytest.param(png_of_zeros(8000, 6250, 8, 2, rows=0), "50.0 megapixels", id="RGB"),
        pytest.param(png_of_zeros(10, 4_900_000, rows=0), "49.0 megapixels", id="narrow"),
        pytest.param(png_of_zeros(8000, 6250, 16, 0, rows=0), "50.0 megapixels", id="gray, 16 bits"),
        pytest.param(png_of_zeros(8000, 6250, 1, 0, rows=0), "50.0 megapixels", id="1 bit"),
        pytest.param(png_of_zeros(1, 39_000_000, rows=0), "1 x 39,000,000 pixels; its sides", id="a line"),
        pytest.param(png_of_zeros(20_001, 10, rows=0), "20,001 x 10 pixels; its sides", id="a band"),
    ],
)
def test_images_that_are_too_large_are_refused_by_their_header(data, message):
    assert refusal(data).startswith("This image has " + message)


def flat(file_format: str, mode: str = "RGB", size=(8000, 5000), **options) -> bytes:
    return encode(PIL.Image.new(mode, size), file_format, **options)


@pytest.mark.case("p4")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(flat("WEBP", size=(5200, 4100), method=0), id="WebP"),
        pytest.param(flat("JPEG", "CMYK", progressive=True), id="progressive CMYK"),
        pytest.param(flat("JPEG", progressive=True, subsampling=0), id="progressive without subsampling"),
    ],
)
def test_formats_whose_decoders_take_much_memory_have_lower_limits(data):
    message = refusal(data)
    assert "in a format that takes too much memory to read" in message and "save it as JPEG" in message


def refusal(data: bytes) -> str:
    """Return the message with which the image is refused, before any pixel is decoded."""
    loads = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PIL.ImageFile.ImageFile, "load_prepare", lambda image: loads.append(image))
        with pytest.raises(InputError) as error:
            decode_image(data)
    assert not loads
    return str(error.value)


@pytest.mark.parametrize(
    ("options", "expected"),
    [({}, 4 + 3), ({"progressive": True}, 4 + 3), ({"progressive": True, "subsampling": 0}, 4 + 6)],
)
def test_a_progressive_jpeg_takes_two_bytes_more_for_each_value(options, expected):
    with PIL.Image.open(io.BytesIO(encode(red_blue_image(), "JPEG", **options))) as image:
        assert memory_per_pixel(image) == expected
