"""Limit numerical libraries to one thread, as in the app, and load the shared fixtures."""

import os

# The tests run in two processes. With several threads in each of them, the threads would compete for the cores.
# Libraries read these variables when they are imported, so this comes before torch.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

pytest_plugins = ["tests.fixtures.homes"]
