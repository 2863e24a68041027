"""Films of visitors: the queue, the child process that reads a film, its temporary folder and its results."""
