"""Find and download the model file of the YuNet face detector, which FERscope does not ship.

The file lies in models/detectors/, which git ignores. A file is called verified if its SHA-256 is that of the version
of March 2023 in OpenCV's model zoo.
"""

import errno
import hashlib
import re
import socket
import ssl
import stat
from collections.abc import Generator, Sequence
from contextlib import closing
from functools import lru_cache
from http.client import HTTPException, InvalidURL
from pathlib import Path
from urllib import request
from urllib.error import HTTPError, URLError

from core import files, paths
from core.callbacks import Progress
from core.exceptions import InputError

FILE_NAME = "face_detection_yunet_2023mar.onnx"

FILE_PATTERN = "face_detection_yunet*.onnx"
"""Files that match it are taken for a version of YuNet, also those that were put into the folder by hand."""

SIZE = 232_589
"""Size of the file in bytes."""

SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"

LICENSE_ID = "MIT"
"""SPDX identifier of the licence."""

LICENSE = "MIT licence, from OpenCV's model zoo (Wu, Peng and Yu: YuNet, 2023)."

SOURCES = (
    f"https://github.com/opencv/opencv_zoo/raw/main/models/face_detection_yunet/{FILE_NAME}",
    f"https://huggingface.co/opencv/face_detection_yunet/resolve/main/{FILE_NAME}",
)
"""Addresses of the file. They are tried in this order."""

TIMEOUT_S = 15
"""A download is given up if no data arrives for this many seconds."""

PIECE_BYTES = 16_384
"""Progress is reported after each piece of this size."""

LFS_POINTER_START = b"version https://git-lfs.github.com/spec/v1"
"""Beginning of the small text file that some servers send instead of a large file (Git LFS)."""

REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((ssl.SSLCertVerificationError,), "untrusted certificate"),
    ((socket.gaierror,), "no network or unknown host"),
    ((ConnectionRefusedError,), "connection refused"),
    ((InvalidURL, ValueError), "invalid address or proxy"),
    ((ConnectionError, HTTPException), "connection lost"),
)
"""Types of errors -> how the user is told. The first match counts, because some types inherit from others."""


class _SourceError(Exception):
    """Raised if a source does not give the file. The message is the reason, in a few words."""


def installed_file() -> Path | None:
    """Return the file that the detector uses: the verified one, else the last by name, or None without any file."""
    return verified_file() or max(_found_files(), default=None)


def verified_file() -> Path | None:
    """Return the verified file in models/detectors/, or None. Pages may call this often: hashes are kept."""
    return next((path for path in sorted(_found_files(), reverse=True) if is_verified(path)), None)


def is_verified(path: Path) -> bool:
    """Return whether a file has the right size and SHA-256. Return False if it cannot be read."""
    try:
        status = path.stat()
        is_candidate = stat.S_ISREG(status.st_mode) and status.st_size == SIZE
        return is_candidate and _sha256(path, status.st_mtime_ns, status.st_size) == SHA256
    except OSError:
        return False


def download(on_progress: Progress, sources: Sequence[str] | None = None) -> Path:
    """Download the file into models/detectors/ and return its path. If a verified file is there, only return its path.

    The sources (default: `SOURCES`) are tried in turn. `on_progress` gets the bytes so far and of the whole file.
    Raises InputError if no source gives the right file, or if the folder cannot be written. Existing files then stay
    as they are.
    """
    if present := verified_file():
        return present
    return _write(_download_first(SOURCES if sources is None else sources, on_progress))


def install_from(source: str, on_progress: Progress) -> Path:
    """Install the file from a URL or a local file, and return its path. If a verified file is there, keep that one.

    `on_progress` gets the bytes so far and of the whole file. Raises InputError if the source cannot be read or is
    another file, or if the folder cannot be written. Existing files then stay as they are.
    """
    content = _download_first([source], on_progress) if is_url(source) else _read_local(Path(source))
    on_progress(SIZE, SIZE)
    return verified_file() or _write(content)


def is_url(source: str) -> bool:
    """Return whether a source is a URL, of any scheme. All others are paths of local files."""
    return re.match(r"[a-z][a-z0-9+.-]*://", source, re.IGNORECASE) is not None


def _found_files() -> list[Path]:
    return [path for path in paths.MODELS_DIR.glob(f"detectors/{FILE_PATTERN}") if path.is_file()]


@lru_cache(maxsize=16)
def _sha256(path: Path, _mtime_ns: int, _size: int) -> str:
    """Return the SHA-256 of a file. A changed file has another time or size, so it is hashed again."""
    return files.sha256(path)


