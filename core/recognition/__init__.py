"""Find the faces of an image, predict their expressions and draw the results."""
