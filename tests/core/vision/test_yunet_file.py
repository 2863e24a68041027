"""YuNet's model file is downloaded from a server on this machine. Small contents replace the real file."""

import errno
import hashlib
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core import files, paths
from core.callbacks import no_progress
from core.exceptions import InputError
from core.vision.detectors import yunet_file
from core.vision.detectors.yunet_file import FILE_NAME, download, install_from, installed_file, is_verified

CONTENT = bytes(range(256)) * 100
"""What the tests take for the right file: larger than one piece of a download."""

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:8f2383e4\nsize 232589\n"

REAL_FILE = paths.ROOT.parent / "shared" / "yunet" / FILE_NAME
"""Optional copy of the real file, in a folder next to the project."""

MAX_ERROR_LENGTH = 300

Answer = Callable[[BaseHTTPRequestHandler], None]


def body(content: bytes, length: int | None = None, status: int = 200) -> Answer:
    """Return an answer with the given content. `length` replaces the true length in its header."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        handler.end_headers()
        handler.wfile.write(content)

    return send


def redirect(target: str) -> Answer:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return send


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Send data until the client hangs up."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(CONTENT)
    except ConnectionError:
        pass


def broken_chunk(handler: BaseHTTPRequestHandler) -> None:
    """Announce a chunk of 256 bytes and send less."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"100\r\nhalf a chunk")


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without an answer."""


class Server(ThreadingHTTPServer):
    """Give the answers of `answers`, by path; other paths get 404. `requested` lists the requested paths."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requested: list[str] = []
        self.closing = threading.Event()

    def url(self, path: str, answer: Answer) -> str:
        """Register an answer and return its URL."""
        self.answers[path] = answer
        return f"http://127.0.0.1:{self.server_port}{path}"

    def wait_silently(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer nothing until the test ends."""
        self.closing.wait()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        self.close_connection = True
        self.server.answers.get(self.path, body(b"gone", status=404))(self)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """A home without models/, where the checks accept `CONTENT`, and no proxy. Returns models/detectors/."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "home" / "models")
    monkeypatch.setattr(yunet_file, "SIZE", len(CONTENT))
    monkeypatch.setattr(yunet_file, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    return tmp_path / "home" / "models" / "detectors"


def file_in(folder: Path, content: bytes, name: str = FILE_NAME) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def error_of(action: Callable[..., Path], *arguments: object) -> str:
    """Return the message of the InputError that the action raises: one short sentence."""
    with pytest.raises(InputError) as caught:
        action(*arguments)
    message = str(caught.value)
    assert len(message) <= MAX_ERROR_LENGTH
    assert message.endswith(".") and "\n" not in message
    return message


def test_a_download_creates_the_folder_and_reports_its_progress(server, folder):
    steps: list[tuple[int, int]] = []
    path = download(lambda done, total: steps.append((done, total)), [server.url("/a", body(CONTENT))])
    assert path == folder / FILE_NAME == installed_file()
    assert path.read_bytes() == CONTENT
    assert [file.name for file in folder.iterdir()] == [FILE_NAME]  # no temporary files
    assert steps[0] == (0, len(CONTENT)) and steps[-1] == (len(CONTENT), len(CONTENT))
    assert steps == sorted(steps) and len(steps) > 2


def test_a_verified_file_is_not_downloaded_again(server, folder):
    present = file_in(folder, CONTENT, "face_detection_yunet_copy.onnx")
    assert download(no_progress, [server.url("/a", body(CONTENT))]) == present
    assert server.requested == []


def test_the_sources_are_tried_in_turn(server, folder):
    pointer, right = server.url("/pointer", body(LFS_POINTER)), server.url("/right", body(CONTENT))
    assert download(no_progress, [pointer, right, server.url("/unused", body(CONTENT))]).read_bytes() == CONTENT
    assert server.requested == ["/pointer", "/right"]


def test_the_default_sources_are_addresses_of_the_file(server, folder, monkeypatch):
    assert all(source.startswith("https://") and source.endswith(FILE_NAME) for source in yunet_file.SOURCES)
    monkeypatch.setattr(yunet_file, "SOURCES", (server.url("/default", body(CONTENT)),))
    assert is_verified(download(no_progress))


BAD_ANSWERS = {
    "not there": (body(b"gone", status=404), "HTTP 404"),
    "pointer": (body(LFS_POINTER), "a Git LFS pointer"),
    "web page": (body(b"\n<!DOCTYPE html>" + CONTENT), "a web page"),
    "too long": (body(CONTENT + b"x"), "too long"),
    "endless": (endless, "too long"),
    "truncated": (body(CONTENT[:-1], length=len(CONTENT)), "too short"),
    "empty": (body(b""), "too short"),
    "broken chunk": (broken_chunk, "connection lost"),
    "other file": (body(CONTENT[::-1]), "wrong SHA-256"),
    "server closes": (hang_up, "connection lost"),
    "redirect to a file": (redirect("file:///etc/passwd"), "HTTP 302"),
    "redirect to ftp": (redirect("ftp://127.0.0.1:1/file"), "unknown url type"),
    "redirect to itself": (redirect("/a"), "HTTP 302"),
}
"""Kind of bad answer -> the answer, and how the error calls it."""


@pytest.mark.parametrize("kind", BAD_ANSWERS)
def test_a_bad_answer_of_all_sources_gives_an_error_and_leaves_an_existing_file_as_it_is(server, folder, kind):
    answer, reason = BAD_ANSWERS[kind]
    existing = file_in(folder, b"an older version")
    message = error_of(download, no_progress, [server.url("/a", answer), server.url("/b", answer)])
    assert message.count(f"127.0.0.1:{server.server_port}: {reason}") == 2
    assert f"download {yunet_file.SOURCES[0]} in a browser" in message
    assert "python -m core get yunet --from FILE" in message
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {FILE_NAME: b"an older version"}
    assert installed_file() == existing
    assert is_verified(download(no_progress, [server.url("/right", body(CONTENT))]))  # the right file replaces it


def test_redirects_are_followed(server, folder):
    right = server.url("/right", body(CONTENT))
    assert is_verified(download(no_progress, [server.url("/moved", redirect(right))]))
    assert server.requested == ["/moved", "/right"]


def test_a_silent_server_is_given_up(server, folder, monkeypatch):
    monkeypatch.setattr(yunet_file, "TIMEOUT_S", 0.05)
    assert "no data for 0.05 s" in error_of(download, no_progress, [server.url("/a", server.wait_silently)])


def test_a_closed_port_gives_an_error(folder):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but not listening
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert "connection refused" in error_of(download, no_progress, [url])
    assert not folder.exists()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no network or unknown host"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "no network"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "untrusted certificate"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"), "WRONG_VERSION"),
        (OSError("Tunnel connection failed: 403 Forbidden"), "Tunnel connection failed: 403 Forbidden"),
    ],
)
def test_the_error_says_why_no_connection_was_possible(folder, monkeypatch, error, reason):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    assert reason in error_of(download, no_progress, ["https://host.invalid/file.onnx"])


