"""The Dataset page: FER2013's images, classes and splits."""
