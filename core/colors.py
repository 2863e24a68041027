"""The colours of the seven emotions, and colours as numbers."""

Color = tuple[int, int, int]
"""Red, green and blue, 0..255."""

# Six colours that colour-blind readers can tell apart, by Okabe and Ito (https://jfly.uni-koeln.de/color/), and a gray
# for neutral. Pages always show the emotion's name beside its colour.
COLORS = {
    "angry": "#D55E00",
    "disgust": "#009E73",
    "fear": "#CC79A7",
    "happy": "#E69F00",
    "neutral": "#8C8C8C",
    "sad": "#0072B2",
    "surprise": "#56B4E9",
}


def rgb(hex_color: str) -> Color:
    """Return a colour such as `#D55E00` as numbers."""
    red, green, blue = bytes.fromhex(hex_color.removeprefix("#"))
    return red, green, blue


def paler(color: Color, share: float) -> Color:
    """Return the colour mixed with white; `share` is the share of white, 0..1."""
    red, green, blue = (round(level + (255 - level) * share) for level in color)
    return red, green, blue
