"""The FER2013 data set: imports, facts about each image, splits and quality issues."""
