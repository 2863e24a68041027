"""What the page says about one face of a photo, when the visitor asks: why each label, and which faces are like it."""
