"""Tests of the forms in which people have FER2013 or data sets like it."""