def test_the_error_is_short_even_if_both_default_sources_have_the_longest_reason(folder, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise OSError("x" * 1000)

    monkeypatch.setattr(socket, "create_connection", fail)
    error_of(download, no_progress)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "only http and https are allowed"),
        ("ftp://127.0.0.1/file", "only http and https are allowed"),
        ("http://", "no host given"),
        ("http://127.0.0.1:port/", "invalid address or proxy"),
        ("http://[::1/", "invalid address or proxy"),
        ("http://127.0.0.1/with space", "invalid address or proxy"),
        ("http://127.0.0.1/\u00fc", "invalid address or proxy"),
    ],
)
def test_invalid_addresses_give_an_error(folder, url, reason):
    assert reason in error_of(install_from, url, no_progress)
    assert reason in error_of(download, no_progress, [url])


def test_passwords_in_addresses_do_not_appear_in_errors(folder):
    message = error_of(install_from, "http://me:secret@host:1/x", no_progress)
    assert "secret" not in message and "host:1: " in message


def test_proxy_variables_are_obeyed(server, folder, monkeypatch):
    url = "http://host.invalid/file.onnx"
    monkeypatch.setenv("http_proxy", server.url("", body(b"")))
    server.answers[url] = body(CONTENT)
    assert is_verified(download(no_progress, [url]))
    assert server.requested == [url]


