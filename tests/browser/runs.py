"""Wait until Streamlit has nothing left to do for a page, and make the network slow.

Streamlit says on the page whether its script is running. That is not enough to wait for the result of a click: until
the request has reached the server, and its answer the browser, the page says that nothing is running. So `SCRIPT`
counts in the browser what the page asks for, and asks the server a question over the same connection. The server of the
tests answers it when no run is left (`answer_when_no_run_is_left`).

With FERSCOPE_TEST_DELAY_MS=300, each message between page and server takes 300 ms more in both directions. Tests that
read the page too early then fail every time, and not only on a busy machine.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLsRequest

if TYPE_CHECKING:  # the server imports this module too, and needs no Playwright
    from playwright.sync_api import Page

DELAY = "FERSCOPE_TEST_DELAY_MS"
"""Environment variable: milliseconds that each message takes longer."""

PREFIX = "ferscope-question-"
"""Start of the ids of the questions. A number of six digits follows."""

# The question asks for the addresses of no files. A server without FERscope's tests answers that at once.
QUESTION = BackMsg(file_urls_request=FileURLsRequest(request_id=f"{PREFIX}000000")).SerializeToString()

SETTINGS = {
    "delayMs": float(os.environ.get(DELAY) or 0),
    "question": list(QUESTION),
    "answerPrefix": PREFIX,
}

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").replace("SETTINGS", json.dumps(SETTINGS), 1)
"""Script for each page, before it is opened."""


def wait_for_all_runs(page: "Page") -> None:
    """Wait until every run that the page has asked for has ended, and the page shows its result.

    Runs that are repeated every few seconds do not count. The page must have been opened with `SCRIPT`.
    """
    page.wait_for_function("() => window.ferscopeHasNoRun()")


def answer_when_no_run_is_left() -> None:
    """Let the server, which is this process, answer the questions of `SCRIPT` when no run of the session is left."""
    from streamlit.runtime.app_session import AppSession

    answer = AppSession._handle_file_urls_request

    async def wait_and_answer(session: AppSession, request: FileURLsRequest) -> None:
        while session._scriptrunner is not None:  # a thread that ends when there is nothing more to run
            await asyncio.sleep(0.005)
        answer(session, request)

    def handle(session: AppSession, request: FileURLsRequest) -> None:
        if not request.request_id.startswith(PREFIX):
            answer(session, request)
            return
        task = asyncio.get_running_loop().create_task(wait_and_answer(session, request))
        tasks.add(task)  # asyncio keeps no reference
        task.add_done_callback(tasks.discard)

    tasks: set[asyncio.Task[None]] = set()
    AppSession._handle_file_urls_request = handle  # type: ignore[method-assign]
