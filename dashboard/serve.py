"""Start the app: `python -m dashboard.serve [options of streamlit run]`.

This is `streamlit run asgi.py` with the host names of FERSCOPE_ALLOWED_HOSTS. Streamlit compares the host name of each
WebSocket connection with its option `server.allowedHosts`, which this module sets in the environment.
"""

import argparse
import logging
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType

from core import paths
from core.exceptions import InputError, shortened
from dashboard.streaming.ice import is_this_machine

APP = str(paths.ROOT / "asgi.py")

SETTING = "FERSCOPE_ALLOWED_HOSTS"
"""Comma-separated names under which browsers may open the app. This machine's own names are always allowed."""

ADDRESS = "STREAMLIT_SERVER_ADDRESS"
ALLOWED_HOSTS = "STREAMLIT_SERVER_ALLOWED_HOSTS"
"""Variables that Streamlit reads. Names are separated by spaces."""

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
"""The value of `allowedHosts` in .streamlit/config.toml."""

ANY_HOST = (
    "This app accepts connections under any host name. To accept only its own names, set FERSCOPE_ALLOWED_HOSTS, for "
    "example to fer.example.org; see docs/deployment.md."
)

CACHE_LOGGER, NO_RUNTIME = "streamlit.runtime.caching.cache_data_api", "No runtime found"
"""asgi.py imports cached functions before the server exists, and Streamlit would log this text for each of them."""

HOST = re.compile(r"\*|(\*\.)?[a-z0-9]([a-z0-9_.-]*[a-z0-9])?|\[?[0-9a-f:]*:[0-9a-f:.]*\]?", re.IGNORECASE | re.ASCII)
"""A name, an address, `*.example.org` or `*`."""


def allowed_hosts(arguments: Sequence[str], environment: Mapping[str, str]) -> list[str] | None:
    """Return the host names to accept, `["*"]` for any, or None if Streamlit's own settings decide.

    `arguments` are the options of `streamlit run`. Without FERSCOPE_ALLOWED_HOSTS, an app for the network accepts any
    name, because its names are unknown. Raises InputError if the setting contains anything but host names.
    """
    if names := _parse(environment.get(SETTING, "")):
        return [*THIS_MACHINE, *names]
    if environment.get(ALLOWED_HOSTS) or any(argument.startswith("--server.allowedHosts") for argument in arguments):
        return None
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--server.address", dest="address", default=environment.get(ADDRESS))
    address = parser.parse_known_args(arguments)[0].address
    return None if address is None or is_this_machine(address) else ["*"]


def _parse(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if not HOST.fullmatch(name):
            raise InputError(
                f"{SETTING} contains {shortened(name)!r}; write host names without https:// and port, separated by "
                "commas, for example fer.example.org."
            )
    return [name.strip("[]") for name in names]


def main(arguments: Sequence[str], script: str = APP) -> None:
    """Run Streamlit with these options until it ends. Raises SystemExit with its exit code, or 1 for a bad setting.

    Ctrl+C and SIGTERM end it with 0.
    """
    try:
        hosts = allowed_hosts(arguments, os.environ)
    except InputError as error:
        sys.exit(f"Error: {error}")
    if hosts is not None:
        os.environ[ALLOWED_HOSTS] = " ".join(hosts)
        if "*" in hosts:
            print(ANY_HOST, file=sys.stderr, flush=True)

    from streamlit.web import cli

    # The server catches these signals, closes its connections, and then sends them to this process again. Without
    # handlers they would end the process at once, without the functions that delete films at exit.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _exit)
    logging.getLogger(CACHE_LOGGER).addFilter(lambda record: NO_RUNTIME not in record.getMessage())
    cli.main(["run", script, *arguments])


def _exit(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
