"""Text, grays and margins of the result sheets of films and of the webcam, which Pillow draws."""

import unicodedata

from PIL import ImageFont

DARK, GRAY, WHITE = (28, 33, 38), (120, 128, 136), (255, 255, 255)
MARGIN = 24

ELLIPSIS = "…"


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return Pillow's own font in a size in pixels."""
    return ImageFont.load_default(size)


def plain_text(text: str, width: float, size: int) -> str:
    """Return text on one line that can be drawn in at most `width` pixels with `font(size)`.

    Pillow's font has only ASCII letters. Accents are dropped, and other characters become question marks. Text that is
    too long is shortened in the middle, because the end of a name says what it is.
    """
    line = " ".join(text[:1000].split())  # longer text never fits
    line = "".join(part for part in unicodedata.normalize("NFKD", line) if not unicodedata.combining(part))
    line = "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in line)
    if font(size).getlength(line) <= width:
        return line
    for kept in range(len(line) - 1, 0, -1):
        tail = kept // 3
        shorter = f"{line[: kept - tail]}{ELLIPSIS}{line[len(line) - tail :]}"
        if font(size).getlength(shorter) <= width:
            return shorter
    return ""
