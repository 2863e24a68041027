"""Limit numerical libraries to one thread, as in the app, and load the shared fixtures."""

import os

# `make test` runs two test processes. Several threads in each process would compete for the processor cores.
# Libraries read these variables when they are imported, so the variables are set before any test imports torch.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

pytest_plugins = ["tests.fixtures.homes"]
