"""The seven emotions of FER2013: names, order, colours.

The position in `EMOTIONS` is the class id everywhere in FERscope. It is the alphabetical order of the folders
of the Kaggle archive. The original `fer2013.csv` numbers its classes differently (4 is sad there, not neutral);
`core.sources` translates at the door with `CSV_EMOTIONS`, so no other module ever sees that order.
"""

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
CSV_EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

PROBABILITY_COLUMNS = tuple(f"p_{emotion}" for emotion in EMOTIONS)

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
