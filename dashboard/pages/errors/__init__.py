"""The images that models get wrong."""