def test_no_proxy_is_obeyed(server, folder, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert is_verified(download(no_progress, [server.url("/a", body(CONTENT))]))


def test_errors_of_the_progress_callback_are_not_taken_for_faults_of_the_source(server, folder):
    def fail(done: int, total: int) -> None:
        if done:
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        download(fail, [server.url("/a", body(CONTENT))])
    assert not folder.exists()


def test_a_folder_that_cannot_be_created_gives_an_error(server, folder):
    file_in(folder.parent.parent, b"", name="models")  # a file in place of the folder models/
    message = error_of(download, no_progress, [server.url("/a", body(CONTENT))])
    assert "detectors cannot be written (Not a directory); check its permissions" in message


def test_a_read_only_folder_gives_an_error(server, folder, monkeypatch):
    existing = file_in(folder, b"an older version")
    if os.geteuid() == 0:  # root may write into read-only folders

        def refuse(path: Path, _: bytes) -> None:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

        monkeypatch.setattr(files, "replace_file", refuse)
    folder.chmod(0o500)
    try:
        message = error_of(download, no_progress, [server.url("/a", body(CONTENT))])
    finally:
        folder.chmod(0o700)
    assert "cannot be written (Permission denied)" in message
    assert existing.read_bytes() == b"an older version"


def test_a_local_file_is_installed(tmp_path, folder):
    steps: list[tuple[int, int]] = []
    source = file_in(tmp_path, CONTENT, "downloaded.bin")
    path = install_from(str(source), lambda done, total: steps.append((done, total)))
    assert path == folder / FILE_NAME and is_verified(path)
    assert steps == [(len(CONTENT), len(CONTENT))]
    assert source.exists()
    assert install_from(str(path), no_progress) == path  # the installed file itself
    assert [file.name for file in folder.iterdir()] == [FILE_NAME]


def test_a_url_can_be_installed(server, folder):
    assert is_verified(install_from(server.url("/a", body(CONTENT)), no_progress))


def test_bad_local_files_give_an_error(tmp_path, folder):
    os.mkfifo(tmp_path / "pipe")
    messages = {
        tmp_path: "is a folder; name the file",
        tmp_path / "gone.onnx": "There is no file",
        tmp_path / ("x" * 5000): "…",
        tmp_path / "nul\0byte": "There is no file",
        tmp_path / "pipe": "is not a regular file",
        file_in(tmp_path, LFS_POINTER, "pointer"): "is not the right file (a Git LFS pointer)",
        file_in(tmp_path, b"<html>", "page"): "is not the right file (a web page)",
        file_in(tmp_path, CONTENT[::-1], "other"): "is not the right file (wrong SHA-256)",
        file_in(tmp_path, CONTENT * 2, "long"): "is not the right file (too long)",
    }
    for path, message in messages.items():
        assert message in error_of(install_from, str(path), no_progress)
    assert not folder.exists()


def test_of_several_files_the_verified_one_is_used_else_the_last_by_name(folder):
    assert installed_file() is None
    file_in(folder, CONTENT[::-1], "other.onnx")
    (folder / "face_detection_yunet_folder.onnx").mkdir()
    assert installed_file() is None
    first = file_in(folder, b"1", "face_detection_yunet_2022mar.onnx")
    last = file_in(folder, b"3", "face_detection_yunet_2024mar.onnx")
    assert (installed_file(), yunet_file.verified_file()) == (last, None)
    first.write_bytes(CONTENT)
    assert installed_file() == yunet_file.verified_file() == first


def test_a_file_is_hashed_again_only_after_it_changed(folder, monkeypatch):
    hashed: list[Path] = []
    real_sha256 = files.sha256
    monkeypatch.setattr(files, "sha256", lambda path: hashed.append(path) or real_sha256(path))
    path = file_in(folder, CONTENT)
    assert is_verified(path) and is_verified(path)
    assert hashed == [path]
    path.write_bytes(CONTENT[::-1])
    os.utime(path, ns=(0, 1))
    assert not is_verified(path)
    assert hashed == [path, path]
    path.write_bytes(b"too small to be hashed")
    assert not is_verified(path)
    assert hashed == [path, path]


@pytest.mark.skipif(not REAL_FILE.is_file(), reason="YuNet's file is not in ../shared/yunet")
def test_the_real_file_is_accepted(folder, monkeypatch):
    monkeypatch.undo()  # the real size and hash
    monkeypatch.setattr(paths, "MODELS_DIR", folder.parent)
    path = install_from(str(REAL_FILE), no_progress)
    assert path == folder / FILE_NAME and is_verified(path)
