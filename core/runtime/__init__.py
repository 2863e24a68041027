"""Threads, memory, processes, hardware, and the progress bar of the command line."""
