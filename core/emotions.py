"""The seven emotions of FER2013: their names and their order.

The position in `EMOTIONS` is the class id everywhere in FERscope. The order is alphabetical, like the folders of the
Kaggle archive. The original `fer2013.csv` numbers its classes in the order of `CSV_EMOTIONS`: there, 4 is sad, not
neutral. `core.data.sources` translates the numbers of the CSV file, so no other module sees them.
"""

EMOTIONS = ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")
CSV_EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

PROBABILITY_COLUMNS = tuple(f"p_{emotion}" for emotion in EMOTIONS)
