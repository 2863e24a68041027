"""Two models on the images of one slice: their figures, and what these say in words. For page, command and report."""
