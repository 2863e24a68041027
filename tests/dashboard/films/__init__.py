"""Tests of the queue of films, the process that reads a film, its folder and its results."""
