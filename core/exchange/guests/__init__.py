"""Guests: predictions and models of others, which stand beside ours in every comparison."""
