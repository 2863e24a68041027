"""The colours of the seven emotions."""

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
