"""Pages of other sites can neither connect to the app nor upload files, whatever host name they use for it."""

import http.client
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.chromium import Server, running_server

pytestmark = pytest.mark.case("c6")

UPLOAD = "/_stcore/upload_file/session/file"


@pytest.fixture(scope="module")
def log(folder: Path) -> Path:
    return folder / "server.log"


@pytest.fixture(scope="module")
def server(log: Path) -> Iterator[Server]:
    """The app with the host names of .streamlit/config.toml."""
    with running_server(log, {"FERSCOPE_ALLOWED_HOSTS": ""}) as running:
        yield running


@pytest.fixture(scope="module")
def port(server: Server) -> int:
    port = urlsplit(server.url).port
    assert port is not None
    return port


def websocket_status(port: int, host: str, origin: str | None) -> int:
    """Open a WebSocket as a browser does, and return the status of the answer: 101 if it was accepted."""
    headers = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "streamlit",
        **({"Origin": origin} if origin else {}),
    }
    lines = [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall("\r\n".join(["GET /_stcore/stream HTTP/1.1", *lines, "", ""]).encode())
        return int(connection.recv(1000).split()[1])


def answer(port: int, method: str, path: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str | None]]:
    """Return the status and the headers of the answer to a request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        body = b"x" if method in ("PUT", "POST") else None
        connection.request(method, path, body, headers=dict(headers))
        response = connection.getresponse()
        response.read()
        return response.status, dict(response.getheaders())
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_connections_under_this_machines_names_are_accepted(port: int, name: str) -> None:
    host = f"{name}:{port}"
    assert websocket_status(port, host, f"http://{host}") == 101


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example", "http://evil.example"),
        ("evil.example:{port}", "http://evil.example:{port}"),
        ("evil.example:{port}", None),
        ("localhost.evil.example:{port}", "http://localhost.evil.example:{port}"),
        ("192.0.2.7:{port}", "http://192.0.2.7:{port}"),
        ("evil.example@localhost:{port}", "http://localhost:{port}"),
        ("localhost:{port}", "http://evil.example"),
        ("127.0.0.1:{port}", "https://127.0.0.1.evil.example"),
        ("127.0.0.1:{port}", "null"),
    ],
)
def test_connections_of_other_sites_are_refused(port: int, host: str, origin: str | None) -> None:
    assert websocket_status(port, host.format(port=port), origin.format(port=port) if origin else None) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "http://evil.example:8501", "null"])
@pytest.mark.parametrize("path", ["/_stcore/health", UPLOAD, "/_stcore/host-config", "/"])
def test_other_sites_may_not_read_answers(port: int, path: str, origin: str) -> None:
    for method in ("GET", "OPTIONS"):
        _, headers = answer(port, method, path, {"Origin": origin, "Access-Control-Request-Method": "PUT"})
        allowed = {name.lower(): value for name, value in headers.items()}.get("access-control-allow-origin")
        assert allowed not in ("*", origin)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1"])
@pytest.mark.parametrize(
    "token",
    [{}, {"X-Xsrftoken": "x"}, {"X-Xsrftoken": "x", "Cookie": "_streamlit_xsrf=x"}],
    ids=["none", "bad", "both"],
)
def test_uploads_without_the_pages_token_are_refused(
    port: int, method: str, host: str, token: Mapping[str, str]
) -> None:
    status, _ = answer(port, method, UPLOAD, {"Host": host, "Origin": f"http://{host}", **token})
    assert status == 403


def test_the_log_names_the_refused_host(port: int, log: Path) -> None:
    websocket_status(port, "other.example", "http://other.example")
    assert "host=other.example" in log.read_text()