def _download_first(sources: Sequence[str], on_progress: Progress) -> bytes:
    """Return the file's bytes from the first source that gives them. Raises InputError if none does."""
    reasons = []
    for url in sources:
        try:
            return _download_from(url, on_progress)
        except _SourceError as error:
            reasons.append(f"{_host(url)}: {error}")
    raise InputError(
        f"YuNet was not downloaded ({_cut('; '.join(reasons), 90)}); download {SOURCES[0]} in a browser, then "
        "run `python -m core get yunet --from FILE`."
    )


def _download_from(url: str, on_progress: Progress) -> bytes:
    """Return the file's bytes from one URL. Raises _SourceError if it does not give them."""
    on_progress(0, SIZE)
    content = b""
    with closing(_pieces(url)) as pieces:
        for piece in pieces:
            content += piece
            on_progress(min(len(content), SIZE), SIZE)
    if fault := _fault(content):
        raise _SourceError(fault)
    return content


def _pieces(url: str) -> Generator[bytes, None, None]:
    """Yield what a URL sends, at most one byte more than the file has. Raises _SourceError if that fails."""
    if not re.match("https?://", url, re.IGNORECASE):
        raise _SourceError("only http and https are allowed")
    remaining = SIZE + 1  # the additional byte shows that the answer is too long
    try:
        with _opener().open(url, timeout=TIMEOUT_S) as response:
            while remaining and (piece := response.read(min(PIECE_BYTES, remaining))):
                remaining -= len(piece)
                yield piece
    except HTTPError as error:
        error.close()  # it holds the connection
        raise _SourceError(f"HTTP {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise _SourceError(_reason(error)) from error


def _opener() -> request.OpenerDirector:
    """Return an opener for http and https only. urllib's own would also follow a redirect to ftp.

    It is created for each download, because it reads the proxy variables when it is created.
    """
    opener = request.OpenerDirector()
    connecting = request.ProxyHandler, request.HTTPHandler, request.HTTPSHandler, request.UnknownHandler
    answering = request.HTTPRedirectHandler, request.HTTPErrorProcessor, request.HTTPDefaultErrorHandler
    for handler in (*connecting, *answering):
        opener.add_handler(handler())
    return opener


def _reason(error: Exception) -> str:
    """Return in a few words why a download failed."""
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, TimeoutError):
        return f"no data for {TIMEOUT_S} s"
    if isinstance(cause, OSError) and cause.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return "no network"
    for types, text in REASONS:
        if isinstance(cause, types):
            return text
    return _cut(getattr(cause, "strerror", None) or str(cause), 40)


def _fault(content: bytes) -> str | None:
    """Return in a few words what is wrong with the bytes that should be the file, or None if they are the file."""
    if hashlib.sha256(content).hexdigest() == SHA256:
        return None
    if content.startswith(LFS_POINTER_START):
        return "a Git LFS pointer"
    if content.lstrip().startswith(b"<"):
        return "a web page"
    if len(content) == SIZE:
        return "wrong SHA-256"
    return "too short" if len(content) < SIZE else "too long"


def _host(url: str) -> str:
    """Return the host of a URL, without user and password. The URL may be invalid."""
    return _cut(url.split("://")[-1].split("/")[0].split("@")[-1] or url, 40)


def _read_local(path: Path) -> bytes:
    """Return the file's bytes from a local file. Raises InputError with the fault if that is not the file."""
    name = _cut(str(path), 100)
    try:
        if path.is_dir():
            raise InputError(f"{name} is a folder; name the file {FILE_NAME} in it.")
        if not path.exists():
            raise InputError(f"There is no file {name}; check the path.")
        if not path.is_file():  # a pipe could block forever
            raise InputError(f"{name} is not a regular file; name a file on the disk.")
        with path.open("rb") as file:
            content = file.read(SIZE + 1)
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror}); check its permissions.") from error
    if fault := _fault(content):
        raise InputError(
            f"{name} is not the right file ({fault}); download {SOURCES[0]} in a browser and name that file."
        )
    return content


def _write(content: bytes) -> Path:
    """Write the file into models/detectors/ and return its path. Raises InputError if that is not possible."""
    path = paths.MODELS_DIR / "detectors" / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.replace_file(path, content)
    except OSError as error:
        fault = f"The folder {_cut(str(path.parent), 100)} cannot be written ({error.strerror})"
        raise InputError(f"{fault}; check its permissions and the free disk space.") from error
    return path


def _cut(text: str, length: int) -> str:
    """Return a text of at most about `length` characters. The middle of a longer one is left out."""
    return text if len(text) <= length else f"{text[: length // 2]}…{text[-length // 2 + 1 :]}"
