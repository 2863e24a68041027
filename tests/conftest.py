"""Limit numerical libraries to one thread, as in the app, forget the terminal, and load the shared fixtures."""

import os

from hypothesis import HealthCheck, settings

# `make test` runs two test processes. Several threads in each process would compete for the processor cores.
# Libraries read these variables when they are imported, so the variables are set before any test imports torch.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# What a command prints must not depend on the terminal that the tests were started from.
for variable in ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(variable, None)

# Property tests try few random inputs, always the same, so that a run of all tests gives the same result every time.
# `python -m pytest -m property --hypothesis-profile search` looks for new failures; repeat it to look for longer.
slow = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)
common = {"deadline": None, "suppress_health_check": slow, "database": None}
settings.register_profile("few", max_examples=30, derandomize=True, **common)
settings.register_profile("search", max_examples=400, **common)
settings.load_profile("few")

pytest_plugins = ["tests.fixtures.homes"]
