"""The sentences for files that are no films, and for films that cannot be read."""

import io
import os
import re
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import PIL.Image

from core.exceptions import InputError, shortened
from core.vision.formats import FORMATS, MAX_PIXELS
from core.vision.heic import is_heic

HEAD_BYTES = 65_536
"""Bytes at the beginning of a file by which its kind is recognised."""

LIST_STARTS = (b"#extm3u", b"[playlist]", b"<mpd", b"<asx", b"ffconcat", b"v=0\r", b"v=0\n")
"""The beginnings, in small letters, of files that only hold the addresses of films."""

MP4_BOXES = (b"ftyp", b"mdat", b"free", b"skip", b"wide", b"moov", b"moof", b"styp", b"sidx", b"uuid", b"pnot")
"""Types of the boxes on the top level of MP4 and MOV files."""

CONVERT = "convert it to MP4 (H.264)"


def refuse_no_file(path: Path) -> None:
    """Raise InputError if there is no regular file with this name, or if it is empty. Opens nothing."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise InputError(f"There is no file {shortened(path, 120)}; check the name.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid name"
        raise InputError(f"{shortened(path, 120)} cannot be read ({reason}); check its name and permissions.") from None
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{shortened(path, 120)} is a folder; name a film in it.")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{shortened(path, 120)} is a device or a pipe, not a file; save the film as a file.")
    if not found.st_size:
        raise InputError(f"{name_of(path)} is empty; use an intact copy of the film.")


def name_of(path: Path) -> str:
    """Return the name of a file as part of a message."""
    return shortened(path.name, 80)


def not_readable(path: Path, error: OSError) -> InputError:
    """Return the error for a file that the system refuses to read."""
    return InputError(f"{name_of(path)} cannot be read ({error.strerror}); check its permissions.")


def not_a_film(path: Path, file: io.FileIO) -> InputError:
    """Return the error for a file that is in none of the formats for films, by what it looks like."""
    head = head_of(file)
    if kind := image_kind(head)[0]:
        return picture(path, kind)
    if what := _text_kind(head):
        return InputError(f"{name_of(path)} is {what}, not a film; download or save the film itself.")
    if head[4:8] in MP4_BOXES and not _has_index(file):
        return InputError(
            f"{name_of(path)} has no index of its frames: the recording was not finished, or the copy is incomplete. "
            "Copy it again, or repair it with a video editor."
        )
    return InputError(f"{name_of(path)} is damaged, or not a film in a known format; {CONVERT}, or use another copy.")


def head_of(file: io.FileIO) -> bytes:
    """Return the first bytes of a file, and put it back to its beginning."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    return head


def picture(path: Path, kind: str) -> InputError:
    """Return the error for a file that is one image."""
    return InputError(
        f"{name_of(path)} is an image ({kind}), not a film; read it as a photo, or with `python -m core predict`."
    )


def still_image(head: bytes) -> str | None:
    """Return the format of an image file from its first bytes; None if it is none, or may be an animation."""
    kind, may_move = image_kind(head)
    return None if may_move else kind


def image_kind(head: bytes) -> tuple[str | None, bool]:
    """Return the format of an image file, None for other files, and whether it may be an animation."""
    if head[4:12] in (b"ftypavif", b"ftypmif1") or is_heic(head):
        return "AVIF" if b"avif" in head[8:32] else "HEIC", False
    try:
        with warnings.catch_warnings(action="ignore"), PIL.Image.open(io.BytesIO(head), formats=FORMATS) as opened:
            kind = opened.format or "image"
    except Exception:  # damaged images raise exceptions of many types
        return None, False
    moving = {"PNG": b"acTL" in head, "WEBP": b"ANIM" in head, "GIF": True, "JPEG": True, "MPO": True}
    return {"WEBP": "WebP", "MPO": "JPEG"}.get(kind, kind), moving.get(kind, False)


def _text_kind(head: bytes) -> str | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start[:1000]:
        return "a web page"
    if start.startswith(LIST_STARTS) or b"<mpd" in start[:500]:
        return "a list of addresses"
    if re.search(rb"[^\t\n\f\r\x1b -\xff]", head):
        return None
    try:
        head[: len(head) - 4].decode()  # the last character may be cut
    except UnicodeDecodeError:
        return None
    return "a text"


def _has_index(file: io.FileIO) -> bool:
    return any(kind in (b"moov", b"moof") for kind in _top_boxes(file))


def _top_boxes(file: io.FileIO) -> Iterator[bytes]:
    """Yield the types of the boxes on the top level of an MP4 file that lie completely in the file."""
    place, size = 0, file.seek(0, os.SEEK_END)
    while file.seek(place) < size and len(header := file.read(16)) >= 8:
        length = int.from_bytes(header[:4])
        if length == 1:
            length = int.from_bytes(header[8:16])
        elif length == 0:
            length = size - place
        if length < 8 or place + length > size:
            return
        yield header[4:8]
        place += length


def only_sound(path: Path) -> InputError:
    """Return the error for a file without a video stream."""
    return InputError(f"{name_of(path)} has sound but no pictures; choose a film with pictures.")


def no_pictures(path: Path) -> InputError:
    """Return the error for a file with neither video nor sound."""
    return InputError(f"{name_of(path)} has no pictures; choose a film with pictures.")


def unknown_codec(path: Path, codec: str) -> InputError:
    """Return the error for a film whose video codec has no decoder here."""
    return InputError(
        f"{name_of(path)} uses the video codec {shortened(codec, 40)}, which cannot be decoded here; {CONVERT}."
    )


def encrypted(path: Path) -> InputError:
    """Return the error for a film with copy protection."""
    return InputError(f"{name_of(path)} is encrypted (copy protection); use a copy that is not encrypted.")


def nothing_decodable(path: Path) -> InputError:
    """Return the error for a film of which not one frame can be decoded."""
    return InputError(f"No frame of {name_of(path)} can be decoded: it is damaged or incomplete. Use an intact copy.")


def too_large(path: Path, size_wh: tuple[int, int]) -> InputError:
    """Return the error for a film with more than `MAX_PIXELS` per frame."""
    width, height = size_wh
    return InputError(
        f"{name_of(path)} has frames of {width:,} x {height:,} pixels, more than {MAX_PIXELS // 1_000_000} megapixels; "
        "use a smaller copy."
    )


def unknown_pixels(pixel_format: str) -> InputError:
    """Return the error for frames whose pixels cannot be converted to RGB."""
    return InputError(f"The film stores its pixels as {shortened(pixel_format)}, which cannot be converted; {CONVERT}.")
