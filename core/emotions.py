"""The seven emotions of FER2013: names, order, colours.

The position in `EMOTIONS` is the class id everywhere in FERscope. It is the alphabetical order of the folders
of the Kaggle archive. The original `fer2013.csv` numbers its classes differently (4 is sad there, not neutral);
`core.data.sources` translates at the door with `CSV_EMOTIONS`, so no other module ever sees that order.
"""

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
CSV_EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

PROBABILITY_COLUMNS = tuple(f"p_{emotion}" for emotion in EMOTIONS)
