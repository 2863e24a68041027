"""The real server, a real Chromium and a fake camera, for the tests beside it and for live_bench.py."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
from playwright.sync_api import Browser, Locator, Page, Playwright

from core.benchmarks.video_speed import film
from core.vision.images import Image, to_bgr

ROOT = Path(__file__).resolve().parents[2]

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_CHROMIUM = (
    "No Chromium was found: install it (Debian: apt-get install chromium), or set BROWSER_PATH to Chromium or Chrome."
)

FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--allow-loopback-in-peer-connection",
    # A tab behind another one is somebody's front tab here.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)

PATIENCE_MS = 90_000
"""For whatever the page has to do. Only a failing test waits for so long: test machines may be slow and busy."""


def find_chromium() -> str | None:
    """The path of Chromium or Chrome: BROWSER_PATH, else the first on PATH."""
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def write_camera(path: Path, frames: Iterable[Image] = ()) -> Path:
    """The frames as JPEGs, a film for Chromium's fake camera; without any, a portrait, panned and zoomed in a loop."""
    path.write_bytes(b"".join(map(_jpeg, frames or film(180))))
    return path


def _jpeg(image: Image) -> bytes:
    return cv2.imencode(".jpg", to_bgr(image), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()


@dataclass(frozen=True)
class Server:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]

    def resident_mb(self) -> float:
        """Resident memory of the app's process, in units of 1,000,000 bytes; Linux only."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
        return int(kilobytes) * 1024 / 1e6

    def cpu_seconds(self) -> float:
        """Processor time of the app's process so far; Linux only."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def threads(self) -> int:
        """How many the app's process has; Linux only."""
        return len(list(Path(f"/proc/{self.process.pid}/task").iterdir()))

    def sockets(self) -> int:
        """How many the app's process holds open; Linux only."""
        count = 0
        for entry in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                count += entry.readlink().name.startswith("socket:")
        return count

    def written_bytes(self) -> int:
        """What the app's process has written to disks so far; Linux only."""
        counts = Path(f"/proc/{self.process.pid}/io").read_text()
        return int(next(line.split()[1] for line in counts.splitlines() if line.startswith("write_bytes")))


NO_TURN = "No coturn was found: install it (Debian: apt-get install coturn) to test video through a relay."


@contextmanager
def turn_server(secret: str, log: Path) -> Iterator[str]:
    """coturn on the loopback interface, its clients known by a shared secret; yields its address."""
    port = free_port()
    options = [
        *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}", "--allow-loopback-peers"),
        *("--use-auth-secret", f"--static-auth-secret={secret}", "--realm=ferscope", "--fingerprint", "--no-cli"),
        *("--no-tls", "--no-dtls", "--log-file=stdout", f"--pidfile={log.with_suffix('.pid')}"),
        *("--min-port=49160", "--max-port=49400", f"--userdb={log.with_suffix('.db')}"),
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(["turnserver", "-n", *options], stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_listening(port, log)
            yield f"turn:127.0.0.1:{port}?transport=udp"
        finally:
            process.kill()
            process.wait(timeout=10)


def _wait_until_listening(port: int, log: Path, patience_s: float = PATIENCE_MS / 1000) -> None:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError(f"coturn did not start within {patience_s:.0f} s:\n{log.read_text()}")


@contextmanager
def running_server(
    log: Path, environment: Mapping[str, str] | None = None, port: int | None = None
) -> Iterator[Server]:
    """The real app on a free port, or this one; killed at the end, whatever happened."""
    port = port or free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.serve", str(port)],
            cwd=ROOT,
            env={**os.environ, "MALLOC_ARENA_MAX": "2", **(environment or {})},  # as `make run` and the Dockerfile do
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(process, port, log)
            yield Server(f"http://127.0.0.1:{port}", process)
        finally:
            process.kill()
            process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(
    process: subprocess.Popen[bytes], port: int, log: Path, patience_s: float = PATIENCE_MS / 1000
) -> None:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The app did not start within {patience_s:.0f} s:\n{log.read_text()}")


@contextmanager
def chromium(
    playwright: Playwright, camera: Path | None = None, allowed: bool = True, present: bool = True
) -> Iterator[Browser]:
    """A headless Chromium whose camera shows the film, or a test pattern, or is refused to every page, or missing."""
    film = [f"--use-file-for-fake-video-capture={camera}"] if camera else []
    device = ["--use-fake-device-for-media-stream"] if present else []
    answer = "--use-fake-ui-for-media-stream" + ("" if allowed else "=deny")
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, *device, *film, answer])
    try:
        yield browser
    finally:
        browser.close()


def open_page(browser: Browser, url: str, script: str = "", patience_ms: float = PATIENCE_MS, **context: Any) -> Page:
    """A page of the app in a window of its own, once it has been drawn to its end; `script` runs in it first."""
    window = browser.new_context(**context)
    if script:
        window.add_init_script(script)
    page = window.new_page()
    page.set_default_timeout(patience_ms)
    page.goto(url)
    wait_until_drawn(page)
    return page


def wait_until_drawn(page: Page) -> None:
    """Until the page's title stands there and its script run is over."""
    page.locator("h1").first.wait_for()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


class LivePage:
    """The Live page as its visitor uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.camera = page.frame_locator("iframe[src*='streamlit_webrtc']")

    def consent(self) -> None:
        """Tick the box that brings the START button; nothing where it is ticked."""
        self.page.get_by_role("checkbox", name="I agree").check(force=True)
        self.camera.get_by_role("button", name="START").wait_for()

    def start(self) -> None:
        self.consent()
        self.camera.get_by_role("button", name="START").click()

    def stop(self) -> None:
        self.camera.get_by_role("button", name="STOP").click()
        self.camera.get_by_role("button", name="START").wait_for()
        self.state("info").get_by_text("The camera is off").wait_for()

    def state(self, kind: str) -> Locator:
        """The readings' panel in one of its states: info, warning, error, reading."""
        return self.page.locator(f".st-key-live-{kind}")

    def wait_for_label(self, patience_ms: float = PATIENCE_MS) -> None:
        """Until the page names a predicted expression for a face that was found."""
        self.state("reading").get_by_text("Predicted expression").wait_for(timeout=patience_ms)

    def text(self) -> str:
        """All that the page says now."""
        return self.page.locator("[data-testid=stMain]").inner_text() + self.camera.locator("body").inner_text()

    def shown_frames(self) -> tuple[int, int]:
        """Frames of the returned video that the browser has shown, and their width; a dead video is 2 pixels wide."""
        script = "video => [video.getVideoPlaybackQuality().totalVideoFrames, video.videoWidth]"
        frames, width = self.camera.locator("video").evaluate(script)
        return frames, width

    def wait_for_frames(self, count: int, seconds: float = PATIENCE_MS / 1000) -> None:
        """Until the server says that it has read so many; a slow machine may take its time."""
        deadline = time.monotonic() + seconds
        while self.processed_frames() < count:
            assert time.monotonic() < deadline, f"{self.processed_frames()} frames after {seconds} s, not {count}"
            self.page.wait_for_timeout(200)

    def processed_frames(self) -> int:
        """Frames that the server says it has read since START."""
        text = self.page.locator(".st-key-live-figures").inner_text()
        return int(next(part for part in text.split(" · ") if part.endswith(" frames")).split()[0].replace(",", ""))
