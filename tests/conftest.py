"""One thread for the numerical libraries, as in the app, and the fixtures that many tests share."""

import os

# Two processes share the tests; where each also had two threads, all would wait for each other. Before torch is loaded.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

pytest_plugins = ["tests.fixtures.homes"]
