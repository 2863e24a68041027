"""`python -m tests.browser.serve PORT`: the real app, as `make run` starts it, made fit for tests in a real browser.

aioice never offers the loopback address, so that on a machine without any other interface no video could connect;
here it does where there is nothing else.

With a file's path in FERSCOPE_TEST_FAULT, the webcam's detectors or models fail as long as that file says "detector" or
"model". FERSCOPE_TEST_COUNTDOWN_S is the countdown of guided rounds, FERSCOPE_TEST_CONSENT_S the time after which a
silent browser is asked again whether it still wants the video (it is given up after six times).
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import aioice.ice
from streamlit.web import cli

from core.video import guided_round

FLAGS = [
    "--server.address=127.0.0.1",
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
]

find_addresses = aioice.ice.get_host_addresses


def addresses_or_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return find_addresses(use_ipv4, use_ipv6) or ["127.0.0.1"]


def failing(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which fails while the file of FERSCOPE_TEST_FAULT names it."""
    fault = Path(os.environ["FERSCOPE_TEST_FAULT"])

    @wraps(function)
    def may_fail(*arguments: Any) -> Any:
        if fault.exists() and fault.read_text() == what:
            raise RuntimeError(f"the {what} broke")
        return function(*arguments)

    return may_fail


def inject_faults() -> None:
    from core.classifiers.shared import SharedClassifier
    from core.video.following import SweepingFollower

    SweepingFollower.detect = failing("detector", SweepingFollower.detect)  # type: ignore[method-assign]
    SharedClassifier.predict_proba = failing("model", SharedClassifier.predict_proba)  # type: ignore[method-assign]


if __name__ == "__main__":
    aioice.ice.get_host_addresses = addresses_or_loopback
    if os.environ.get("FERSCOPE_TEST_FAULT"):
        inject_faults()
    if consent_s := os.environ.get("FERSCOPE_TEST_CONSENT_S"):
        aioice.ice.CONSENT_INTERVAL = float(consent_s)  # type: ignore[assignment]
    if countdown_s := os.environ.get("FERSCOPE_TEST_COUNTDOWN_S"):
        guided_round.COUNTDOWN_S = float(countdown_s)
    sys.argv = ["streamlit", "run", "streamlit_app.py", f"--server.port={sys.argv[1]}", *FLAGS]
    sys.exit(cli.main())
