"""The Errors page: the images that models get wrong."""
