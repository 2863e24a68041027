"""Let long work end at a good place when it is asked to stop."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_requests() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether Ctrl+C was pressed, or SIGTERM received, inside the `with` block.

    The work is not interrupted, so that it can ask at a good place. A second signal interrupts it: KeyboardInterrupt.
    Use in the main thread.
    """
    requests: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if requests:
            raise KeyboardInterrupt
        requests.append(number)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    try:
        yield lambda: bool(requests)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
