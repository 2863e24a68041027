"""Run the real app, or another script, for browser tests: `python -m tests.browser.serve PORT [SCRIPT]`.

aioice, which finds the server's addresses for the video, ignores the loopback address. This script makes it use the
loopback address if the machine has no other, so that video can connect. The server also answers the questions of
`runs.py`.

Environment variables:

- FERSCOPE_TEST_FAULT: path of a file. While the file contains "detector", "model" or "page", the webcam's detector,
  the models or the pages raise an error.
- FERSCOPE_TEST_COUNTDOWN_S: countdown of guided rounds, in seconds.
- FERSCOPE_TEST_CONSENT_S: seconds between two checks whether the browser still answers. The server closes the
  connection after six failed checks.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import aioice.ice

from core.video import guided_round
from dashboard import serve
from tests.browser.runs import answer_when_no_run_is_left

FLAGS = [
    "--server.address=127.0.0.1",
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
]

find_host_addresses = aioice.ice.get_host_addresses


def addresses_or_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return find_host_addresses(use_ipv4, use_ipv6) or ["127.0.0.1"]


def failing_on_demand(component: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a function so that it raises an error while the file in FERSCOPE_TEST_FAULT contains `component`."""
    fault_file = Path(os.environ["FERSCOPE_TEST_FAULT"])

    @wraps(function)
    def may_fail(*arguments: Any) -> Any:
        if fault_file.exists() and fault_file.read_text() == component:
            raise RuntimeError(f"the {component} broke")
        return function(*arguments)

    return may_fail


def inject_faults() -> None:
    from core.classifiers.shared import SharedClassifier
    from core.video import stream
    from dashboard.components import layout

    make_video_detector = stream.make_video_detector

    @wraps(make_video_detector)
    def make_failing_detector(*arguments: Any) -> Any:
        detector: Any = make_video_detector(*arguments)
        detector.detect = failing_on_demand("detector", detector.detect)
        return detector

    stream.make_video_detector = make_failing_detector
    layout.page_header = failing_on_demand("page", layout.page_header)
    SharedClassifier.predict_proba = failing_on_demand("model", SharedClassifier.predict_proba)  # type: ignore[method-assign]


if __name__ == "__main__":
    aioice.ice.get_host_addresses = addresses_or_loopback
    answer_when_no_run_is_left()
    if os.environ.get("FERSCOPE_TEST_FAULT"):
        inject_faults()
    if consent_s := os.environ.get("FERSCOPE_TEST_CONSENT_S"):
        aioice.ice.CONSENT_INTERVAL = float(consent_s)  # type: ignore[assignment]
    if countdown_s := os.environ.get("FERSCOPE_TEST_COUNTDOWN_S"):
        guided_round.COUNTDOWN_S = float(countdown_s)
    port, *script = sys.argv[1:]
    serve.main([f"--server.port={port}", *FLAGS], script[0] if script else serve.APP)
