"""Commands that import the data set and write its manifest."""
