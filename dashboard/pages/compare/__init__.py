"""The Compare page: two models compared on the same images."""
