"""Tests of one face's own view."""
