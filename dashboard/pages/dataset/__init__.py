"""FER2013 itself."""
