"""The colours of the seven emotions."""

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), told apart by colour-blind eyes;
# neutral is its gray. On screen the name always stands beside the colour.
COLORS = {
    "angry": "#D55E00",
    "disgust": "#009E73",
    "fear": "#CC79A7",
    "happy": "#E69F00",
    "neutral": "#8C8C8C",
    "sad": "#0072B2",
    "surprise": "#56B4E9",
}
