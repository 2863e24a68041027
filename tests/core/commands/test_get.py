"""`python -m core get yunet` downloads the detector's file from a server on this machine, or copies it."""

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from core import paths
from core.__main__ import main
from core.vision.detectors import yunet_file

CONTENT = b"what the tests take for the right file"


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def source(tmp_path, monkeypatch) -> Path:
    """The right file on this machine. The checks accept it, and models/ is empty."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(paths, "MODELS_DIR", tmp_path / "models")
    monkeypatch.setattr(yunet_file, "SIZE", len(CONTENT))
    monkeypatch.setattr(yunet_file, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    (tmp_path / "site").mkdir()
    path = tmp_path / "site" / "file.onnx"
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def site(source, monkeypatch) -> Iterator[str]:
    """The address of a server that has the file. The first default source answers 404, the second is the file."""
    with HTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(source.parent))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(yunet_file, "SOURCES", (f"{address}/gone.onnx", f"{address}/file.onnx"))
        yield address
        server.shutdown()
        thread.join()


def report(path: Path, downloaded: bool) -> dict[str, object]:
    return {
        "name": "yunet",
        "path": str(path),
        "bytes": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "license": "MIT",
        "downloaded": downloaded,
    }


@pytest.fixture
def installed(source) -> Path:
    """Where the file is after the command."""
    return paths.MODELS_DIR / "detectors" / yunet_file.FILE_NAME


def test_the_file_is_downloaded_once(site, installed, capsys):
    assert main(["get", "yunet"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"{installed} was downloaded: {len(CONTENT)} bytes")
    assert "MIT licence" in out and "yunet is the default detector from now on." in out
    assert "Download YuNet" in err
    assert installed.read_bytes() == CONTENT
    assert main(["get", "yunet"]) == 0
    assert capsys.readouterr().out.startswith(f"{installed} was there already: ")


def test_json_says_whether_the_file_was_downloaded(site, installed, capsys):
    for downloaded in (True, False):
        assert main(["get", "yunet", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == report(installed, downloaded)


def test_from_copies_a_local_file(source, installed, capsys):
    assert main(["get", "yunet", "--from", str(source)]) == 0
    assert capsys.readouterr().out.startswith(f"{installed} was copied: ")
    installed.unlink()
    assert main(["get", "yunet", "--from", str(source), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report(installed, downloaded=False)


def test_from_takes_an_address(site, installed, capsys):
    assert main(["get", "yunet", "--from", f"{site}/file.onnx", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == report(installed, downloaded=True)


def test_without_a_source_an_error_says_what_to_do(site, source, installed, capsys):
    source.unlink()
    assert main(["get", "yunet"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "HTTP 404" in err and "python -m core get yunet --from FILE" in err
    assert not installed.parent.exists()


def test_an_unknown_name_gives_an_error(capsys):
    assert main(["get", "haar"]) == 1
    assert "unknown detector file 'haar'; choose from yunet." in capsys.readouterr().err
