"""The machine that this runs on: threads, memory, processes, the terminal's progress bar."""
