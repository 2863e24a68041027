"""Threads, memory, processes, hardware, and the progress bars of the command line."""
