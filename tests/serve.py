"""`python -m tests.serve PORT`: the real app, as `make run` starts it, made fit for tests in a real browser.

aioice never offers the loopback address, so that on a machine without any other interface no video could connect;
here it does where there is nothing else.
"""

import sys

import aioice.ice
from streamlit.web import cli

FLAGS = [
    "--server.address=127.0.0.1",
    "--server.headless=true",
    "--server.fileWatcherType=none",
    "--browser.gatherUsageStats=false",
]

find_addresses = aioice.ice.get_host_addresses


def addresses_or_loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return find_addresses(use_ipv4, use_ipv6) or ["127.0.0.1"]


if __name__ == "__main__":
    aioice.ice.get_host_addresses = addresses_or_loopback
    sys.argv = ["streamlit", "run", "streamlit_app.py", f"--server.port={sys.argv[1]}", *FLAGS]
    sys.exit(cli.main())
